// What a perfect Bayesian would reach on the same world: estimated, not known. Two readers that have seen other scenarios of the
// same generator, priors and all, name the cause of each scenario from everything that can be seen: one by scenarios of the same
// signature (majority of the others; alone in its group it passes), the next by naive Bayes over the single facts, learned from
// the other half. Each is held out, so that a signature that occurs once inflates nothing; what they reach is what can be reached.
import { features, type Played, signature } from './scenario.ts';

export interface Ceiling {
  readonly share: number;
  /** Of these, how many had a scenario of the same signature to go by. */
  readonly bySignature: number;
  readonly top3: number;
}

export function ceilingOf(scenarios: readonly Played[]): Ceiling {
  const single = scenarios.filter(({ truth }) => truth.length === 1);
  const groups = Map.groupBy(single, (each) => signatureOf(each));
  const halves = [single.filter((_, i) => i % 2 === 0), single.filter((_, i) => i % 2 === 1)];
  const readers = halves.map(learn);
  let right = 0;
  let third = 0;
  let bySignature = 0;
  single.forEach((each, i) => {
    const others = groups.get(signatureOf(each))!.filter((other) => other !== each);
    const ranked = readers[1 - (i % 2)]!(each);
    const named = others.length >= fewest ? majority(others) : ranked[0];
    if (others.length >= fewest) bySignature++;
    if (named === each.truth[0]) right++;
    if ([named, ...ranked].slice(0, 4).includes(each.truth[0]!)) third++;
  });
  const all = Math.max(1, single.length);
  return { share: right / all, bySignature: bySignature / all, top3: third / all };
}

/** So many others make a group worth asking. */
const fewest = 5;

const person = ({ facts }: Played): string[] =>
  facts.filter(({ source }) => source === 'person').map(({ fact, value }) => `${fact}=${value}`);
const signatureOf = (each: Played): string => `${signature(each)} ${person(each).sort().join(' ')}`;

function majority(list: readonly Played[]): string {
  const counted = [...Map.groupBy(list, ({ truth }) => truth[0]!)].sort((a, b) => b[1].length - a[1].length);
  return counted[0]![0];
}

/** Naive Bayes: each fact's value, its absence included, given the cause. */
function learn(list: readonly Played[]): (each: Played) => string[] {
  const causes = [...Map.groupBy(list, ({ truth }) => truth[0]!)].map(([id, of]) => {
    const counts = new Map<string, number>();
    for (const each of of) for (const word of wordsOf(each)) counts.set(word, (counts.get(word) ?? 0) + 1);
    return { id, of: of.length, counts };
  });
  const names = new Set(list.flatMap((each) => wordsOf(each).map(nameOf)));
  return (each) => {
    const words = wordsOf(each);
    const present = new Set(words.map(nameOf));
    const absent = [...names].filter((name) => !present.has(name));
    return causes
      .map(({ id, of, counts }) => {
        const likely = (count: number): number => Math.log((count + 0.1) / (of + 0.5));
        const seen = words.reduce((sum, word) => sum + likely(counts.get(word) ?? 0), 0);
        const missing = absent.reduce((sum, name) => sum + likely(of - (counts.get(name) ?? 0)), 0);
        return { id, score: Math.log(of) + seen + missing };
      })
      .sort((a, b) => b.score - a.score)
      .map(({ id }) => id);
  };
}

/** Facts with their values, and the bare names, by which absence is counted. */
function wordsOf(each: Played): string[] {
  const values = [...new Set([...features(each.facts), ...person(each)])];
  return [...values, ...new Set(values.map(nameOf))];
}
const nameOf = (word: string): string => word.split('=')[0]!;
