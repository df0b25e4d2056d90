import type { Fact, FactValue } from '#values/facts.ts';
import { BootLog } from './boot.ts';
import { crashIn, placeIn } from './crash.ts';
import { Notes, type Noticed } from './notes.ts';
import { OtaLibrary } from './ota-library.ts';
import { type Line, linesOf, rowsOf } from './paste.ts';
import { takeReport, takeUpdater } from './reports.ts';
import { takeSigns } from './signs.ts';
import { boardSigns, SketchSigns } from './sketch-prints.ts';

/** What a serial log told. */
export interface SerialReading {
  readonly facts: readonly Fact[];
  /** What happened on the board, in the order of the log. */
  readonly events: readonly Noticed[];
}

/** Reads what a board printed: boot ROM, eboot, ESP32 loader, crashes, the OTA library, the updater, the sketch itself. */
export function readSerial(text: string): SerialReading {
  const notes = new Notes();
  readSerialLines(linesOf(rowsOf(text)), notes);
  return { facts: notes.facts, events: notes.seen };
}

/** Says what serial lines tell; gives back how many of them only a board prints. */
export function readSerialLines(all: readonly Line[], notes: Notes): number {
  const lines = all.filter(({ code }) => !code);
  const boot = new BootLog();
  const library = new OtaLibrary();
  const sketch = new SketchSigns();
  let own = 0;
  let crash: FactValue<'serial.crash'> | undefined;
  for (const [index, line] of lines.entries()) {
    const starts = boot.boots;
    const near = lines.slice(index, index + 12).map(({ text }) => text);
    const found = crashIn(line.text, near);
    if (found) {
      crash = crash === undefined || crash === 'other' ? found : crash;
      notes.notice(line.number, `it crashed: ${found.replaceAll('-', ' ')}`);
    }
    const place = placeIn(line.text);
    if (place && !notes.has('serial.crash-place')) notes.say('serial.crash-place', place, 'serial');
    const took = [
      found !== undefined,
      boot.take(line, notes),
      library.take(line, notes),
      takeUpdater(line, notes),
      takeReport(line, notes),
      takeSigns(boardSigns, line, notes, 'serial'),
    ].some(Boolean);
    if (took) own++;
    if (found || boot.boots > starts) library.interrupt();
    sketch.take(line, notes);
  }
  if (crash) notes.say('serial.crash', crash, 'serial');
  boot.say(notes);
  library.say(notes);
  // Prints of a sketch are everyday words: they count only in a log that a board has signed.
  if (own > 0 || sketch.signed) sketch.say(notes);
  if (boot.boots > 2) notes.notice(lines.at(-1)?.number ?? 0, `it started ${boot.boots} times`);
  if (boot.boots > 2 && notes.get('serial.eboot') === 'copied') notes.infer('after.restart', 'cycles', 'serial');
  return own;
}
