// One simulated house with a board in it, before anything goes wrong. Faults and noise bend it; world.ts plays it.

import { type Esp32Chip, layoutOf } from '#firmware/index.ts';
import { makeEsp32Image, makeEsp8266Image, makeRp2040Image } from '#firmware/make.ts';
import type { FactName } from '#values/facts.ts';
import { type Random, Secret, seeded } from '#values/index.ts';
import type {
  Board,
  BoardOptions,
  Faults,
  NodeOptions,
  SegmentRules,
  Sketch,
  VirtualNetwork,
  VirtualNode,
} from '#virtual/index.ts';
import { ordinaryTraits, type Traits } from './sketch-text.ts';

export type Family = 'esp8266' | 'esp32' | 'rp2040';
export type Os = 'linux' | 'windows' | 'macos';

/** What stands when the board has been on for a while. */
export interface House {
  readonly network: VirtualNetwork;
  readonly host: VirtualNode;
  readonly node: VirtualNode;
  readonly board: Board;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

export interface Case {
  readonly seed: number;
  random: Random;
  readonly family: Family;
  readonly core: string;
  chip: Esp32Chip;
  layout: string;
  /** Real size of the flash chip where it is not the layout's. */
  flashBytes: number | undefined;
  runningBytes: number;
  newBytes: number;
  /** What is sent instead of a good image of `newBytes`. */
  file: ((c: Case) => Uint8Array) | undefined;
  command: 'sketch' | 'filesystem';
  password: { board: string | undefined; given: string | undefined };
  /** UDP port of ArduinoOTA in the sketch; undefined: the library's own. */
  port: number | undefined;
  /** Where the invitation goes instead. */
  invitedPort: number | undefined;
  invitedAddress: string | undefined;
  hostPort: number | undefined;
  hostAddress: string | undefined;

  readonly os: Os;
  /** What this computer's tools tell of its filter. */
  filter: 'off' | 'allows' | 'drops' | 'not told';
  /** Trace of an enclosure that can be seen. */
  enclosed: 'docker' | 'wsl' | 'vm' | undefined;
  host: Mutable<Partial<NodeOptions>>;
  place: Mutable<Partial<NodeOptions>>;
  rules: SegmentRules;
  sketch: Mutable<Partial<Sketch>>;
  faults: Mutable<Faults>;
  serialFlashed: boolean;
  /** Done once the board has been on for a while. */
  readonly arrange: ((house: House) => void)[];

  /** The running sketch as its text shows it. */
  readonly traits: Traits;
  /** The output of a tool that fails before anything is sent. */
  log: string | undefined;
  /** What the person would truthfully answer, beyond what the world itself decides. */
  readonly answers: Partial<Record<FactName, string | boolean>>;

