// Random weather, random board, random fault, one seed each: neither side may believe what is not so. SEED=n replays one.
import { describe, expect, it } from 'vitest';
import { profileIds } from '#protocols/espota/index.ts';
import { type Millis, md5Hex, millis, minutes, type Random, Secret, seconds, seeded } from '#values/index.ts';
import type { BoardOptions, Faults, Sketch, Weather } from '#virtual/index.ts';
import { announcing, imageFor, type Scene, scene, type Upload, upload } from './scene.fixture.ts';

const runs = 400;
const atATime = 50;
/** Three tries, each with its handshakes, its standstill and its wait for a verdict, and the board's way back. */
const longest: Millis = minutes(10);
const images = new Map(profileIds.map((core) => [core, imageFor(core, { bytes: 60_000 })]));

describe('whatever the weather and the board, nobody believes what is not so', () => {
  const only = process.env['SEED'];
  const firsts = only ? [Number(only)] : Array.from({ length: runs / atATime }, (_, i) => i * atATime + 1);
  it.each(firsts)(
    'from seed %i on',
    async (first) => {
      for (let seed = first; seed < first + (only ? 1 : atATime); seed++) await oneUpload(seed, only !== undefined);
    },
    180_000,
  );
});

async function oneUpload(seed: number, aloud: boolean): Promise<void> {
  const random = seeded(seed);
  const core = pick(random, profileIds);
  const file = images.get(core)!;
  const fault = pick(random, faults)(random, file.length);
  const weather = randomWeather(random);
  const { password, ...sketch } = fault.sketch ?? {};
  const board: Wish['board'] = {
    runningBytes: 50_000,
    sectorTime: millis(5),
    ...fault,
    sketch: { ...sketch, ...(password ? { password } : {}) },
  };
  const wish = { core, seed, weather, board };
  const story = `SEED=${seed} ${JSON.stringify({ core, weather, fault })}`;
  const house = await scene(wish);
  const events: string[] = [];
  const done = await upload(house, {
    file,
    password,
    attempts: 1 + Math.floor(random() * 3),
    wait: random() < 0.5,
    within: longest,
    ...(random() < 0.5 ? { announcements: announcing(house, { build: random() < 0.5 }) } : {}),
    watch: (event) => events.push(JSON.stringify(event)),
  }).catch((error: Error) => {
    throw new Error(`${story}\n${events.slice(-8).join('\n')}\n${error.message}`);
  });
  const told = `${story}\n${events.filter((event) => !event.includes('"acknowledged"')).join('\n')}`;
  if (aloud) console.log(told);
  judge(done, house, md5Hex(file), told);
  // What was stored starts, wherever nothing goes wrong in the boot loader.
  if (done.ending.kind !== 'stored' || fault.bootFails) return;
  await house.clock.runFor(minutes(2));
  expect(house.board.digest, told).toBe(md5Hex(file));
}

function judge({ ending, code, plan }: Upload, { board }: Scene, digest: string, told: string): void {
  const stored = board.updates.some(({ bytes, md5 }) => bytes === plan.bytes.length && md5 === plan.md5);
  switch (ending.kind) {
    case 'stored':
      expect(stored, told).toBe(true);
      break;
    case 'back':
    case 'confirmed':
      expect([stored, board.digest], told).toEqual([true, digest]);
      break;
    default:
      if (stored) expect(['not-back', 'no-verdict', 'dev-boot-copy-failed'], told).toContain(code);
  }
}

// ---------------------------------------------------------------- what happens

type Wish = NonNullable<Parameters<typeof scene>[0]>;

interface Fault extends Omit<BoardOptions, 'address' | 'core' | 'sketch' | 'faults'> {
  readonly faults?: Faults;
  readonly sketch?: Partial<Sketch>;
  /** The boot loader may not start what was stored. */
  readonly bootFails?: boolean;
}

const upTo = (random: Random, most: number): number => Math.floor(random() * most);
const pick = <T>(random: Random, from: readonly T[]): T => from[upTo(random, from.length)]!;
const password = new Secret('sesame');

const faults: readonly ((random: Random, size: number) => Fault)[] = [
  () => ({}),
  () => ({}),
  () => ({ sketch: { password } }),
  () => ({ sketch: { password }, faults: { waitsForAuthentication: true } }),
  (random, size) => ({ faults: { resetAfter: upTo(random, size) } }),
  (random, size) => ({ faults: { silentAfter: upTo(random, size + 1) } }),
  (random, size) => ({ faults: { powerLossAfter: upTo(random, 2 * size) }, bootFails: true }),
  () => ({ faults: { liesAboutCounts: true } }),
  (random) => ({ faults: { garbage: upTo(random, 200_000) } }),
  () => ({ faults: { neverCalls: true } }),
  (random) => ({ faults: { replyDelay: millis(upTo(random, 4000)), extraReplies: upTo(random, 4) } }),
  () => ({ faults: { heapExhausted: true } }),
  () => ({ serialFlashed: true, bootFails: true }),
  // Where updates are staged: in the sketch's own place no boot loader notices.
  (random) => ({ faults: { wornSectors: [16 + upTo(random, 1000)] }, bootFails: true }),
  (random) => ({ sketch: { blocks: [{ at: millis(0), lasts: millis(upTo(random, 20_000)) }] } }),
  (random) => ({ sketch: { onStart: millis(upTo(random, 9000)), restartsOnError: random() < 0.5 } }),
  (random) => ({ sketch: { wifiSleep: millis(upTo(random, 400)), loopPeriod: millis(upTo(random, 1500)) } }),
  (random) => ({ bootTime: seconds(upTo(random, 80)) }),
];

function randomWeather(random: Random): Weather {
  const share = (most: number): number => (random() < 0.5 ? 0 : random() * most);
  return {
    latency: millis(random() * 60),
    jitter: millis(share(80)),
    loss: share(0.25),
    duplicate: share(0.2),
    reorder: share(0.2),
  };
}
