/** Applies what can be changed safely. */
import type { Edit, Finding } from './finding.ts';
import type { SketchFile } from './source/tabs.ts';

export interface Fixed {
  readonly files: readonly SketchFile[];
  /** A unified diff of all changed files; empty when nothing changed. It holds the sketch's own text, secrets too:
   *  show it through `withoutSecrets`. */
  readonly diff: string;
  /** The findings whose fix was applied. */
  readonly applied: readonly Finding[];
}

/** Applies the safe fixes, and with `unsafe` the others too. Of two that touch the same text the first wins. */
export function applyFixes(
  files: readonly SketchFile[],
  findings: readonly Finding[],
  options: { readonly unsafe?: boolean } = {},
): Fixed {
  const edits: Edit[] = [];
  const applied: Finding[] = [];
  for (const finding of findings) {
    const { fix } = finding;
    if (!fix || (fix.safety === 'unsafe' && !options.unsafe)) continue;
    const fresh = fix.edits.filter((edit) => !edits.some((other) => same(edit, other)));
    if (fresh.some((edit) => edits.some((other) => overlap(edit, other)))) continue;
    edits.push(...fresh);
    applied.push(finding);
  }
  const fixed = files.map(({ name, text }) => ({
    name,
    text: edited(
      text,
      edits.filter(({ file }) => file === name),
    ),
  }));
  const diff = files.map(({ name, text }, index) => unified(name, text, fixed[index]!.text)).join('');
  return { files: fixed, diff, applied };
}

const same = (a: Edit, b: Edit): boolean =>
  a.file === b.file && a.start === b.start && a.end === b.end && a.text === b.text;
const overlap = (a: Edit, b: Edit): boolean => a.file === b.file && a.start < b.end && b.start < a.end;

function edited(text: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const { start, end, text: added } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    out += text.slice(at, start) + added;
    at = Math.max(at, end);
  }
  return out + text.slice(at);
}

const context = 3;

/** A diff with one hunk: from the first line that differs to the last. */
function unified(name: string, before: string, after: string): string {
  if (before === after) return '';
  const [a, b] = [before.split('\n'), after.split('\n')];
  const hunks: string[] = [];
  for (const { fromA, toA, fromB, toB } of changes(a, b)) {
    const start = Math.max(0, fromA - context);
    const end = Math.min(a.length, toA + context);
    const lines = [
      ...a.slice(start, fromA).map((line) => ` ${line}`),
      ...a.slice(fromA, toA).map((line) => `-${line}`),
      ...b.slice(fromB, toB).map((line) => `+${line}`),
      ...a.slice(toA, end).map((line) => ` ${line}`),
    ];
    const [countA, countB] = [end - start, end - start - (toA - fromA) + (toB - fromB)];
    hunks.push(`@@ -${start + 1},${countA} +${fromB - (fromA - start) + 1},${countB} @@\n${lines.join('\n')}\n`);
  }
  return `--- ${name}\n+++ ${name}\n${hunks.join('')}`;
}

interface Change {
  readonly fromA: number;
  readonly toA: number;
  readonly fromB: number;
  readonly toB: number;
}

/** Where the texts differ. Fixes are few and small: after each difference the texts meet again at the nearest run of
 *  equal lines. Changes nearer than their context are one. */
function changes(a: readonly string[], b: readonly string[]): Change[] {
  const found: Change[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const [nextI, nextJ] = meet(a, b, i, j);
    const last = found.at(-1);
    if (last && i - last.toA <= 2 * context) found[found.length - 1] = { ...last, toA: nextI, toB: nextJ };
    else found.push({ fromA: i, toA: nextI, fromB: j, toB: nextJ });
    [i, j] = [nextI, nextJ];
  }
  return found;
}

function meet(a: readonly string[], b: readonly string[], i: number, j: number): [number, number] {
  for (let distance = 1; distance < 60; distance++)
    for (let down = 0; down <= distance; down++) {
      const [x, y] = [i + down, j + distance - down];
      const ends = x === a.length && y === b.length;
      if (ends || (x < a.length && a[x] === b[y] && a[x + 1] === b[y + 1])) return [x, y];
    }
  return [a.length, b.length];
}
