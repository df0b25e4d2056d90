/** Crash dumps: what kind, and where a decoded one points (core_esp8266_postmortem.cpp; the panic handler of ESP-IDF). */
import type { FactValue } from '#values/facts.ts';

type Crash = FactValue<'serial.crash'>;

/** Addresses below this are a null pointer with an offset. */
const nullUpTo = 0x1000;

const signs: readonly (readonly [RegExp, Crash])[] = [
  [/\bCache disabled but cached memory region accessed/i, 'cache-disabled'],
  [/\bGuru Meditation Error: .{0,60}\(?(?:IllegalInstruction|Illegal instruction)/i, 'illegal-instruction'],
  [/\bIntegerDivideByZero\b/, 'divide-by-zero'],
  [/\bLoadStoreAlignment\b|\b(?:Load|Store) address misaligned/i, 'alignment'],
  [/\blast failed alloc call:|\bstd::bad_alloc\b|\bUnhandled C\+\+ exception: OOM\b/i, 'alloc-failed'],
  [
    /\bassert failed: (?:xQueue|vQueue|spinlock|vPort|i2c_|rmt_|spi_|uart_|gpio_|timer_|esp_intr)\w{0,60}/i,
    'driver-assert',
  ],
  [/\bStack (?:overflow detected|smashing|canary watchpoint)|\bstack overflow in task\b/i, 'stack'],
  [/\bassert failed: |\babort\(\) was called\b|^Abort called\b|^Panic \S{1,120}:\d{1,6}\b/, 'other'],
];

/** The kind of crash that a line tells of; undefined when none. `near`: the lines after it, with the registers. */
export function crashIn(text: string, near: readonly string[]): Crash | undefined {
  const exception = /^(?:Fatal )?Exception \((\d{1,2})\)/i.exec(text)?.[1];
  if (exception !== undefined) return esp8266Exception(Number(exception), near);
  if (
    /\b(?:LoadProhibited|StoreProhibited)\b|\bGuru Meditation Error: .{0,60}\((?:Load|Store) access fault/i.test(text)
  )
    return atNull(near, /(?:EXCVADDR|MTVAL)\s{0,3}:\s{0,3}0x([0-9a-f]{1,8})/i) ? 'null-access' : 'other';
  return (
    signs.find(([words]) => words.test(text))?.[1] ?? (/\bGuru Meditation Error\b/.test(text) ? 'other' : undefined)
  );
}

/** EXCCAUSE of the Xtensa core (Exception causes, esp8266/Arduino doc/exception_causes.rst). */
function esp8266Exception(cause: number, near: readonly string[]): Crash {
  if (cause === 0) return 'illegal-instruction';
  if (cause === 6) return 'divide-by-zero';
  if (cause === 9) return 'alignment';
  return (cause === 28 || cause === 29) && atNull(near, /\bexcvaddr=0x([0-9a-f]{1,8})/i) ? 'null-access' : 'other';
}

const atNull = (near: readonly string[], register: RegExp): boolean => {
  const address = near.map((text) => register.exec(text)?.[1]).find((each) => each !== undefined);
  return address !== undefined && Number.parseInt(address, 16) < nullUpTo;
};

const frame = /^0x4[0-9a-f]{7}:? (?:is in )?(\S.{2,200})/i;

/** Where a frame of a decoded dump points; undefined when it tells nothing. */
export function placeIn(text: string): FactValue<'serial.crash-place'> | undefined {
  const where = frame.exec(text)?.[1];
  if (where === undefined) return undefined;
  if (/mdns/i.test(where)) return 'mdns';
  if (/\bUpdate(?:r)?Class::|Updater\.cpp/i.test(where)) return 'updater';
  if (/\blwip|\btcp_|\bpbuf_|WiFiClient|ClientContext|AsyncTCP|\bnetif_/i.test(where)) return 'network-stack';
  if (/\binterrupt|\bISR\b|_isr\b|isr_/i.test(where)) return 'interrupt';
  return /\.ino(?::|\b)|[\\/]src[\\/]main\.cpp/i.test(where) ? 'user-code' : undefined;
}
