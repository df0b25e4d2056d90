/** One update: where it stands, live. */
import { Progress } from '@mantine/core';
import type { Update } from '#hub/contract/index.ts';
import { formatBytes } from '#values/units.ts';
import { hrefOf } from '../place.ts';
import { sentence, stateOf } from '../words.ts';
import { Ago, Mark } from './small.tsx';

export function UpdateRow({ update, title }: { readonly update: Update; readonly title: string }) {
  const { id, state, changedAt } = update;
  const { words, tone, over } = stateOf(state);
  return (
    <li className="update">
      <a href={hrefOf({ page: 'update', id })}>
        <b>{title}</b>
        <Mark tone={tone}>{words}</Mark>
        <small>{over ? <Ago at={changedAt} /> : detailOf(update)}</small>
        {over && detailOf(update) && <span className="detail">{detailOf(update)}</span>}
      </a>
      {!over && <Bar update={update} />}
    </li>
  );
}

/** Progress is what the board has acknowledged. */
export function Bar({ update: { state, acknowledged = 0, total = 0, deviceName } }: { readonly update: Update }) {
  const done = state === 'stored' || state === 'restarting' ? 100 : total > 0 ? (100 * acknowledged) / total : 0;
  const waits = state !== 'sending';
  return (
    <Progress.Root size="md">
      <Progress.Section
        value={waits && done === 0 ? 0 : done}
        striped={waits}
        animated={waits}
        aria-label={`Update of ${deviceName}`}
      />
    </Progress.Root>
  );
}

/** What is to be said besides the state. */
export function detailOf({ state, acknowledged, total, build, problem }: Update): string | undefined {
  if (state === 'sending' && acknowledged !== undefined && total !== undefined)
    return `${formatBytes(acknowledged)} of ${formatBytes(total)}`;
  // Some boards give the digest of what they run instead of a name.
  if (state === 'confirmed' && build)
    return /^MD5 /.test(build) ? 'Back, runs this very file.' : `Back, runs build ${build}.`;
  return problem && sentence(problem.what);
}
