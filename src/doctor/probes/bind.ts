/** Can the port for the board's call be opened? */

import type { TroubleKind } from '#machine/index.ts';
import type { FactValue } from '#values/facts.ts';
import { hostQuestions } from '../questions.ts';
import { found, type HostProbe } from './probe.ts';

const outcomes: Partial<Record<TroubleKind, FactValue<'listener.bind'>>> = {
  'in-use': 'in-use',
  'not-our-address': 'address-not-own',
  denied: 'permission-denied',
};

/** How the system's words for a port that can't be opened are told. */
export const bindOutcome = (kind: TroubleKind): FactValue<'listener.bind'> => outcomes[kind] ?? 'other-error';

export const bind: HostProbe = {
  name: 'bind-test',
  ...hostQuestions['bind-test'],
  async run({ world, hostAddress, hostPort }) {
    const listener = await world.tcp.listen(
      { ...(hostAddress ? { address: hostAddress } : {}), ...(hostPort ? { port: hostPort } : {}) },
      { connection: (connection) => connection.destroy(), trouble() {} },
    );
    if ('kind' in listener) return [found('listener.bind', bindOutcome(listener.kind))];
    listener.close();
    return [found('listener.bind', 'ok')];
  },
};
