/** Does the sketch answer on its web port? A closed port is an answer too: the board is alive. */

import type { FactValue } from '#values/facts.ts';
import { seconds } from '#values/index.ts';
import { hostQuestions } from '../questions.ts';
import { found, type HostProbe, type ProbeContext } from './probe.ts';

const webPort = 80;
const patience = seconds(3);

export const web: HostProbe = {
  name: 'tcp-web',
  ...hostQuestions['tcp-web'],
  run: async (context) => [found('net.http', await call(context))],
};

async function call({ world, target, signal }: ProbeContext): Promise<FactValue<'net.http'>> {
  const answered = new AbortController();
  const stop = (): void => answered.abort();
  signal.addEventListener('abort', stop, { once: true });
  let outcome: FactValue<'net.http'> = 'silent';
  const end = (how: FactValue<'net.http'>): void => {
    outcome = how;
    answered.abort();
  };
  const connection = world.tcp.connect(
    { address: target.address, port: webPort },
    {},
    {
      connected: () => end('answers'),
      readable() {},
      ended() {},
      closed: (trouble) => end(trouble?.kind === 'refused' || trouble?.kind === 'reset' ? 'closed' : 'silent'),
    },
  );
  await world.clock.sleep(patience, 'the web port', answered.signal);
  signal.removeEventListener('abort', stop);
  connection.destroy();
  return outcome;
}
