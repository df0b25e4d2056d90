// A host, a board and what lies between them, in virtual time: the real uploader against the virtual board.
import { expect } from 'vitest';
import { makeEsp32Image, makeEsp8266Image, makeRp2040Image } from '#firmware/make.ts';
import type { TcpConnection, World } from '#machine/index.ts';
import { settle } from '#node/index.ts';
import type { Recorded } from '#transcript/index.ts';
import { ascii, type Millis, millis, minutes, seconds, seeded, text } from '#values/index.ts';
import {
  type BoardOptions,
  createBoard,
  type NodeOptions,
  type VirtualNode,
  virtualClock,
  virtualNetwork,
  type Weather,
} from '#virtual/index.ts';
import { type Announcements, type Flashed, type FlashJob, flash } from './index.ts';

export const hostAddress = '192.168.1.2';
export const boardAddress = '192.168.1.50';
export const strangerAddress = '192.168.1.99';

/** How long each trouble may last, from the first invitation to the ending; docs/reference/commands.md promises the same. */
export const limits = {
  nobodyAnswers: seconds(12),
  portClosed: seconds(4),
  wrongPassword: seconds(5),
  noAnswerToPassword: seconds(32),
  noCall: seconds(21),
  /** 30 s from where it stood still. */
  standstill: seconds(35),
  /** As long again, from the last byte. */
  noVerdict: seconds(65),
  return: seconds(61),
};

export interface Wish {
  /** Default `esp8266@3.1.2`. */
  readonly core?: string;
  readonly board?: Omit<BoardOptions, 'address' | 'core'>;
  readonly weather?: Weather;
  readonly seed?: number;
  /** The host's place on the network. */
  readonly host?: Partial<NodeOptions>;
  /** The board's place on the network. */
  readonly place?: Partial<NodeOptions>;
}

/** A network with one host and one board that has just started and runs the build `old`. */
export async function scene({ core = 'esp8266@3.1.2', board: options, weather, seed = 1, ...places }: Wish = {}) {
  const clock = virtualClock({ settle });
  const random = seeded(seed);
  const network = virtualNetwork({ clock, random, weather: weather ?? { latency: millis(2) } });
  const host = network.host({ name: 'host', interfaces: [{ address: hostAddress }], ...places.host });
  const place = network.board({ name: 'board', interfaces: [{ address: boardAddress }], ...places.place });
  const { sketch, ...more } = options ?? {};
  const made = createBoard(
    { core, build: 'old', runningBytes: 80_000, ...more, address: boardAddress, sketch: { mdns: false, ...sketch } },
    place,
  );
  if (!made.ok) throw new Error(made.problem.what);
  const board = made.value;
  const trouble = await clock.run(board.start());
  if (trouble) throw new Error(trouble.detail);
  return { clock, network, host, place, board, core, to: { address: boardAddress, port: board.port } };
}

export type Scene = Awaited<ReturnType<typeof scene>>;

/** A sketch for a board of this core, as its tools build it. */
export function imageFor(core: string, { build = 'new', bytes = 90_000, seed = 7 } = {}): Uint8Array {
  const [family, version = ''] = core.split('@');
  if (family === 'esp32') return makeEsp32Image({ bytes, build, seed });
  if (family === 'rp2040')
    return makeRp2040Image({ bytes, build, seed, fileSystem: { from: 0xff000, to: 0x1ff000 } });
  return makeEsp8266Image({ core: version, bytes, build, seed, flashBytes: 4 * 1024 * 1024 });
}

export interface Upload extends Flashed {
  /** From the first check to the ending. */
  readonly took: Millis;
  /** Code of the problem it ended with. */
  readonly code: string | undefined;
  readonly said: (kind: Recorded['kind']) => readonly Recorded[];
}

export interface UploadWish extends Partial<Omit<FlashJob, 'board'>> {
  readonly knowledge?: FlashJob['board']['knowledge'];
  readonly to?: FlashJob['board']['endpoint'];
  /** Virtual time in which it must end; default ten minutes. */
  readonly within?: Millis;
  readonly signal?: AbortSignal;
  readonly watch?: (event: Recorded) => void;
  readonly world?: World;
}

