/** What a board reports of itself: the updater's errors, and the numbers on serial lines and information pages. */
import type { FactName } from '#values/facts.ts';
import { errorKindOf } from './device-errors.ts';
import { takePull } from './http.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';

/** What `Update.errorString()` gives, letter by letter: sketches print it with words of their own. */
const errorString =
  /\b(?:Flash (?:Write|Erase|Read) Failed|Not Enough Space|Bad Size Given|Stream Read Timeout|MD5 Check Failed|Wrong Magic Byte|Could Not Activate The Firmware|Partition Could Not be Found|Signature verification failed)\b/;

/** The updater's own words: `ERROR[4]: Not Enough Space`, `Update ERROR: …`, sizes that it compares. */
export function takeUpdater(line: Line, notes: Notes): boolean {
  const { text, number } = line;
  const words =
    /\bERROR\[\d{1,2}\]\s?:?\s?(.{3,160})/.exec(text)?.[1] ??
    /\b(?:Update|Write|OTA|Updater?) (?:ERROR|error)\s?:\s?(.{3,160})/i.exec(text)?.[1] ??
    /^\[E\]\[Updater?\.cpp:\d{1,5}\] \w{2,30}\(\): (.{3,160})/.exec(text)?.[1] ??
    (text.length < 120 ? errorString.exec(text)?.[0] : undefined);
  // A tool that repeats the board's reply is a log's business.
  const kind =
    words === undefined || /\[ERROR\]|Bad Answer|Result:|^INFO |^ERROR /.test(text) ? undefined : errorKindOf(words);
  if (kind) {
    notes.notice(number, `the updater: ${kind.replaceAll('-', ' ')}`);
    notes.say('device.error', kind, 'serial');
  }
  const [, real, built] =
    /\bflash config wrong:?,? real(?: size)?:\s?(\d{5,9})(?:,? (?:IDE|SDK):\s?(\d{5,9}))?/i.exec(text) ?? [];
  if (real) notes.say('board.flash-real', Number(real), 'serial');
  if (built) notes.say('running.flash-declared', Number(built), 'serial');
  const [, size, slot] = /\btoo large (\d{5,9}) > (\d{5,9})/.exec(text) ?? [];
  if (size && slot) {
    notes.say('serial.says', 'image-too-large', 'serial');
    notes.say('image.size', Number(size), 'serial');
    notes.say('running.slot-size', Number(slot), 'serial');
  }
  return kind !== undefined || real !== undefined || size !== undefined || takePull(line, notes, 'serial');
}

type Bytes = 'board.flash-real' | 'running.flash-declared' | 'running.size' | 'running.free-space';

/** CheckFlashConfig and many sketches in bytes; the pages of ESPEasy and Tasmota in kB. `:` or a table's border between. */
const sizes: readonly (readonly [RegExp, Bytes])[] = [
  [/\bflash (?:chip )?real (?:id )?size\b/i, 'board.flash-real'],
  [/\b(?:flash ide {1,2}size|program flash size)\b/i, 'running.flash-declared'],
  [/^flash size\b/i, 'board.flash-real'],
  [/^(?:sketch|program) size\b/i, 'running.size'],
  [/^free (?:sketch (?:space|size)|program space)\b/i, 'running.free-space'],
];

const sizeValue = /\b(?:size|space)\b\s{0,8}[:|=]?\s{0,8}\|?\s{0,4}(\d{2,9})\s?(kB|KB|K|bytes|byte)?\b/i;

/** Takes a number that a board says of its flash or its program; true when it did. */
export function takeReport(line: Line, notes: Notes): boolean {
  const { text } = line;
  const name = text.length > 120 ? undefined : sizes.find(([words]) => words.test(text))?.[1];
  const [, digits, unit] = name === undefined ? [] : (sizeValue.exec(text) ?? []);
  if (name && digits) {
    const kilo = unit !== undefined && /^k/i.test(unit);
    const value = Number(digits) * (kilo ? 1024 : 1);
    // Kilobytes are rounded: a size told so is not the size.
    if (value >= 16_384)
      notes.say(name, value, 'serial', kilo && name.startsWith('running.') && name !== 'running.flash-declared');
    return true;
  }
  return takeWords(line, notes);
}

const worded: readonly (readonly [RegExp, FactName])[] = [
  [/^(?:\[\d{1,12}\] )?ESP core: {1,4}(\d\.\d{1,2}\.\d{1,2})\b/, 'running.core-version'],
  [/^Core\/SDK Version\s{0,4}[:|]?\s{0,4}(\d_\d{1,2}_\d{1,2})(?!\d)/i, 'running.core-version'],
  [/^Flash IDE Mode\W{1,6}(QIO|QOUT|DIO|DOUT)\b/i, 'running.flash-mode'],
];

function takeWords({ text, number }: Line, notes: Notes): boolean {
  for (const [words, name] of worded) {
    const value = words.exec(text)?.[1];
    if (!value) continue;
    notes.say(name, value.replaceAll('_', '.').toLowerCase() as never, 'serial');
    return true;
  }
  // Blynk.Edgent's banner: length of the running program, room for an update.
  const [, size, free] = /^\[\d{1,12}\] FW info: {1,4}(\d{5,8})\/(\d{4,8})\b/.exec(text) ?? [];
  if (!size || !free) return false;
  notes.notice(number, "Blynk.Edgent's banner");
  notes.say('running.size', Number(size), 'serial');
  notes.say('running.free-space', Number(free), 'serial');
  return true;
}
