/** Small helpers to write changes to a sketch's text. */
import type { Edit } from './finding.ts';
import type { Sketch } from './model.ts';
import type { Place, Routine } from './tree.ts';

export const textOf = (sketch: Sketch, file: string): string =>
  sketch.files.find(({ name }) => name === file)?.text ?? '';

export const textAt = (sketch: Sketch, { file, start, end }: Pick<Place, 'file' | 'start' | 'end'>): string =>
  textOf(sketch, file).slice(start, end);

export const lineEnd = (sketch: Sketch, file: string): string =>
  textOf(sketch, file).includes('\r\n') ? '\r\n' : '\n';

export const replace = (place: Place, text: string): Edit => ({
  file: place.file,
  start: place.start,
  end: place.end,
  text,
});

export const insert = (file: string, at: number, text: string): Edit => ({ file, start: at, end: at, text });

/** The blanks before the first character of a place's line. */
export function indentAt(sketch: Sketch, { file, start }: Pick<Place, 'file' | 'start'>): string {
  const text = textOf(sketch, file);
  const from = text.lastIndexOf('\n', start - 1) + 1;
  return /^[ \t]*/.exec(text.slice(from))![0];
}

/** A new first statement of a routine. */
export function firstIn(sketch: Sketch, routine: Routine, statement: string): Edit {
  const { file } = routine.place;
  const text = textOf(sketch, file);
  const eol = lineEnd(sketch, file);
  const at = routine.bodyStart + 1;
  const closing = /^[ \t]*\r?\n/.test(text.slice(at, at + 200)) ? '' : eol;
  return insert(file, at, `${eol}  ${statement}${closing}`);
}

/** A statement of its own line, before the line of a place. */
export const before = (sketch: Sketch, place: Place, statement: string): Edit =>
  insert(place.file, place.start, `${statement}${lineEnd(sketch, place.file)}${indentAt(sketch, place)}`);

/** The whole line of a statement, its line end with it, when nothing else stands on it; else the statement alone. */
export function withoutLine(sketch: Sketch, place: Pick<Place, 'file' | 'start' | 'end'>): Edit {
  const text = textOf(sketch, place.file);
  const from = text.lastIndexOf('\n', place.start - 1) + 1;
  let to = text.indexOf('\n', place.end);
  to = to < 0 ? text.length : to + 1;
  const alone =
    text.slice(from, place.start).trim() === '' && text.slice(place.end, to).trim().replace(/^;/, '') === '';
  return alone
    ? { file: place.file, start: from, end: to, text: '' }
    : { file: place.file, start: place.start, end: place.end, text: '' };
}
