/** Bayes over the grades, in logarithms: every step can be shown and argued with. */
import type { Fact, FactName } from '#values/facts.ts';
import { type Cause, type Evidence, layerOf, type Stage, words } from './cause.ts';
import { causes as allCauses } from './causes/index.ts';
import { derive } from './derive.ts';
import { describe } from './describe.ts';
import {
  called,
  disappointed,
  type Grade,
  presentBesides,
  prior,
  ruledOut,
  somethingElse,
  stageCannotShow,
  stageShows,
  weights,
} from './grades.ts';
import { layerEvidence } from './layers.ts';
import type { Seen } from './seen.ts';
import { failureSigns, worked } from './signs.ts';

export type Verdict = 'certain' | 'likely' | 'possible';

/** One thing that was weighed. */
export interface Reason {
  readonly of: readonly FactName[];
  readonly words: string;
  readonly weight: number;
  readonly grade: Grade;
}

export interface Weighed {
  readonly cause: Cause;
  readonly reasons: readonly Reason[];
  /** Prior and all reasons, in nats. */
  readonly score: number;
  readonly proven: boolean;
}

export interface Named {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly probability: number;
  readonly because: readonly string[];
  readonly against: readonly string[];
  readonly assumption?: string;
  /** It accounts for what the first cause leaves open: two things are wrong. */
  readonly besides?: true;
  readonly arithmetic: readonly string[];
  readonly fix: readonly string[];
  readonly test: string;
}

export interface Diagnosis {
  readonly causes: readonly Named[];
  readonly ruledOut: readonly { readonly id: string; readonly title: string; readonly why: string }[];
  readonly next: { readonly do: readonly string[]; readonly test?: string };
  /** An update was seen to work and nothing speaks of a failure. */
  readonly nothingWrong?: true;
  /** What was weighed, with what followed from it. */
  readonly facts: readonly Fact[];
}

const mostNamed = 6;
const mostRuledOut = 6;
/** A cause that would not have come into question anyhow needs no ruling out: prior and what speaks for it, in nats. */
const near = 2;

export function diagnose(given: readonly Fact[], causes: readonly Cause[] = allCauses): Diagnosis {
  const seen = derive(given);
  const field = causes.map((cause) => weigh(cause, seen));
  const ruled = ruledOutOf(field);
  const base = { ruledOut: ruled, facts: seen.facts };
  if (failureSigns(seen).length === 0) {
    if (worked(seen)) return { ...base, causes: [], next: { do: [] }, nothingWrong: true };
    const named = rank(field, seen)
      .filter(({ probability }) => probability >= called.risk)
      .map(mayBe);
    return { ...base, causes: named, next: { do: [], test: nothingSeen } };
  }
  const named = rank(field, seen);
  return { ...base, causes: named, next: nextOf(named) };
}

const nothingSeen = 'Try the upload once and give me its whole output, with verbose output switched on.';

/** Without a sign of failure a cause is a risk at most. */
const mayBe = (cause: Named): Named => (cause.verdict === 'certain' ? cause : { ...cause, verdict: 'possible' });

/** What the facts say of one cause. */
export function weigh(cause: Cause, seen: Seen): Weighed {
  const reasons = [...only(cause, seen), ...stage(cause, seen), ...together(cause, seen), ...single(cause, seen)];
  const score = Math.log(prior[cause.met]) + reasons.reduce((sum, { weight }) => sum + weight, 0);
  const proven = reasons.some(({ grade, weight }) => grade === 'proves' && weight >= weights.proves);
  return { cause, reasons, score, proven };
}

function only(cause: Cause, seen: Seen): Reason[] {
  return Object.entries(cause.only ?? {}).flatMap(([name, allowed]) => {
    const each = seen.fact(name as FactName);
    if (!each || [allowed].flat().includes(each.value as never)) return [];
    return [reason([each.fact], 'excludes', describe(each), weights.excludes * Math.max(0.8, seen.trust(each)))];
  });
}

function stage(cause: Cause, seen: Seen): Reason[] {
  const at = seen.fact('attempt.stopped-in');
  if (!at) return [];
  const shows = cause.stops.includes(at.value as Stage);
  const weight = (shows ? stageShows(cause.stops.length) : stageCannotShow) * seen.trust(at);
  return [reason([at.fact], shows ? 'supports' : 'against', describe(at), weight)];
}

