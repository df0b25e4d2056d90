/** A board that nobody has made known: one click makes it a device. */
import { Button } from '@mantine/core';
import type { Knock } from '#hub/contract/index.ts';
import { askKnocks, keepDevice, useCall } from '../data.ts';
import { goTo } from '../use-place.ts';
import { plural, wayNames } from '../words.ts';
import { tell } from './problem.tsx';
import { Ago } from './small.tsx';

export function KnockCard({ knock }: { readonly knock: Knock }) {
  const { id, way, address, tokenHint, what, times, lastAt } = knock;
  const adopt = useCall('POST /api/knocks/:id/adopt', (queries, device) => {
    keepDevice(queries, device);
    queries.setQueryData(askKnocks.queryKey, (list) => list?.filter((one) => one.id !== id));
    goTo({ page: 'device', id: device.id });
  });
  const turnAway = useCall('DELETE /api/knocks/:id', (queries) => {
    queries.setQueryData(askKnocks.queryKey, (list) => list?.filter((one) => one.id !== id));
  });
  const name = what || `Board at ${address}`;
  return (
    <div className="knock">
      <p>
        <b>A board at {address} knocks.</b> {wayNames[way]}
        {tokenHint && (
          <>
            {' '}
            with the token <code>{tokenHint}…</code>
          </>
        )}
        {what && <>, {what}</>}.{' '}
        <small>
          {plural(times, 'time')}, <Ago at={lastAt} />
        </small>
      </p>
      <div className="actions">
        <Button
          variant="default"
          loading={turnAway.isPending}
          onClick={() => turnAway.mutate({ params: { id } }, { onError: tell })}
        >
          Turn away
        </Button>
        <Button
          loading={adopt.isPending}
          onClick={() => adopt.mutate({ params: { id }, body: { name: name.slice(0, 64) } }, { onError: tell })}
        >
          Adopt
        </Button>
      </div>
    </div>
  );
}
