/** Facts in, a diagnosis out: causes in their order with their reasons, what is ruled out, and what to do next. */
import type { Fact, FactName } from '#values/facts.ts';
import { alternatives, sameSum, secondCause, waitingBehind } from './besides.ts';
import { type Cause, layerOf, words } from './cause.ts';
import { causes as allCauses } from './causes/index.ts';
import { derive } from './derive.ts';
import { called, ruledOut } from './grades.ts';
import type { Seen } from './seen.ts';
import { failureSigns, goodSigns, worked } from './signs.ts';
import { probabilities, type Reason, type Weighed, weigh } from './weigh.ts';

export type Verdict = 'certain' | 'likely' | 'possible';

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
  const names = new Set(given.map(({ fact }) => fact));
  const field = causes.map((cause) => weigh(cause, seen));
  const ruled = ruledOutOf(field);
  const base = { ruledOut: ruled, facts: seen.facts };
  if (failureSigns(seen).length === 0) {
    if (worked(seen)) return { ...base, causes: [], next: { do: [] }, nothingWrong: true };
    const risks = new Set(field.filter(speaksLoudly).map(({ cause }) => cause.id));
    const named = rank(field, seen, names)
      .filter(({ id, probability }) => probability >= called.risk && risks.has(id))
      .map(mayBe);
    return { ...base, causes: named, next: { do: [], test: nothingSeen } };
  }
  const named = rank(field, seen, names);
  return { ...base, causes: named, next: nextOf(named) };
}

const nothingSeen = 'Try the upload once and give me its whole output, with verbose output switched on.';

/** Where nothing has failed, what merely fits is no risk; nor is a list that nobody missed the board in. */
const speaksLoudly = ({ cause, reasons }: Weighed): boolean =>
  layerOf(cause.id) !== 'disc' &&
  reasons.some(({ grade, weight }) => (grade === 'proves' || grade === 'strongly') && weight > 0);

/** Without a sign of failure a cause is a risk at most. */
const mayBe = (cause: Named): Named => (cause.verdict === 'certain' ? cause : { ...cause, verdict: 'possible' });

function rank(field: readonly Weighed[], seen: Seen, given: ReadonlySet<FactName>): Named[] {
  const chances = probabilities(field);
  const sorted = field
    .map((weighed, at) => ({ weighed, probability: chances[at]! }))
    .sort((a, b) => b.probability - a.probability);
  const first = sorted[0];
  if (!first || first.probability < called.possible) return [];
  // Of what is left, the first that a test can tell from the leader.
  const rival = sorted.find(
    ({ weighed: { cause } }) => cause !== first.weighed.cause && !alternatives(cause.id, first.weighed.cause.id),
  )?.weighed;
  const other = secondCause(first.weighed, field, given, goodSigns(seen));
  const named = sorted
    .filter(
      ({ weighed, probability }) =>
        probability >= called.possible || (weighed === rival && probability >= called.rival),
    )
    .filter(({ weighed }) => weighed !== other?.weighed)
    .filter(
      ({ weighed, probability }) =>
        weighed === first.weighed ||
        probability >= called.otherWord ||
        !sameSum(weighed.cause.id, first.weighed.cause.id),
    )
    .map(({ weighed, probability }) => name(weighed, probability, seen, field));
  if (other) {
    const probability = Math.min(other.probability, first.probability);
    named.splice(1, 0, { ...name(other.weighed, probability, seen, field), besides: true });
  }
  return withWaiting(named, waitingBehind(first.weighed, field, given), (weighed) =>
    name(weighed, called.risk, seen, field),
  ).slice(0, mostNamed);
}

/** Behind what is as likely, before what is hardly possible. */
function withWaiting(
  named: readonly Named[],
  waiting: Weighed | undefined,
  told: (weighed: Weighed) => Named,
): Named[] {
  const at = named.findLastIndex(({ id, probability }) => probability >= called.risk || id === named[0]?.id) + 1;
  if (!waiting || named.slice(0, at).some(({ id }) => id === waiting.cause.id)) return [...named];
  const others = named.slice(at).filter(({ id }) => id !== waiting.cause.id);
  return [...named.slice(0, at), { ...told(waiting), besides: true }, ...others];
}

/** A proof stands whatever else may be wrong besides; only another name for the same thing could displace it. But what is
 *  proven need not be what ended the attempt: the attempt has to have ended where this cause shows. */
function stands(weighed: Weighed, field: readonly Weighed[]): boolean {
  const rivals = field.filter(({ cause }) => cause !== weighed.cause && alternatives(cause.id, weighed.cause.id));
  const elsewhereEnded = weighed.reasons.some(({ of, weight }) => weight < 0 && of.includes('attempt.stopped-in'));
  return !elsewhereEnded && probabilities([weighed, ...rivals])[0]! >= called.certain;
}

function name(weighed: Weighed, probability: number, seen: Seen, field: readonly Weighed[]): Named {
  const { cause, reasons, proven } = weighed;
  const assumption = cause.assumes?.(seen);
  const certain = proven && assumption === undefined && probability >= called.likely && stands(weighed, field);
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
  const also = named.find(({ besides, verdict }) => besides && verdict !== 'possible');
  return {
    do: first.verdict === 'possible' ? [] : [...first.fix, ...(also?.fix ?? [])],
    ...(first.verdict !== 'certain' && { test: first.test }),
  };
}