  /** live: whyota sent it and asks around; paste: another tool sent it, and its output is what there is. */
  road: 'live' | 'paste';
  given: {
    sketch: boolean;
    serial: boolean;
    ask: boolean;
    /** What whyota remembers of the board. */
    memory: 'all' | 'family' | 'nothing';
    /** The build's own lines are part of the paste. */
    build: boolean;
  };
  /** Probes that cannot run here. */
  readonly without: Set<string>;
  pings: boolean;
  neighbours: boolean;
}

export const lanHost = '192.168.1.2';
export const lanBoard = '192.168.1.50';
export const MB = 1024 * 1024;

export const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
export const chance = (random: Random, share: number): boolean => random() < share;
export const between = (random: Random, from: number, to: number): number => Math.round(from + random() * (to - from));

/** By weight. */
export function draw<T>(random: Random, list: readonly T[], weight: (each: T) => number): T {
  let left = random() * list.reduce((sum, each) => sum + weight(each), 0);
  for (const each of list) {
    left -= weight(each);
    if (left < 0) return each;
  }
  return list.at(-1)!;
}

const cores: Readonly<Record<Family, readonly (readonly [string, number])[]>> = {
  esp8266: [
    ['2.3.0', 5],
    ['2.4.2', 2],
    ['2.5.2', 2],
    ['2.7.4', 4],
    ['3.0.2', 3],
    ['3.1.2', 5],
  ],
  esp32: [
    ['1.0.4', 2],
    ['1.0.6', 3],
    ['2.0.5', 4],
    ['3.2.0', 4],
    ['3.3.1', 2],
  ],
  rp2040: [
    ['2.4.1', 1],
    ['6.0.0', 1],
  ],
};
const layouts8266 = ['1M64', '1M512', '4M1M', '4M2M', '4M3M'] as const;

/** A house in which everything works. The same seed gives the same house. */
export function healthy(seed: number, wanted?: Family): Case {
  const random = seeded(seed * 2654435761);
  const family =
    wanted ??
    draw(random, ['esp8266', 'esp32', 'rp2040'] as const, (each) => ({ esp8266: 55, esp32: 38, rp2040: 7 })[each]);
  const [core] = draw(random, cores[family], ([, weight]) => weight);
  const secret = chance(random, 0.3) ? pick(random, ['stone', 'moon-42', 'Ledge7']) : undefined;
  const os = draw(
    random,
    ['linux', 'windows', 'macos'] as const,
    (each) => ({ linux: 45, windows: 40, macos: 15 })[each],
  );
  const size = between(random, 70_000, 110_000);
  const traits = { ...ordinaryTraits, family, password: secret ? ('plain' as const) : ('none' as const) };
  return {
    seed,
    random,
    family,
    core,
    chip: 'esp32',
    layout: family === 'esp8266' ? pick(random, layouts8266) : 'default',
    flashBytes: undefined,
    runningBytes: size,
    newBytes: size + between(random, -4000, 12_000),
    file: undefined,
    command: 'sketch',
    password: { board: secret, given: secret },
    port: undefined,
    invitedPort: undefined,
    invitedAddress: undefined,
    hostPort: undefined,
    hostAddress: undefined,
    os,
    filter: draw(
      random,
      ['off', 'allows', 'not told'] as const,
      (each) => ({ off: 3, allows: 3, 'not told': 4 })[each],
    ),
    enclosed: undefined,
    host: {},
    place: {},
    rules: {},
    sketch: {},
    faults: {},
    serialFlashed: false,
    arrange: [],
    traits,
    log: undefined,
    answers: {},
    road: chance(random, 0.7) ? 'live' : 'paste',
    given: {
      sketch: chance(random, 0.5),
      serial: chance(random, 0.25),
      ask: chance(random, 0.35),
      memory: draw(random, ['all', 'family', 'nothing'] as const, (each) => ({ all: 5, family: 3, nothing: 2 })[each]),
      build: chance(random, 0.75),
    },
    without: new Set(),
    pings: true,
    neighbours: true,
  };
}

/** The file that is to be sent. */
export const fileOf = (c: Case): Uint8Array => c.file?.(c) ?? imageOf(c, c.newBytes, 'new', declaredFlash(c));

/** The Flash Size that was chosen for the build. */
const declaredFlash = ({ family, layout, core }: Case): number =>
  (family === 'esp8266' ? layoutOf(layout, core)?.flashBytes : undefined) ?? 4 * MB;

export function imageOf(
  c: Pick<Case, 'family' | 'core' | 'chip' | 'seed'>,
  bytes: number,
  build: string,
  flashBytes = 4 * MB,
): Uint8Array {
  const wish = { bytes, build, seed: c.seed };
  if (c.family === 'esp8266') return makeEsp8266Image({ ...wish, core: c.core, flashBytes });
  if (c.family === 'esp32') return makeEsp32Image({ ...wish, chip: c.chip, flashBytes: 4 * MB });
  return makeRp2040Image({ ...wish, fileSystem: { from: MB - 4096, to: 2 * MB - 4096 } });
}

/** What createBoard takes. */
export const boardOf = (c: Case): Omit<BoardOptions, 'address'> => ({
  core: `${c.family}@${c.core}`,
  ...(c.family === 'rp2040' ? {} : { layout: c.layout }),
  ...(c.family === 'esp32' ? { chip: c.chip } : {}),
  ...(c.flashBytes === undefined ? {} : { flashBytes: c.flashBytes }),
  runningBytes: c.runningBytes,
  build: 'old',
  seed: c.seed,
  serialFlashed: c.serialFlashed,
  faults: c.faults,
  sketch: {
    hostname: 'kitchen',
    ...(c.port === undefined ? {} : { port: c.port }),
    ...(c.password.board === undefined ? {} : { password: new Secret(c.password.board) }),
    ...c.sketch,
  },
});

export const defaultPort = (family: Family): number => ({ esp8266: 8266, esp32: 3232, rp2040: 2040 })[family];
