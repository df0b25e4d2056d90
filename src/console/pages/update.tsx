/** One update: how it went, step by step, and why not. */
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { askUpdate, useCall } from '../data.ts';
import { Failure } from '../parts/failure.tsx';
import { ProblemNote, tell } from '../parts/problem.tsx';
import { Card, Facts, Head, Mark, Waiting } from '../parts/small.tsx';
import { Transcript } from '../parts/transcript.tsx';
import { Bar, detailOf } from '../parts/update-row.tsx';
import { hrefOf } from '../place.ts';
import { exactly, stateOf } from '../words.ts';

const ways = { push: 'sent by the hub', pull: 'fetched by the board', blynk: 'told over Blynk, fetched by the board' };

export default function UpdatePage({ id }: { readonly id: string }) {
  const { data: update, error } = useQuery(askUpdate(id));
  const cancel = useCall('POST /api/updates/:id/cancel', (queries) => queries.invalidateQueries(askUpdate(id)));
  if (error) return <ProblemNote error={error} />;
  if (!update) return <Waiting what="Asking for the update" />;
  const { words, tone, over } = stateOf(update.state);
  const params = { id };
  return (
    <>
      <a className="back" href={hrefOf({ page: 'device', id: update.device })}>
        ← {update.deviceName}
      </a>
      <Head
        title={`${update.firmwareName} to ${update.deviceName}`}
        sub={
          <>
            <Mark tone={tone}>{words}</Mark> <span>{detailOf(update)}</span>
          </>
        }
      >
        {!over && update.state !== 'stored' && update.state !== 'restarting' && (
          <Button
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ params }, { onError: tell })}
          >
            Cancel
          </Button>
        )}
      </Head>
      {!over && <Bar update={update} />}
      {(update.problem || update.diagnosis !== undefined) && (
        <Card title={tone === 'bad' ? 'Why it failed' : 'What is known'}>
          <Failure update={update} />
        </Card>
      )}
      <div className="two">
        <div>
          <Transcript events={update.transcript} />
        </div>
        <div>
          <Card title="Steps">
            <ol className="timeline">
              {update.steps.map(({ at, state, note }) => (
                <li key={`${at} ${state}`}>
                  <Mark tone={stateOf(state).tone}>{stateOf(state).words}</Mark>
                  <time dateTime={new Date(at).toISOString()} title={exactly(at)}>
                    {new Date(at).toLocaleTimeString()}
                  </time>
                  {note && <small>{note}</small>}
                </li>
              ))}
            </ol>
            <Facts
              facts={[
                ['How', ways[update.way]],
                ['Ordered by', update.by],
                ['Firmware', update.firmwareName],
              ]}
            />
          </Card>
        </div>
      </div>
    </>
  );
}