/** Uploads, and holds the uploader to its time limit and to leaving no socket behind. By default it does not wait for the
 *  board, and one try is all. */
export async function upload(scene: Scene, wish: UploadWish = {}): Promise<Upload> {
  const { clock, host, core } = scene;
  const { knowledge, to = scene.to, within = minutes(10), signal, watch, world = host, ...more } = wish;
  const family = core.split('@')[0] as 'esp8266' | 'esp32' | 'rp2040';
  const began = clock.now();
  const before = host.sockets();
  const flashed = await clock.run(
    flash(
      {
        file: imageFor(core),
        command: 'sketch',
        board: { name: 'kitchen', endpoint: to, via: 'address', knowledge: { family, ...knowledge } },
        wait: false,
        ...more,
      },
      world,
      (event) => watch?.(event),
      signal ?? new AbortController().signal,
    ),
    within,
  );
  const took = millis(clock.now() - began);
  await leftNothingOpen(scene, before);
  const { ending, attempt } = flashed;
  return {
    ...flashed,
    took,
    code: 'problem' in ending ? ending.problem.code : undefined,
    said: (kind) => attempt.events.filter((event) => event.kind === kind),
  };
}

/** All is closed at once, but for a connection that ended well: it waits a moment for the board to hang up too. */
async function leftNothingOpen({ clock, host }: Scene, before: ReturnType<Scene['host']['sockets']>): Promise<void> {
  const { udp, listeners, connections } = before;
  expect(host.sockets()).toMatchObject({ udp, listeners });
  for (const wait of [1, 4]) if (host.sockets().connections > connections) await clock.runFor(seconds(wait));
  expect(host.sockets()).toEqual(before);
}

/** The board may be asked again at once, and takes an update then: nothing of an earlier one holds it. */
export async function takesTheNextUpload(scene: Scene, wish: UploadWish = {}): Promise<void> {
  const next = await upload(scene, { file: imageFor(scene.core, { build: 'next', seed: 8 }), ...wish });
  expect(next.ending.kind).toBe('stored');
  await scene.clock.runFor(minutes(1));
  expect(scene.board.program?.build).toBe('next');
}

/** What is heard of a board over mDNS, with or without a build in its TXT record: it answers when it is asked, and announces
 *  itself whenever its sketch starts. */
export const announcing =
  ({ clock, board }: Scene, { build }: { readonly build: boolean }): Announcements =>
  (on, signal) => {
    const watch = async (): Promise<void> => {
      let before: string | undefined;
      while (!signal.aborted) {
        if (board.state === 'running' && before !== 'running') on.seen(build ? board.program?.build : undefined);
        before = board.state;
        await clock.sleep(millis(50), 'announcements', signal);
      }
    };
    void watch();
  };

/** Puts a puppet in the board's place: it answers every invitation with OK, calls, and does what it is told. */
export async function puppet(
  { board, place, to }: Scene,
  act: { readonly onCall?: (call: TcpConnection) => void; readonly onData?: (call: TcpConnection) => void },
): Promise<void> {
  board.powerOff();
  place.power(true);
  const socket = await place.udp.open(
    { bind: to },
    {
      datagram(bytes, from) {
        const [, port] = text(bytes).split(' ');
        if (port === undefined || 'kind' in socket) return;
        socket.send(ascii('OK'), from);
        const call = place.tcp.connect(
          { address: from.address, port: Number(port) },
          {},
          {
            connected: () => act.onCall?.(call),
            readable: () => act.onData?.(call),
            ended: () => call.destroy(),
            closed() {},
          },
        );
      },
      trouble() {},
    },
  );
}

/** The host's view of the network, with its sockets counted. */
export function counted(host: VirtualNode): { readonly world: World; readonly opened: () => number } {
  let opened = 0;
  return {
    opened: () => opened,
    world: {
      ...host,
      udp: {
        open: (...words) => {
          opened++;
          return host.udp.open(...words);
        },
      },
      tcp: {
        ...host.tcp,
        listen: (...words) => {
          opened++;
          return host.tcp.listen(...words);
        },
      },
    },
  };
}
