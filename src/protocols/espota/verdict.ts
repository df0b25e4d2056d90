/** What a board says on the TCP connection: decimal numbers without separators, then `OK` or an error line. */
import { text } from '#values/index.ts';
import { longestErrorLine, parseError } from './errors.ts';
import type { BoardError } from './events.ts';

export type Verdict =
  | { readonly kind: 'ok' }
  | { readonly kind: 'error'; readonly error: BoardError }
  | { readonly kind: 'garbage'; readonly text: string };

export interface AnswerStream {
  /** From the first byte that is no digit; bounded. */
  readonly words: string;
  /** Digits heard so far. */
  readonly digits: number;
}

export const silentStream: AnswerStream = { words: '', digits: 0 };

export interface Heard {
  readonly stream: AnswerStream;
  /** Digits of this read. */
  readonly run: string;
  readonly verdict?: Verdict;
}

const mostWords = 2 * longestErrorLine;

/** Takes one read; the verdict comes with `OK` or the end of an error line. */
export function hearAnswers({ words, digits }: AnswerStream, bytes: Uint8Array): Heard {
  let run = 0;
  if (words === '') while (run < bytes.length && bytes[run]! >= 0x30 && bytes[run]! <= 0x39) run++;
  const heard = words + text(bytes.subarray(run, run + mostWords - words.length));
  const stream = { words: heard, digits: digits + run };
  const complete = heard.startsWith('OK') || heard.includes('\n') || heard.length >= mostWords;
  const verdict = complete ? verdictAtEnd(stream) : undefined;
  return { stream, run: text(bytes.subarray(0, Math.min(run, longestRun))), ...(verdict && { verdict }) };
}

/** What the words so far come to when nothing follows; undefined when only numbers came. */
export function verdictAtEnd({ words }: AnswerStream): Verdict | undefined {
  if (words === '') return undefined;
  if (words.startsWith('OK')) return { kind: 'ok' };
  const error = parseError(words.split('\n')[0]!);
  return error ? { kind: 'error', error } : { kind: 'garbage', text: words };
}

const shortRun = 48;
const longestNumber = 8;
/** No more of a run is read: a board says one number for each drain of a window of some kilobytes. */
const longestRun = 4096;
/** What a board can drain at once, when its answers come late and merged: its receive window. */
const window = 5840;

/** Bytes that a run of digits stands for: the fewest numbers that fit what is outstanding, and of those the smallest sum.
 *  `14601460` with 5,840 outstanding is 2,920. Never more than `outstanding`. */
export function estimateAnswered(run: string, outstanding: number): number {
  if (run === '') return 0;
  if (run.length > shortRun) return Math.min(outstanding, fewestNumbers(run.slice(0, longestRun), window));
  // least[i]: smallest sum of the first i digits cut into `count` numbers.
  let least: number[] = run.split('').map(() => Number.POSITIVE_INFINITY);
  least = [0, ...least];
  for (let count = 1; count <= run.length; count++) {
    const next = least.map(() => Number.POSITIVE_INFINITY);
    for (let start = 0; start < run.length; start++) {
      if (least[start] === Number.POSITIVE_INFINITY || run[start] === '0') continue;
      for (let end = start + 1; end <= Math.min(run.length, start + longestNumber); end++)
        next[end] = Math.min(next[end]!, least[start]! + Number(run.slice(start, end)));
    }
    if (next[run.length]! <= outstanding) return next[run.length]!;
    least = next;
  }
  return outstanding;
}

/** The sum of the fewest numbers up to `largest` that a long run can be cut into; of several such cuts the smallest. */
function fewestNumbers(run: string, largest: number): number {
  const digits = String(largest).length;
  const counts = new Array<number>(run.length + 1).fill(Number.POSITIVE_INFINITY);
  const sums = new Array<number>(run.length + 1).fill(0);
  counts[0] = 0;
  for (let start = 0; start < run.length; start++) {
    if (counts[start] === Number.POSITIVE_INFINITY || run[start] === '0') continue;
    for (let end = start + 1; end <= Math.min(run.length, start + digits); end++) {
      const value = Number(run.slice(start, end));
      if (value > largest) break;
      const [count, sum] = [counts[start]! + 1, sums[start]! + value];
      if (count < counts[end]! || (count === counts[end] && sum < sums[end]!)) [counts[end], sums[end]] = [count, sum];
    }
  }
  return counts[run.length] === Number.POSITIVE_INFINITY ? 0 : sums[run.length]!;
}
