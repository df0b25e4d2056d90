/** Bayes over the grades, in logarithms: every step can be shown and argued with. */
import type { Fact, FactName } from '#values/facts.ts';
import { repeats } from '#values/facts.ts';
import { type Cause, type Evidence, layerOf, type Stage, words } from './cause.ts';
import { describe } from './describe.ts';
import {
  boardNames,
  disappointed,
  type Grade,
  namedAnother,
  prior,
  somethingElse,
  stageCannotShow,
  stageShows,
  weights,
} from './grades.ts';
import { layerEvidence } from './layers.ts';
import type { Seen } from './seen.ts';

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

/** What the facts say of one cause. */
export function weigh(cause: Cause, seen: Seen): Weighed {
  const reasons = proofOnce([
    ...only(cause, seen),
    ...stage(cause, seen),
    ...together(cause, seen),
    ...single(cause, seen),
  ]);
  const score = Math.log(prior[cause.met]) + reasons.reduce((sum, { weight }) => sum + weight, 0);
  const proven =
    reasons.some(({ grade, weight }) => grade === 'proves' && weight >= weights.proves) &&
    !reasons.some(({ grade }) => grade === 'excludes');
  return { cause, reasons, score, proven };
}

/** What one fact says of it, alone or together with others. */
export const reasonsOf = (cause: Cause, seen: Seen, name: FactName): readonly Reason[] =>
  [...only(cause, seen), ...together(cause, seen), ...single(cause, seen, seen.all(name))].filter(({ of }) =>
    of.includes(name),
  );

/** A second proof of the same is no more than good support. */
function proofOnce(reasons: readonly Reason[]): readonly Reason[] {
  const proofs = reasons.filter(({ grade }) => grade === 'proves').sort((a, b) => b.weight - a.weight);
  return reasons.map((each) =>
    proofs.indexOf(each) > 0 ? { ...each, grade: 'strongly', weight: Math.min(each.weight, weights.strongly) } : each,
  );
}

function only(cause: Cause, seen: Seen): Reason[] {
  return Object.entries(cause.only ?? {}).flatMap(([name, allowed]) => {
    const each = seen.fact(name as FactName);
    if (!each || [allowed].flat().includes(each.value as never)) return [];
    return [reason([each.fact], 'excludes', describe(each), weights.excludes * Math.max(0.8, seen.trust(each)))];
  });
}

/** The steps of ArduinoOTA between invitation and verdict. Where the firmware travels another way they are one. */
const onTheWay: ReadonlySet<Stage> = new Set(['invite', 'authenticate', 'connect-back', 'transfer', 'verdict']);
const blurred = (seen: Seen): boolean => seen.is('tool.method', 'http-form', 'http-pull', 'esphome', 'blynk-air');

function stage(cause: Cause, seen: Seen): Reason[] {
  const at = seen.fact('attempt.stopped-in');
  if (!at) return [];
  const shows = cause.stops.includes(at.value as Stage);
  // WhyOTA refuses beforehand what the board would refuse: then the stage tells nothing of the file.
  if (!shows && at.value === 'prepare' && seen.is('tool.name', 'whyota') && layerOf(cause.id) === 'img') return [];
  if (!shows && blurred(seen) && onTheWay.has(at.value as Stage) && cause.stops.some((each) => onTheWay.has(each)))
    return [];
  const weight = (shows ? stageShows(cause.stops.length) : stageCannotShow) * seen.trust(at);
  return [reason([at.fact], shows ? 'supports' : 'against', describe(at), weight)];
}

function together(cause: Cause, seen: Seen): Reason[] {
  return (cause.together ?? []).flatMap(({ grade, of, when, because }) =>
    when(seen) ? [reason(of, grade, words(because, seen), weights[grade] * seen.trustIn(of))] : [],
  );
}

/** Each observation counts once: as the last layer says that speaks of it. */
function single(cause: Cause, seen: Seen, facts = seen.facts): Reason[] {
  const layers = [layerEvidence[layerOf(cause.id)], ...cause.evidence].reverse();
  const decisive = (cause.together ?? []).filter(({ grade, when }) => grade !== 'supports' && when(seen));
  const combined = new Set(decisive.flatMap(({ of }) => of));
  return facts.flatMap((each) => {
    if (combined.has(each.fact) || each.fact === 'attempt.stopped-in') return [];
    for (const layer of layers) {
      const grade = gradeOf(layer, each, seen);
      if (grade) return [reason([each.fact], grade, describe(each), weights[grade] * seen.trust(each))];
    }
    // The mistakes that can lead to a cause are alternatives: none is missed where another one was found.
    if (isRule(each.fact) && layers.some((layer) => firedRule(layer, seen))) return [];
    if (named(each)) return [reason([each.fact], 'against', describe(each), namedAnother * seen.trust(each))];
    const hoped = layers.map((layer) => mentions(layer, each.fact)).find((grade) => grade !== undefined);
    if (!hoped || disappointed[hoped] === 0 || repeats.has(each.fact)) return [];
    return [reason([each.fact], 'against', describe(each), disappointed[hoped] * seen.trust(each))];
  });
}

const grades = ['excludes', 'proves', 'strongly', 'against', 'supports'] as const satisfies readonly Grade[];

function gradeOf(layer: Evidence, { fact: name, value }: Fact, seen: Seen): Grade | undefined {
  return grades.find((grade) => {
    const expected = layer[grade]?.[name] as unknown;
    if (expected === undefined) return false;
    if (typeof expected === 'function') return expected(value, seen) === true;
    return Array.isArray(expected) ? expected.includes(value) : expected === value;
  });
}

/** Whether the board itself named what went wrong: whatever else it may be has to account for that. */
const named = ({ fact: name, value }: Fact): boolean => boardNames[name]?.(value) === true;

const isRule = (name: string): boolean => name.startsWith('sketch.lint.');
const firedRule = (layer: Evidence, seen: Seen): boolean =>
  (['proves', 'strongly', 'supports'] as const).some((grade) =>
    Object.entries(layer[grade] ?? {}).some(
      ([name, value]) => isRule(name) && value === true && seen.is(name as never, true as never),
    ),
  );

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
