/** Two causes at once are two answers. */
import type { FactName } from '#values/facts.ts';
import { type Grade, presentBesides, prior, weights } from './grades.ts';
import type { Reason, Weighed } from './weigh.ts';

/** Explaining away: what the first cause accounts for says nothing more; does the rest still point at another one? */
export function secondCause(
  first: Weighed,
  field: readonly Weighed[],
  given: ReadonlySet<FactName>,
  well: readonly FactName[],
): { weighed: Weighed; probability: number } | undefined {
  const explained = explainedBy(first);
  const rest = field
    .filter(({ cause }) => cause !== first.cause && !alternatives(cause.id, first.cause.id))
    .map((weighed) => ({ weighed, reasons: leftOver(weighed, explained, given) }))
    .map(({ weighed, reasons }) => ({ weighed, reasons: reasons.filter((each) => !merelyFits(each, well)) }))
    .filter(({ reasons }) => showsItself(reasons))
    .map(({ weighed, reasons }) => ({
      weighed,
      left: reasons.reduce((sum, { weight }) => sum + weight, Math.min(0, Math.log(prior[weighed.cause.met]))),
    }));
  const best = rest.sort((a, b) => b.left - a.left)[0];
  if (!best || best.left < presentBesides) return undefined;
  return { weighed: best.weighed, probability: Math.min(0.9, 1 - Math.exp(presentBesides - best.left) / 2) };
}

/** Something grave in sketch, build, computer or network that has not stopped anything yet, because the first cause did before
 *  it: it is next. */
export function waitingBehind(
  first: Weighed,
  field: readonly Weighed[],
  given: ReadonlySet<FactName>,
): Weighed | undefined {
  const explained = explainedBy(first);
  const waiting = field
    .filter(({ cause }) => cause !== first.cause && !alternatives(cause.id, first.cause.id))
    .map((weighed) => ({ weighed, reasons: leftOver(apartFromStage(weighed), explained, given) }))
    .filter(({ reasons }) =>
      reasons.some(({ of, weight }) => weight >= grave && of.every((each) => lasting.test(each))),
    )
    .map(({ weighed, reasons }) => ({ weighed, left: reasons.reduce((sum, { weight }) => sum + weight, 0) }))
    .sort((a, b) => b.left - a.left)[0];
  return waiting && waiting.left >= grave ? waiting.weighed : undefined;
}

/** It will stop the next attempt in a stage of its own. */
const apartFromStage = (weighed: Weighed): Weighed => ({
  ...weighed,
  reasons: weighed.reasons.map((each) =>
    each.of.length > 1 ? { ...each, of: each.of.filter((name) => name !== 'attempt.stopped-in') } : each,
  ),
});

/** What sketch, build, file, computer and network show, whether or not anything was sent. */
const lasting = /^(sketch|build|image|fit|running|board|host|net)\./;

/** One strong support, of the sketch that is on the board. */
const grave = weights.strongly * 0.9;

const explainedBy = ({ reasons }: Weighed): ReadonlySet<FactName> =>
  new Set(reasons.filter(({ weight }) => weight > 0).flatMap(({ of }) => of));

/** What is left for a cause when the first one has taken its share; the attempt, and what follows from it, belong to that. An
 *  experiment that fails clears no second cause: the first alone would make it fail. */
const leftOver = (
  { reasons }: Weighed,
  explained: ReadonlySet<FactName>,
  given: ReadonlySet<FactName>,
): readonly Reason[] =>
  reasons
    .filter(({ of, weight }) => weight < 0 || of.some((each) => given.has(each)))
    .filter(({ of }) => !of.some((each) => each.startsWith('attempt.')))
    .filter(({ of, weight }) => weight > 0 || !of.some((each) => each.startsWith('trial.')))
    .filter(({ of, grade }) => !of.some((each) => explained.has(each)) || rulesOutForGood(of, grade));

/** A file that is something else is not what the cause needs, even where it is the first one that shows it; what happened may be
 *  the first one's doing. */
const nature = /^(sketch|build|image|running|board)\./;
const rulesOutForGood = (of: readonly FactName[], grade: Grade): boolean =>
  grade === 'excludes' && of.every((each) => nature.test(each));

/** What something is, and what was tried. */
const context = /^(?:sketch|build|trial|board)\.|^(?:host\.os|tool\.(?:name|version|method))$/;

/** A weakness of sketch or build is no failure yet, what went well complains of nothing, and an experiment is about the
 *  attempt: something else has to speak for the cause as well. */
const showsItself = (left: readonly Reason[]): boolean =>
  left.some(({ of, weight }) => weight > 0 && of.some((each) => !context.test(each)));

/** What went well complains of nothing. */
const merelyFits = ({ of, weight }: Reason, well: readonly FactName[]): boolean =>
  weight > 0 && of.every((each) => well.includes(each));

/** Names for one arithmetic, or for one missing thing: never two at once. */
const families: readonly RegExp[] = [
  /^img-(8266-two|512k|1m-|flash-size-declared|near-limit|esp32-(no|larger|partition)|layout)/,
  /^host-(firewall|nat|multihomed)/,
  /^(net-(device-unreachable|client-isolation|static|ip-conflict|softap)|sk-wifi-never)/,
  /^sk-(handle|loop|cloud|busy|begin)/,
  /^auth-/,
  /^disc-/,
  /^tool-/,
  /^dev-(isr|interrupt)/,
];
/** Names for one and the same arithmetic: a rival with little chance is only another word for the first. */
export const sameSum = (a: string, b: string): boolean => families[0]!.test(a) && families[0]!.test(b);

export const alternatives = (a: string, b: string): boolean => families.some((each) => each.test(a) && each.test(b));
