/** The next question: the probe that is expected to separate what is left for the least cost. */
import { type Fact, type FactName, fact, vocabulary } from '#values/facts.ts';
import { causes as allCauses } from './causes/index.ts';
import { derive } from './derive.ts';
import { type Probe, probes } from './questions.ts';
import { Seen } from './seen.ts';
import { probabilities, reasonsOf, type Weighed, weigh } from './weigh.ts';

export interface Choice {
  readonly probe: Probe;
  /** Bits that its answer is expected to be worth. */
  readonly information: number;
}

/** A probe has to be worth this many bits. */
const leastInformation = 0.02;

/** The probe to run next among those that can run, or none when nothing would teach anything. `done` names those that ran. */
export function choose(
  given: readonly Fact[],
  can: (probe: Probe) => boolean,
  done: ReadonlySet<string> = new Set(),
  causes = allCauses,
): Choice | undefined {
  const seen = derive(given);
  const field = causes.map((cause) => weigh(cause, seen));
  const chances = probabilities(field);
  const open = field.map((weighed, at) => ({ weighed, chance: chances[at]! })).filter(({ chance }) => chance > 0.005);
  const worth = probes
    .filter((probe) => !done.has(probe.name) && can(probe) && probe.yields.some((name) => !known(seen, name)))
    .map((probe) => ({
      probe,
      information: Math.max(...probe.yields.map((name) => (known(seen, name) ? 0 : information(name, open, seen)))),
    }))
    .filter(({ information: bits }) => bits >= leastInformation);
  return worth.sort((a, b) => b.information / b.probe.cost - a.information / a.probe.cost)[0];
}

const known = (seen: Seen, name: FactName): boolean => seen.has(name) && !seen.fact(name)!.inferred;

type Open = readonly { readonly weighed: Weighed; readonly chance: number }[];

/** Mutual information of a fact's value and the cause, in bits; the grades give how likely each value is under each cause. */
function information(name: FactName, open: Open, seen: Seen): number {
  const values = valuesOf(name);
  const total = open.reduce((sum, { chance }) => sum + chance, 0);
  const without = seen.facts.filter((each) => each.fact !== name);
  const worlds = values.map((value) => new Seen([...without, fact(name, value as never, 'probe') as Fact]));
  const likelihoods = open.map(({ weighed }) => {
    const raw = worlds.map((supposed) => Math.exp(Math.max(-6, weightOf(weighed, name, supposed))));
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((each) => each / sum);
  });
  let bits = 0;
  values.forEach((_, v) => {
    const of = open.reduce((sum, { chance }, c) => sum + (chance / total) * likelihoods[c]![v]!, 0);
    open.forEach(({ chance }, c) => {
      const p = likelihoods[c]![v]!;
      if (p > 0 && of > 0) bits += (chance / total) * p * Math.log2(p / of);
    });
  });
  return bits;
}

const weightOf = ({ cause }: Weighed, name: FactName, supposed: Seen): number =>
  reasonsOf(cause, supposed, name).reduce((sum, { weight }) => sum + weight, 0);

/** Numbers stand for themselves by a few that matter. */
const samples: Partial<Record<FactName, readonly number[]>> = {
  'connectback.largest-called': [0, 4096],
  'auth.nonce-length': [32, 64],
  'serial.boot-mode': [1, 3],
  'invite.latency': [20, 3000],
  'board.ota-port': [8266, 3232],
};

function valuesOf(name: FactName): readonly (string | number | boolean)[] {
  const shape = vocabulary[name];
  return shape.is === 'word' ? shape.words : shape.is === 'flag' ? [true, false] : (samples[name] ?? []);
}
