/** How much an observation says of a cause: five grades, and every number of the doctor's reckoning in one place.
 *  A weight is the logarithm of how many times likelier the observation is when this is the cause. */
import type { FactName } from '#values/facts.ts';

export type Grade = 'proves' | 'strongly' | 'supports' | 'against' | 'excludes';

export const weights: Readonly<Record<Grade, number>> = {
  proves: 7,
  strongly: 2.6,
  supports: 1.2,
  against: -1.5,
  excludes: -6,
};

/** A cause expects one value and another was seen: it speaks against, the more the firmer the expectation. */
export const disappointed: Readonly<Record<Grade, number>> = {
  proves: -0.9,
  strongly: -0.9,
  supports: -0.4,
  against: 0,
  excludes: 0,
};

/** How often a cause is met, against each other. */
export type Met = 'often' | 'sometimes' | 'seldom' | 'rarely';
export const prior: Readonly<Record<Met, number>> = { often: 8, sometimes: 3, seldom: 1, rarely: 0.3 };

/** What no cause of the list accounts for, on the scale of the priors. */
export const somethingElse = 15;

/** The board names what went wrong, and it is nothing that this cause brings about. */
export const namedAnother = -1.5;
const oneOf =
  (...values: readonly unknown[]) =>
  (value: unknown): boolean =>
    values.includes(value);
export const boardNames: Readonly<Partial<Record<FactName, (value: unknown) => boolean>>> = {
  'device.error': () => true,
  'serial.crash': (value) => value !== 'none',
  'serial.eboot': oneOf('copy-failed', 'load-failed'),
  'serial.boot-mode': (value) => value !== 3,
  'serial.reset-reason': oneOf('brownout', 'task-watchdog', 'soft-watchdog', 'hardware-watchdog', 'exception'),
};

/** What is left of an observation's weight. Nothing below 1 can prove. */
export const trust = {
  seen: 1,
  saidByAPerson: 0.85,
  inferred: 0.7,
  /** The source at hand is the new sketch, not the one that runs on the board. */
  ofTheOtherSketch: 0.5,
  /** The core of the new build, taken for the one on the board. */
  guessedCore: 0.4,
} as const;

/** The attempt stopped in a stage where this cause shows, out of so many, or where it can't. */
export const stageShows = (stages: number): number => Math.max(0.3, 1.9 - 0.55 * (stages - 1));
export const stageCannotShow = -3;

/** From here on a cause counts as ruled out, and a second one as present. */
export const ruledOut = -4;
export const presentBesides = 3;

/** Probabilities from which a cause is called so. `certain` needs a proof besides; `risk`: worth a word though nothing
 *  failed yet; `otherWord`: worth a word though it is much the same sum; `rival`: worth a word as the one thing that a test should
 *  rule out. */
export const called = { certain: 0.95, likely: 0.5, risk: 0.2, otherWord: 0.1, possible: 0.03, rival: 0.015 } as const;
