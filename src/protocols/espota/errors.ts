/** What the boards' Update classes say when they refuse, by core. Read by text first: core 2.0.0 numbers 3 to 6 differently.
 *  Sources: esp8266/Arduino cores/esp8266/Updater.cpp 2.0.0 to 3.1.2 and master; arduino-pico libraries/Updater 2.4.0 and
 *  6.0.0; arduino-esp32 libraries/Update 1.0.0 to 3.3. */
import { compareCores, type Family } from './cores.ts';
import type { BoardError, BoardErrorKind, DeviceError } from './events.ts';

export interface ErrorText {
  readonly family: Family;
  readonly number: number;
  readonly kind: BoardErrorKind;
  /** `{real}` and the like stand for values. */
  readonly text: string;
  readonly since: string;
  readonly until?: string;
  readonly lineEnd: '\n' | '\r\n';
}

type Row = [number: number, kind: BoardErrorKind, text: string, since: string, until?: string, lineEnd?: '\n'];

const last = '3.0.2';
const esp8266: readonly Row[] = [
  [3, 'not-enough-space', 'Not Enough Space', '2.0.0', '2.0.0'],
  [4, 'bad-size', 'Bad Size Given', '2.0.0', '2.0.0'],
  [5, 'stream-timeout', 'Stream Read Timeout', '2.0.0', '2.0.0'],
  [6, 'md5', 'MD5 Check Failed', '2.0.0', '2.0.0'],
  [0, 'no-detail', 'No Error', '2.0.0'],
  [1, 'flash-write', 'Flash Write Failed', '2.0.0'],
  [2, 'flash-erase', 'Flash Erase Failed', '2.0.0'],
  [3, 'flash-read', 'Flash Read Failed', '2.1.0'],
  [4, 'not-enough-space', 'Not Enough Space', '2.1.0'],
  [5, 'bad-size', 'Bad Size Given', '2.1.0'],
  [6, 'stream-timeout', 'Stream Read Timeout', '2.1.0'],
  [7, 'md5', 'MD5 Check Failed', '2.1.0', '2.4.0'],
  [7, 'md5', 'MD5 Failed: expected:{expected}, calculated:{calculated}', '2.4.1', last, '\n'],
  [7, 'md5', 'MD5 verification failed: expected: {expected}, calculated: {calculated}', '3.1.0'],
  [8, 'flash-config', 'Flash config wrong real: {real} IDE: {ide}', '2.1.0', last, '\n'],
  [8, 'flash-config', 'Flash config wrong: real: {real}, SDK: {ide}', '3.1.0'],
  [9, 'new-flash-config', 'new Flash config wrong real: {real}', '2.1.0', last, '\n'],
  [9, 'new-flash-config', 'new Flash config wrong, real size: {real}', '3.1.0'],
  [10, 'magic', 'Magic byte is wrong, not 0xE9', '2.1.0', last],
  [10, 'magic', 'Magic byte is not 0xE9', '3.1.0'],
  [11, 'bootstrap', 'Invalid bootstrapping state, reset ESP8266 before updating', '2.4.0'],
  [12, 'signature', 'Signature verification failed', '2.5.0'],
  [13, 'no-data', 'No data supplied', '3.0.0'],
  [14, 'out-of-memory', 'Out of memory', '3.1.0'],
  [15, 'already-running', 'Update already running', 'master'],
  [16, 'unknown-command', 'Unknown update command', 'master'],
];
const rp2040: readonly Row[] = [
  [0, 'no-detail', 'No Error', '2.4.0'],
  [1, 'flash-write', 'Flash Write Failed', '2.4.0'],
  [2, 'flash-erase', 'Flash Erase Failed', '2.4.0'],
  [3, 'flash-read', 'Flash Read Failed', '2.4.0'],
  [4, 'not-enough-space', 'Not Enough Space', '2.4.0'],
  [5, 'bad-size', 'Bad Size Given', '2.4.0'],
  [6, 'stream-timeout', 'Stream Read Timeout', '2.4.0'],
  [7, 'md5', 'MD5 Failed: expected:{expected}, calculated:{calculated}', '2.4.0', '2.4.0', '\n'],
  [7, 'md5', 'MD5 Failed: expected:{expected} calculated:{calculated}', '2.4.1'],
  [12, 'signature', 'Signature verification failed', '2.4.0'],
  [13, 'no-data', 'No data supplied', '2.4.0'],
];
const esp32: readonly Row[] = [
  [0, 'no-detail', 'No Error', '1.0.0'],
  [1, 'flash-write', 'Flash Write Failed', '1.0.0'],
  [2, 'flash-erase', 'Flash Erase Failed', '1.0.0'],
  [3, 'flash-read', 'Flash Read Failed', '1.0.0'],
  [4, 'not-enough-space', 'Not Enough Space', '1.0.0'],
  [5, 'bad-size', 'Bad Size Given', '1.0.0'],
  [6, 'stream-timeout', 'Stream Read Timeout', '1.0.0'],
  [7, 'md5', 'MD5 Check Failed', '1.0.0'],
  [8, 'magic', 'Wrong Magic Byte', '1.0.0'],
  [9, 'could-not-activate', 'Could Not Activate The Firmware', '1.0.0'],
  [10, 'no-partition', 'Partition Could Not be Found', '1.0.0'],
  [11, 'bad-argument', 'Bad Argument', '1.0.0'],
  [12, 'aborted', 'Aborted', '1.0.0'],
  [13, 'decrypt', 'Decryption error', '3.0.0'],
  [14, 'signature', 'Signature Verification Failed', '3.3.0'],
];

