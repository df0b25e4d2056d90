// One scenario of a seed: which faults, which house, which noise. The same seed gives the same scenario.

import { prior } from '#doctor/grades.ts';
import { causeOf } from '#doctor/index.ts';
import { ascii, crc32, type Random, seeded } from '#values/index.ts';
import { type Case, draw, healthy } from './case.ts';
import { type Fault, faults } from './faults.ts';
import { blur } from './noise.ts';
import { type Outcome, play } from './world.ts';

export interface Played extends Outcome {
  readonly seed: number;
  /** The causes that are at work and can be seen: none, one or two. */
  readonly truth: readonly string[];
  /** What may be called certain: the truth, and other true names for it. */
  readonly mayBeCertain: readonly string[];
  readonly road: Case['road'];
  /** Of two, one left no trace beside the other. */
  readonly hidden: boolean;
  /** Of two, what is to be seen because of each and would not be with the other one alone. */
  readonly traces?: readonly (readonly string[])[];
}

const poorLink = 'net-weak-signal';
const shareOfNone = 0.06;
const shareOfTwo = 0.14;

export const weightOf = ({ id }: Fault): number => {
  const cause = causeOf(id);
  if (!cause) throw new Error(`no cause ${id}`);
  return prior[cause.met];
};

export async function playSeed(seed: number, only?: string): Promise<Played> {
  const [first, second] = only ? [faults.find(({ id }) => id === only)!] : drawFaults(seed);
  const chosen = [first, second].filter((fault) => fault !== undefined);
  const both = await playWith(seed, chosen);
  const mayBeCertain = chosen.flatMap(({ id, alsoTrue = [] }) => [id, ...alsoTrue]);
  // What did no harm is nothing wrong.
  if (both.arrived) return { ...both, seed, truth: [], mayBeCertain, hidden: false };
  // Without a fault, only the weather can have ended it.
  if (chosen.length === 0) return { ...both, seed, truth: [poorLink], mayBeCertain: [poorLink], hidden: false };
  if (chosen.length < 2) return { ...both, seed, truth: chosen.map(({ id }) => id), mayBeCertain, hidden: false };
  // A fault that changes nothing that can be seen beside the other one asks too much.
  const alone: ReadonlySet<string>[] = [];
  for (const fault of chosen) alone.push(new Set(features((await playWith(seed, [fault], chosen)).facts)));
  const traces = chosen.map((_, at) =>
    features(both.facts).filter((each) => alone[at]!.has(each) && !alone[1 - at]!.has(each)),
  );
  const visible = chosen.filter((_, at) => traces[at]!.length > 0);
  const truth = (visible.length > 0 ? visible : chosen.slice(0, 1)).map(({ id }) => id);
  return { ...both, seed, truth, mayBeCertain, hidden: truth.length < 2, traces };
}

/** None, one or two that this house can have. */
function drawFaults(seed: number): readonly Fault[] {
  const random = seeded(seed ^ 0x5eed);
  const kind = random();
  if (kind < shareOfNone) return [];
  const house = healthy(seed);
  const able = faults.filter(({ suits }) => suits?.(house) ?? true);
  const first = draw(random, able, weightOf);
  if (kind > shareOfNone + shareOfTwo || first.alone) return [first];
  const beside = able.filter((fault) => !fault.alone && fault.id !== first.id && layer(fault.id) !== layer(first.id));
  return [first, draw(random, beside, weightOf)];
}

const layer = (id: string): string => id.slice(0, id.indexOf('-'));

/** The same house, noise and person; only what is wrong differs. */
async function playWith(
  seed: number,
  chosen: readonly Fault[],
  all = chosen,
): Promise<Outcome & { road: Case['road'] }> {
  const needed = all.map(({ suits }) => suits);
  const c = healthyFor(seed, (house) => needed.every((suits) => suits?.(house) ?? true));
  for (const fault of chosen) {
    c.random = streamOf(seed, fault.id);
    fault.bend(c);
  }
  c.random = streamOf(seed, 'noise');
  blur(c);
  c.random = streamOf(seed, 'person');
  return { ...(await play(c, chosen)), road: c.road };
}

/** Dice of their own for each fault, so that they fall the same way with and without another one. */
const streamOf = (seed: number, name: string): Random => seeded(seed ^ crc32(ascii(name)));

/** With `--only` the house has to be one in which that fault can be. */
function healthyFor(seed: number, suits: (c: Case) => boolean): Case {
  for (let i = 0; i < 1000; i++) {
    const house = healthy(seed + i * 1_000_003);
    if (suits(house)) return house;
  }
  throw new Error(`seed ${seed}: no house suits`);
}

/** Everything that can be seen, as words; numbers as whether they matter. Answers of the person are left out: they depend on
 *  which question was asked. */
export function signature({ facts }: Pick<Outcome, 'facts'>): string {
  return features(facts).join(' ');
}

const lengthsOf = new Set(['image.size', 'running.size', 'fit.spare', 'build.sketch-uses', 'running.free-space']);

export function features(facts: Outcome['facts']): string[] {
  return facts
    .filter(({ fact, source }) => source !== 'person' && !lengthsOf.has(fact) && fact !== 'build.ide-usage')
    .map(({ fact, value }) => `${fact}=${typeof value === 'number' ? coarse(fact, value) : value}`)
    .sort();
}

/** Times by their order of magnitude, shares by tenths, sizes and ports as they are. */
function coarse(fact: string, value: number): number {
  if (fact === 'transfer.stopped-at') return Math.round(value / 20);
  if (/latency|time|wait/.test(fact)) return Math.round(Math.log2(value + 1) / 2);
  return value;
}
