import type { Fact } from '#values/facts.ts';
import { readFragments } from './fragments.ts';
import { readLogLines } from './log.ts';
import { Notes, type Noticed } from './notes.ts';
import { type Line, linesOf, type Row, rowsOf } from './paste.ts';
import { readPlatformioIni } from './projects.ts';
import { readSerialLines } from './serial.ts';

/** What a paste held. */
export interface Anything {
  readonly facts: readonly Fact[];
  readonly seen: readonly Noticed[];
  /** Source found in it, cleaned of what forums did to quotes and dashes, one text a sketch: for the room that reads sketches. */
  readonly sketches: readonly string[];
}

/** Reads a paste that may hold output of an upload, a serial log, prose and source, in any order. */
export function readAnything(text: string): Anything {
  const rows = rowsOf(text);
  const lines = linesOf(rows);
  const notes = new Notes();
  readSerialLines(lines, notes);
  readLogLines(lines, notes);
  readProjectIn(rows, notes);
  const sketches = sketchesIn(rows, lines);
  if (sketches.length === 0) readFragments(lines, notes);
  const seen = [...notes.seen].sort((a, b) => a.line - b.line);
  return { facts: notes.facts, seen, sketches };
}

/** A `platformio.ini` between the rest: it adds what nothing else showed. */
function readProjectIn(rows: readonly Row[], notes: Notes): void {
  const start = rows.findIndex(({ text }) => /^\s{0,8}(?:\[env[:\]]|upload_(?:flags|protocol|port)\s?=)/.test(text));
  if (start < 0) return;
  const ini = rows.slice(start, start + longestProject).map(({ text }) => text);
  for (const { fact, value, inferred } of readPlatformioIni(ini.join('\n')).facts)
    if (!notes.has(fact)) notes.say(fact, value as never, 'build', inferred);
}

/** Rows. */
const longestProject = 300;

/** A run of source may be broken by lines that do not look like it; so many in a row end it. */
const longestBreak = 6;

function sketchesIn(rows: readonly Row[], lines: readonly Line[]): string[] {
  const found: string[] = [];
  const code = lines.filter((line) => line.code);
  let first = 0;
  for (let at = 0; at < code.length; at = first) {
    first = at + 1;
    while (
      first < code.length &&
      code[first]!.number - code[first - 1]!.number <= longestBreak &&
      !startsSketch(code, first)
    )
      first++;
    const block = rows
      .slice(code[at]!.number - 1, code[first - 1]!.number)
      .map(({ text }) => text)
      .join('\n');
    if (/\b(?:void\s+)?(?:setup|loop)\s*\(/.test(block)) found.push(block);
  }
  return found.slice(0, 20);
}

/** An include after a closing brace begins the next sketch. */
const startsSketch = (code: readonly Line[], at: number): boolean =>
  code[at]!.text.startsWith('#include') && /^\}/.test(code[at - 1]!.text);
