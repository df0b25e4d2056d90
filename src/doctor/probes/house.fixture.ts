// A house in virtual time with one host and one board, and what a probe needs to ask about it.
import { makeEsp8266Image } from '#firmware/make.ts';
import type { Commands, Environment } from '#machine/index.ts';
import { settle } from '#node/index.ts';
import type { Fact, FactName } from '#values/facts.ts';
import { millis, seeded } from '#values/index.ts';
import { type BoardOptions, createBoard, type NodeOptions, virtualClock, virtualNetwork } from '#virtual/index.ts';
import type { HostProbe, ProbeContext, Unable } from './probe.ts';

export const hostAddress = '192.168.1.2';
export const boardAddress = '192.168.1.50';

export interface Wish {
  readonly board?: Partial<Omit<BoardOptions, 'address'>>;
  readonly host?: Partial<NodeOptions>;
  readonly place?: Partial<NodeOptions>;
  readonly seed?: number;
}

export async function house({ board: options, host, place, seed = 1 }: Wish = {}) {
  const clock = virtualClock({ settle });
  const network = virtualNetwork({ clock, random: seeded(seed), weather: { latency: millis(2) } });
  const machine = network.host({ name: 'host', interfaces: [{ address: hostAddress }], ...host });
  const node = network.board({
    name: 'board',
    interfaces: [{ address: boardAddress, mac: '5c:cf:7f:00:00:01' }],
    ...place,
  });
  const { address } = place?.interfaces?.[0] ?? { address: boardAddress };
  const made = createBoard(
    { runningBytes: 80_000, ...options, address, sketch: { hostname: 'kitchen', ...options?.sketch } },
    node,
  );
  if (!made.ok) throw new Error(made.problem.what);
  const board = made.value;
  await clock.run(board.start());
  await clock.runFor(millis(8000));
  return { clock, network, host: machine, node, board, target: { name: 'kitchen', address, port: board.port } };
}

export type House = Awaited<ReturnType<typeof house>>;

/** Programs by their command line; all others are not there. */
export const commandsSaying = (answers: Readonly<Record<string, string>>): Commands => ({
  async run(program, words) {
    const out = answers[[program, ...words].join(' ')] ?? answers[program];
    return out === undefined ? undefined : { exit: 0, out, err: '' };
  },
});

export const system = (os: Environment['os'], variables: Readonly<Record<string, string>> = {}): Environment => ({
  os,
  variable: (name) => variables[name],
  configFolder: '/config',
  dataFolder: '/data',
});

export const contextOf = ({ host, target }: House, more: Partial<ProbeContext> = {}): ProbeContext => ({
  world: host,
  commands: commandsSaying({}),
  environment: system('linux'),
  target,
  signal: new AbortController().signal,
  ...more,
});

/** Runs one probe, holds it to its stated cost and to leaving no socket open. */
export async function asked(
  place: House,
  probe: HostProbe,
  more: Partial<ProbeContext> = {},
): Promise<readonly Fact[] | Unable> {
  const began = place.clock.now();
  const answer = await place.clock.run(probe.run(contextOf(place, more)));
  const took = (place.clock.now() - began) / 1000;
  if (took > probe.cost) throw new Error(`${probe.name} took ${took} s, and states ${probe.cost} s`);
  const { udp, listeners } = place.host.sockets();
  if (udp + listeners > 0) throw new Error(`${probe.name} left a socket open`);
  return answer;
}

export const valuesOf = (answer: readonly Fact[] | Unable): Partial<Record<FactName, unknown>> => {
  if ('unable' in answer) throw new Error(answer.unable);
  return Object.fromEntries(answer.map(({ fact, value }) => [fact, value]));
};

export const sketchOf = (bytes: number, core = '3.1.2'): Uint8Array =>
  makeEsp8266Image({ core, bytes, build: 'new', seed: 7, flashBytes: 4 * 1024 * 1024 });