function together(cause: Cause, seen: Seen): Reason[] {
  return (cause.together ?? []).flatMap(({ grade, of, when, because }) =>
    when(seen) ? [reason(of, grade, words(because, seen), weights[grade] * seen.trustIn(of))] : [],
  );
}

/** Each observation counts once: as the last layer says that speaks of it. */
function single(cause: Cause, seen: Seen): Reason[] {
  const layers = [layerEvidence[layerOf(cause.id)], ...cause.evidence].reverse();
  const combined = new Set((cause.together ?? []).filter(({ when }) => when(seen)).flatMap(({ of }) => of));
  return seen.facts.flatMap((each) => {
    if (combined.has(each.fact) || each.fact === 'attempt.stopped-in') return [];
    for (const layer of layers) {
      const grade = gradeOf(layer, each, seen);
      if (grade) return [reason([each.fact], grade, describe(each), weights[grade] * seen.trust(each))];
    }
    const hoped = layers.map((layer) => mentions(layer, each.fact)).find((grade) => grade !== undefined);
    if (!hoped || disappointed[hoped] === 0 || repeating(each.fact)) return [];
    return [reason([each.fact], 'against', describe(each), disappointed[hoped] * seen.trust(each))];
  });
}

const repeating = (name: FactName): boolean =>
  name === 'history.changed' || name === 'attempt.tool-text' || name === 'serial.says' || name === 'build.library';

const grades = ['excludes', 'proves', 'strongly', 'against', 'supports'] as const satisfies readonly Grade[];

function gradeOf(layer: Evidence, { fact: name, value }: Fact, seen: Seen): Grade | undefined {
  return grades.find((grade) => {
    const expected = layer[grade]?.[name] as unknown;
    if (expected === undefined) return false;
    if (typeof expected === 'function') return expected(value, seen) === true;
    return Array.isArray(expected) ? expected.includes(value) : expected === value;
  });
}

const mentions = (layer: Evidence, name: FactName): Grade | undefined =>
  (['proves', 'strongly', 'supports'] as const).find((grade) => layer[grade]?.[name] !== undefined);

const reason = (of: readonly FactName[], grade: Grade, said: string, weight: number): Reason => ({
  of,
  words: said,
  weight,
  grade,
});

/** Probabilities of the field, each cause against all others and against something that is not on the list. */
export function probabilities(field: readonly Weighed[]): number[] {
  const top = Math.max(0, ...field.map(({ score }) => score));
  const shares = field.map(({ score }) => Math.exp(score - top));
  const sum = shares.reduce((total, share) => total + share, somethingElse * Math.exp(-top));
  return shares.map((share) => share / sum);
}

function rank(field: readonly Weighed[], seen: Seen): Named[] {
  const chances = probabilities(field);
  const sorted = field
    .map((weighed, at) => ({ weighed, probability: chances[at]! }))
    .sort((a, b) => b.probability - a.probability);
  const first = sorted[0];
  if (!first || first.probability < called.possible) return [];
  const other = secondCause(first.weighed, field);
  const named = sorted
    .filter(({ weighed, probability }) => probability >= called.possible && weighed !== other?.weighed)
    .filter(
      ({ weighed, probability }) =>
        weighed === first.weighed || probability >= called.risk || !sameSum(weighed.cause.id, first.weighed.cause.id),
    )
    .map(({ weighed, probability }) => name(weighed, probability, seen, field));
  if (other) {
    const probability = Math.min(other.probability, first.probability);
    named.splice(1, 0, { ...name(other.weighed, probability, seen, field), besides: true });
  }
  return named.slice(0, mostNamed);
}

/** Explaining away: what the first cause accounts for says nothing more; does the rest still point at another one? */
function secondCause(first: Weighed, field: readonly Weighed[]): { weighed: Weighed; probability: number } | undefined {
  const explained = new Set(first.reasons.filter(({ weight }) => weight > 0).flatMap(({ of }) => of));
  const rest = field
    .filter(({ cause }) => cause !== first.cause && !alternatives(cause.id, first.cause.id))
    .map((weighed) => ({ weighed, left: leftOver(weighed, explained) }));
  const best = rest.sort((a, b) => b.left - a.left)[0];
  if (!best || best.left < presentBesides) return undefined;
  return { weighed: best.weighed, probability: Math.min(0.9, 1 - Math.exp(presentBesides - 1.5 - best.left)) };
}