const rowsOf = (family: Family, rows: readonly Row[]): ErrorText[] =>
  rows.map(([number, kind, text, since, until, lineEnd]) => ({
    family,
    number,
    kind,
    text,
    since,
    ...(until && { until }),
    lineEnd: lineEnd ?? '\r\n',
  }));

export const errorTexts: readonly ErrorText[] = [
  ...rowsOf('esp8266', esp8266),
  ...rowsOf('rp2040', rp2040),
  ...rowsOf('esp32', esp32),
];

/** An error line as the core prints it on TCP, line end included. */
export function printError(family: Family, core: string, { kind, values }: DeviceError): string {
  const row = errorTexts.find(
    (each) =>
      each.family === family &&
      each.kind === kind &&
      compareCores(core, each.since) >= 0 &&
      (each.until === undefined || compareCores(core, each.until) <= 0),
  );
  const text = row ? row.text.replace(/\{(\w+)\}/g, (_, name: string) => String(values?.[name] ?? 0)) : 'UNKNOWN';
  // esp8266/Arduino 3.1.0 ends every line with a bare LF.
  const lineEnd = family === 'esp8266' && compareCores(core, '3.1.0') >= 0 ? '\n' : (row?.lineEnd ?? '\r\n');
  return `${family === 'esp32' ? '' : `ERROR[${row?.number ?? 255}]: `}${text}${lineEnd}`;
}

const patterns = errorTexts.map(({ kind, text }) => ({
  kind,
  pattern: new RegExp(
    `^${text.replace(/[[\](){}.*+?^$|\\]/g, (c) => ('{}'.includes(c) ? c : `\\${c}`)).replace(/\{\w+\}/g, '\\w*')}$`,
  ),
}));

/** The longest line that can be one of a board's. */
export const longestErrorLine = 160;

/** An error line; undefined when it can't be one: too long, or not printable. */
export function parseError(line: string): BoardError | undefined {
  const plain = line.replace(/\r?\n?$/, '');
  if (plain.length > longestErrorLine || !/^[\x20-\x7e]*[A-Za-z][\x20-\x7e]*$/.test(plain)) return undefined;
  const [, digits, framed] = /^ERROR\[(\d{1,3})\]: ?(.*)$/.exec(plain) ?? [];
  const text = framed ?? plain;
  const number = digits === undefined ? undefined : Number(digits);
  return { kind: kindOf(text, number), ...(number !== undefined && { number }), text };
}

function kindOf(text: string, number: number | undefined): BoardErrorKind {
  const known = patterns.find(({ pattern }) => pattern.test(text));
  if (known) return known.kind;
  if (text === 'No Filesystem' || text === 'nofile') return 'no-filesystem';
  if (number === undefined) return 'no-detail';
  const numbered = errorTexts.find((row) => row.family === 'esp8266' && row.number === number && row.since !== '2.0.0');
  return numbered?.kind ?? (number === 1 ? 'flash-write' : number === 2 ? 'flash-erase' : 'no-detail');
}
