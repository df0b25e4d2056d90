import type { Fact } from '#values/facts.ts';
import { readLogLines } from './log.ts';
import { Notes, type Noticed } from './notes.ts';
import { type Line, linesOf } from './paste.ts';
import { readSerialLines } from './serial.ts';

/** What a paste held. */
export interface Anything {
  readonly facts: readonly Fact[];
  readonly seen: readonly Noticed[];
  /** Source found in it, as it was pasted, one text a sketch: for the room that reads sketches. */
  readonly sketches: readonly string[];
}

/** Reads a paste that may hold output of an upload, a serial log, prose and source, in any order. */
export function readAnything(text: string): Anything {
  const lines = linesOf(text);
  const notes = new Notes();
  readSerialLines(lines, notes);
  readLogLines(lines, notes);
  const seen = [...notes.seen].sort((a, b) => a.line - b.line);
  return { facts: notes.facts, seen, sketches: sketchesIn(text, lines) };
}

/** A run of source may be broken by lines that do not look like it; so many in a row end it. */
const longestBreak = 6;

function sketchesIn(text: string, lines: readonly Line[]): string[] {
  const rows = text.split('\n');
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
    const block = rows.slice(code[at]!.number - 1, code[first - 1]!.number).join('\n');
    if (/\b(?:void\s+)?(?:setup|loop)\s*\(/.test(block)) found.push(block);
  }
  return found.slice(0, 20);
}

/** An include after a closing brace begins the next sketch. */
const startsSketch = (code: readonly Line[], at: number): boolean =>
  code[at]!.text.startsWith('#include') && /^\}/.test(code[at - 1]!.text);