/** Weight of the reasons for a cause that the first one does not account for; the stage belongs to the first one. */
const leftOver = ({ cause, reasons }: Weighed, explained: ReadonlySet<FactName>): number =>
  Math.min(0, Math.log(prior[cause.met])) +
  reasons.reduce((sum, { of, weight }) => {
    if (of.includes('attempt.stopped-in') || of.some((each) => explained.has(each))) return sum;
    return sum + weight;
  }, 0);

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
const sameSum = (a: string, b: string): boolean => families[0]!.test(a) && families[0]!.test(b);

const alternatives = (a: string, b: string): boolean => families.some((each) => each.test(a) && each.test(b));

/** A proof stands whatever else may be wrong besides; only another name for the same thing could displace it. */
function standsAlone(weighed: Weighed, field: readonly Weighed[]): boolean {
  const rivals = field.filter(({ cause }) => cause !== weighed.cause && alternatives(cause.id, weighed.cause.id));
  return probabilities([weighed, ...rivals])[0]! >= called.certain;
}

function name(weighed: Weighed, probability: number, seen: Seen, field: readonly Weighed[]): Named {
  const { cause, reasons, proven } = weighed;
  const assumption = cause.assumes?.(seen);
  const certain = proven && assumption === undefined && probability >= called.likely && standsAlone(weighed, field);
  const verdict = certain ? 'certain' : probability >= called.likely ? 'likely' : 'possible';
  const told = (list: readonly Reason[]) => [...new Set(list.map((each) => each.words))];
  const byWeight = [...reasons].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
  return {
    id: cause.id,
    title: cause.headline?.(seen) ?? cause.title,
    verdict,
    probability,
    because: told(byWeight.filter(({ weight }) => weight > 0)),
    against: told(byWeight.filter(({ weight }) => weight < -0.3)),
    ...(assumption && { assumption }),
    arithmetic: cause.arithmetic?.(seen) ?? [],
    fix: words(cause.fix, seen),
    test: words(cause.test, seen),
  };
}

/** What people suspect first; they want to hear why it is not that. */
const usualSuspects = /^(host-firewall|tool-python)/;

/** What was weighed and found impossible: the usual suspects, then what came nearest, each with what speaks strongest
 *  against it, and each argument once. */
function ruledOutOf(field: readonly Weighed[]): Diagnosis['ruledOut'] {
  const out = field.flatMap(({ cause, reasons, score }) => {
    const worst = reasons.filter(({ grade }) => grade === 'excludes').sort((a, b) => a.weight - b.weight)[0];
    if (!worst || worst.weight > ruledOut || impossibleHere(cause, worst)) return [];
    const nearness = score - worst.weight + (usualSuspects.test(cause.id) ? 100 : 0);
    return nearness < near ? [] : [{ id: cause.id, title: cause.title, why: worst.words, nearness }];
  });
  const sorted = out.sort((a, b) => b.nearness - a.nearness);
  const said = new Set<string>();
  const once = sorted.filter(({ why }) => !said.has(why) && said.add(why));
  return once.slice(0, mostRuledOut).map(({ id, title, why }) => ({ id, title, why }));
}

/** What exists on other boards, tools or ways only is no news. */
const elsewhere: readonly FactName[] = ['board.family', 'board.chip', 'tool.name', 'tool.method', 'args.command'];
const impossibleHere = (cause: Cause, worst: Reason): boolean =>
  worst.of.some((each) => cause.only?.[each] !== undefined || elsewhere.includes(each));

function nextOf(named: readonly Named[]): Diagnosis['next'] {
  const [first] = named;
  if (!first) return { do: [], test: nothingSeen };
  const also = named.find(({ besides }) => besides);
  return {
    do: first.verdict === 'possible' ? [] : [...first.fix, ...(also?.fix ?? [])],
    ...(first.verdict !== 'certain' && { test: first.test }),
  };
}
