// What a perfect Bayesian would reach on the same world, estimated from below: a reader that has learned from other scenarios of
// the same generator, priors and all, names the cause of each scenario from everything that can be seen, absence included, and
// from what the doctor says of it. It is a multinomial logistic regression, and held out: it learns from three quarters and
// reads the fourth, so that a signature that occurs once inflates nothing. Where it does better than the doctor, the doctor has
// left something on the table; what it cannot tell either, nobody can from these facts.
import { seeded } from '#values/index.ts';
import { features, type Played } from './scenario.ts';

export interface Ceiling {
  readonly top1: number;
  readonly top3: number;
}

const folds = 4;

export function ceilingOf(scenarios: readonly Played[]): Ceiling {
  const single = scenarios.filter(({ truth }) => truth.length === 1).map(sample);
  let first = 0;
  let third = 0;
  for (let fold = 0; fold < folds; fold++) {
    const reader = learn(single.filter((_, i) => i % folds !== fold));
    for (const [i, each] of single.entries()) {
      if (i % folds !== fold) continue;
      const ranked = reader(each);
      if (ranked[0] === each.cause) first++;
      if (ranked.slice(0, 3).includes(each.cause)) third++;
    }
  }
  const all = Math.max(1, single.length);
  return { top1: first / all, top3: third / all };
}

interface Sample {
  readonly cause: string;
  readonly sees: ReadonlyMap<string, number>;
}

/** Facts with their values, the bare names (so that absence tells), and how sure the doctor is of which cause. */
function sample({ facts, truth, diagnosis }: Played): Sample {
  const person = facts.filter(({ source }) => source === 'person').map(({ fact, value }) => `${fact}=${value}`);
  const values = [...features(facts), ...person];
  const sees = new Map<string, number>();
  for (const value of values) {
    sees.set(value, 1);
    sees.set(value.split('=')[0]!, 1);
  }
  for (const { id, probability } of diagnosis.causes) sees.set(`doctor ${id}`, 3 * probability);
  return { cause: truth[0]!, sees };
}

const rounds = 12;
const firstStep = 0.3;
const decay = 2e-5;

/** Softmax regression by stochastic gradient descent with steps of its own for each weight (Adagrad). */
function learn(samples: readonly Sample[]): (each: Sample) => string[] {
  const causes = [...new Set(samples.map(({ cause }) => cause))];
  const columns = new Map([...new Set(samples.flatMap(({ sees }) => [...sees.keys()]))].map((name, at) => [name, at]));
  const width = causes.length;
  const weights = new Float64Array((columns.size + 1) * width);
  const moved = new Float64Array(weights.length).fill(1e-2);
  const rows = (each: Sample): [number, number][] => [
    [columns.size, 1],
    ...[...each.sees].flatMap(([name, value]): [number, number][] => {
      const at = columns.get(name);
      return at === undefined ? [] : [[at, value]];
    }),
  ];
  const score = (row: readonly [number, number][]): Float64Array => {
    const sums = new Float64Array(width);
    for (const [at, value] of row) for (let c = 0; c < width; c++) sums[c]! += value * weights[at * width + c]!;
    const top = Math.max(...sums);
    const shares = sums.map((sum) => Math.exp(sum - top));
    const total = shares.reduce((a, b) => a + b, 0);
    return shares.map((share) => share / total);
  };
  const random = seeded(1);
  const known = samples.map((each) => ({ row: rows(each), is: causes.indexOf(each.cause) }));
  for (let step = 0; step < rounds * known.length; step++) {
    const { row, is } = known[Math.floor(random() * known.length)]!;
    const shares = score(row);
    for (const [at, value] of row)
      for (let c = 0; c < width; c++) {
        const cell = at * width + c;
        const slope = (shares[c]! - (c === is ? 1 : 0)) * value + decay * weights[cell]!;
        moved[cell]! += slope * slope;
        weights[cell]! -= (firstStep * slope) / Math.sqrt(moved[cell]!);
      }
  }
  return (each) => {
    const shares = score(rows(each));
    return causes
      .map((id, c) => ({ id, share: shares[c]! }))
      .sort((a, b) => b.share - a.share)
      .map(({ id }) => id);
  };
}
