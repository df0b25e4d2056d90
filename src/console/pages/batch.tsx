/** Updates that were ordered together, as they go. */
import { useQuery } from '@tanstack/react-query';
import type { Update } from '#hub/contract/index.ts';
import { askUpdates } from '../data.ts';
import { Failure } from '../parts/failure.tsx';
import { ProblemNote } from '../parts/problem.tsx';
import { Card, Head, Waiting } from '../parts/small.tsx';
import { UpdateRow } from '../parts/update-row.tsx';
import { hrefOf } from '../place.ts';
import { plural, stateOf } from '../words.ts';

/** Of how many failures the whole reason stands here; the others have a page each. */
const mostExplained = 5;

export default function Batch({ id }: { readonly id: string }) {
  const { data: updates, error } = useQuery(askUpdates({ batch: id }));
  if (error) return <ProblemNote error={error} />;
  if (!updates) return <Waiting what="Asking for the updates" />;
  const over = updates.filter(({ state }) => stateOf(state).over);
  const failed = updates.filter(({ state }) => stateOf(state).tone === 'bad');
  const sorted = [...updates].sort((a, b) => rank(a) - rank(b) || order.compare(a.deviceName, b.deviceName));
  const title = updates[0]?.firmwareName ?? 'Updates';
  return (
    <>
      <a className="back" href={hrefOf({ page: 'devices' })}>
        ← Devices
      </a>
      <Head title={title} sub={<span role="status">{summary(updates.length, over.length, failed.length)}</span>} />
      <Card>
        <ul className="plain-list">
          {sorted.map((update) => (
            <UpdateRow key={update.id} update={update} title={update.deviceName} />
          ))}
        </ul>
      </Card>
      {sorted
        .filter(isTold)
        .slice(0, mostExplained)
        .map((update) => (
          <Card
            key={update.id}
            title={
              failed.includes(update) ? `Why ${update.deviceName} failed` : `What is known of ${update.deviceName}`
            }
          >
            <Failure update={update} />
          </Card>
        ))}
    </>
  );
}

/** It did not end well, or nobody knows. */
const isTold = ({ state }: Update): boolean => ['bad', 'warn'].includes(stateOf(state).tone);

/** What goes on stands before what is over, trouble before success. */
const rank = ({ state }: Update): number => {
  const { over, tone } = stateOf(state);
  return over ? (tone === 'bad' ? 2 : 3) : tone === 'busy' ? 0 : 1;
};
const order = new Intl.Collator('en', { numeric: true });

function summary(all: number, over: number, failed: number): string {
  const trouble = failed > 0 ? `, ${failed} failed` : '';
  if (over < all) return `${over} of ${plural(all, 'board')} done${trouble}`;
  return failed === 0 ? `All done: ${plural(all, 'board')}` : `Done${trouble}, ${all - failed} well`;
}
