/** How much is sent ahead of the board's answers. Cores that only queue their numbers are kept busy: TCP's window is all the
 *  back-pressure they need. Cores up to esp8266/Arduino 2.3.0 wait in print() until this host's TCP has acknowledged the
 *  number, and a host that has filled the window delays that by 40 to 200 ms: they get bursts, whose size is found by
 *  measuring. */
import { type Millis, millis } from '#values/index.ts';

/** One full TCP segment; what the published tools send at a time. */
export const segment = 1460;
/** Receive windows of the boards: 4 segments of 536 or 1460 bytes. Four of the larger ones ahead never run dry. */
export const ahead = 4 * 5840;
/** What is sent without an answer that makes room for it: one window. */
export const nudgeBytes = 5840;
/** What keeps an ESP32 from starving. */
export const feedBytes = 64;

const sizes: readonly number[] = [1460, 2920, 5840, ahead];
const firstSize = 2;
const burstsPerTrial = 4;
/** Answers to what an earlier size left on its way say nothing of the next one. */
const leftOver = 2;
/** Of the rate of the next larger burst: what waits for round trips alone gives half, what waits for delayed
 *  acknowledgements more. */
const notForRoundTrips = 0.6;
/** A trial of a larger burst may cost one delayed acknowledgement; worth it where that is 2 % of what is left. */
const trialCost = millis(45);
const worthFraction = 0.02;
/** A size must be better by this much to win: less is noise. */
const better = 1.03;
/** A burst answered as fast as this never met a delayed acknowledgement. */
const quickBurst = millis(5);
/** Delayed acknowledgements are at least this long (Linux 40 ms). */
const maybeDelayed = millis(35);

export type Pace =
  | { readonly kind: 'ahead' }
  | { readonly kind: 'fixed'; readonly bytes: number }
  | {
      readonly kind: 'climbing';
      readonly at: number;
      readonly since: Millis;
      readonly answeredBefore: number;
      readonly bursts: number;
      /** Bytes a millisecond, by size. */
      readonly rates: readonly (number | undefined)[];
    }
  | { readonly kind: 'settled'; readonly bytes: number };

export const climbing = (now: Millis): Pace => ({
  kind: 'climbing',
  at: firstSize,
  since: now,
  answeredBefore: 0,
  bursts: 0,
  rates: [],
});

/** Bytes that may be sent on an answer. */
export function allowance(pace: Pace, outstanding: number): number {
  if (pace.kind === 'fixed') return pace.bytes;
  // The board is alive: should the estimate have fallen short, something is sent all the same.
  const least = pace.kind === 'ahead' ? segment : 0;
  const most = pace.kind === 'ahead' ? ahead : pace.kind === 'settled' ? pace.bytes : sizes[pace.at]!;
  return Math.max(least, Math.floor((most - outstanding) / segment) * segment);
}

/** The pace after one more burst was answered. */
export function paced(pace: Pace, now: Millis, answered: number, left: number): Pace {
  if (pace.kind !== 'climbing') return pace;
  const bursts = pace.bursts + 1;
  if (bursts <= 0) return { ...pace, bursts, since: now, answeredBefore: answered };
  const time = now - pace.since;
  // Answers that cover whole bursts: the window takes them, and smaller ones would only cost round trips.
  const whole = (answered - pace.answeredBefore) / bursts >= 0.9 * sizes[pace.at]!;
  const slow = time / bursts >= maybeDelayed && !whole;
  if (bursts < burstsPerTrial && !(slow && bursts >= 2 && pace.at <= firstSize)) return { ...pace, bursts };
  if (time / bursts <= quickBurst) return { kind: 'settled', bytes: ahead };
  const rate = (answered - pace.answeredBefore) / Math.max(1, time);
  const rates = Array.from(sizes, (_, i) => (i === pace.at ? rate : pace.rates[i]));
  const next = nextTrial(rates, pace.at, slow, left / rate);
  if (next === undefined) return { kind: 'settled', bytes: sizes[bestOf(rates)]! };
  return { kind: 'climbing', at: next, since: now, answeredBefore: answered, bursts: -leftOver, rates };
}

/** Larger while that helps and is worth a try; smaller while bursts come back so late that they may exceed the window. */
function nextTrial(
  rates: readonly (number | undefined)[],
  at: number,
  slow: boolean,
  timeLeft: number,
): number | undefined {
  const best = bestOf(rates);
  const smaller = slow && at > 0 && at <= firstSize && rates[at - 1] === undefined;
  if (smaller && (at === firstSize || rates[at]! >= notForRoundTrips * rates[at + 1]!)) return at - 1;
  const worthIt = timeLeft * worthFraction >= trialCost;
  return worthIt && best === firstSize && rates[best + 1] === undefined ? best + 1 : undefined;
}

function bestOf(rates: readonly (number | undefined)[]): number {
  let best = firstSize;
  for (const [i, rate] of rates.entries()) if (rate !== undefined && rate > (rates[best] ?? 0) * better) best = i;
  return best;
}
