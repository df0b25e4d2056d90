/** How much is sent ahead of the board's answers. A board answers when nothing is left to read, so one that always has
 *  something to read says nothing: progress costs it a round trip without work.
 *
 *  Four windows are on their way, and what it takes in almost a second where a trial shows that this is faster. Cores up to
 *  esp8266/Arduino 2.3.0 get one window or half of it, and more only where a trial shows that more is faster: they wait in
 *  print() until this host's TCP has acknowledged the number, which it does at once with data, but 40 to 200 ms later when the
 *  window is full. */
import { type Millis, millis } from '#values/index.ts';

/** One full TCP segment; what the published tools send at a time. */
export const segment = 1460;
/** The smaller segment of esp8266/Arduino's two lwIP builds. */
const leastSegment = 536;
/** The larger receive window of the boards, 4 segments of 1460 bytes; the smaller one is 4 × 536. */
export const window = 4 * segment;
const fourWindows = 4 * window;
/** What keeps an ESP32 from starving. */
export const feedBytes = 64;
/** Between two answers of a board that never runs dry; one round trip in so long costs little, and is progress enough. */
const untilDry = millis(900);
/** Erased and written at once; what does not fill one waits in memory and has cost no time yet. */
const sector = 4096;

/** Sizes that old cores are tried with. Half a window suits the smaller window too: what does not fit waits in our TCP. */
const sizes: readonly number[] = [window / 2, window, 2 * window];
/** Answers to what an earlier size left on its way say nothing of the next one. */
const leftOver = 2;
const answersPerBase = 8;
const answersPerTrial = 4;
/** A trial may cost a few delayed acknowledgements of Linux, 40 ms each; worth it where that is 4 % of what is left. */
const trialCost = millis(120);
const worthFraction = 0.04;
/** A size must be better by this much to win: less is noise. */
const better = 1.03;

export type Pace =
  | { readonly kind: 'fixed'; readonly bytes: number }
  | {
      readonly kind: 'ahead';
      readonly bytes: number;
      /** When the board had run dry, the bytes in full sectors by then, and how fast they had come before the trial, in
       *  bytes a millisecond. */
      readonly since: Millis;
      readonly written: number;
      readonly before: number;
      readonly trial: 'to-come' | 'on' | 'over';
    }
  | { readonly kind: 'opening' }
  | {
      readonly kind: 'climbing';
      readonly size: number;
      /** Bytes a millisecond with the size before; 0: there was none. */
      readonly before: number;
      readonly since: Millis;
      readonly answeredBefore: number;
      readonly answers: number;
    }
  | { readonly kind: 'settled'; readonly bytes: number };

export const ahead = (now: Millis): Pace => ({
  kind: 'ahead',
  bytes: fourWindows,
  since: now,
  written: 0,
  before: 0,
  trial: 'to-come',
});
/** For cores that wait in print(). */
export const opening: Pace = { kind: 'opening' };

/** Bytes that may be on their way unanswered. */
export function budget(pace: Pace): number {
  if (pace.kind === 'climbing') return sizes[pace.size]!;
  return pace.kind === 'opening' ? window : pace.bytes;
}

/** Bytes that may be sent on an answer. */
export function allowance(pace: Pace, outstanding: number): number {
  if (pace.kind === 'fixed') return pace.bytes;
  const room = budget(pace) - outstanding;
  // Crumbs would be answered one by one.
  if (pace.kind !== 'ahead') return room < leastSegment ? 0 : room;
  // The board is alive: should the estimate have fallen short, something is sent all the same.
  return Math.max(segment, Math.floor(room / segment) * segment);
}

/** The pace after one more answer. `left`: bytes not sent yet. */
export function paced(pace: Pace, now: Millis, sent: number, answered: number, left: number): Pace {
  switch (pace.kind) {
    case 'ahead':
      return answered < sent ? pace : ranDry(pace, now, answered, left);
    case 'opening':
      // Taken as a whole: the window is the larger one.
      return trial(answered === window ? 1 : 0, 0, now, answered);
    case 'climbing':
      return climb(pace, now, answered, left);
    default:
      return pace;
  }
}

/** Larger once, and back where that was not faster: on a quick network smooth progress is worth more. Never more than half of
 *  what is left: of what is on its way nobody can tell whether it was taken. */
function ranDry(pace: Extract<Pace, { kind: 'ahead' }>, now: Millis, answered: number, left: number): Pace {
  const written = Math.floor(answered / sector) * sector;
  const rate = (written - pace.written) / Math.max(1, now - pace.since);
  const next = { ...pace, since: now, written };
  switch (pace.trial) {
    case 'to-come':
      return { ...next, bytes: Math.max(fourWindows, Math.min(rate * untilDry, left / 2)), trial: 'on', before: rate };
    case 'on':
      return { ...next, bytes: rate < pace.before * better ? fourWindows : pace.bytes, trial: 'over' };
    case 'over':
      return next;
  }
}

const trial = (size: number, before: number, since: Millis, answeredBefore: number): Pace => ({
  kind: 'climbing',
  size,
  before,
  since,
  answeredBefore,
  answers: -leftOver,
});

function climb(pace: Extract<Pace, { kind: 'climbing' }>, now: Millis, answered: number, left: number): Pace {
  const { size, before } = pace;
  const answers = pace.answers + 1;
  if (answers <= 0) return { ...pace, answers, since: now, answeredBefore: answered };
  const rate = (answered - pace.answeredBefore) / Math.max(1, now - pace.since);
  if (rate < before * better) return { kind: 'settled', bytes: sizes[size - 1]! };
  if (answers < (before === 0 ? answersPerBase : answersPerTrial)) return { ...pace, answers };
  const worthIt = (left / rate) * worthFraction >= trialCost;
  return worthIt && size + 1 < sizes.length
    ? trial(size + 1, rate, now, answered)
    : { kind: 'settled', bytes: sizes[size]! };
}
