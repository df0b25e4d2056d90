import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAnything } from './index.ts';

// One paste a file, in our own words around lines that the tools and boards print; below `=== facts` what it must yield:
// `name = value` (several values of a fact that repeats parted by `|`), `! name` for what it must not.
const folder = 'test/fixtures/logs';
const pastes = readdirSync(folder).map((file) => {
  const [text = '', expected = ''] = readFileSync(`${folder}/${file}`, 'utf8').split('\n=== facts\n');
  return { name: file.replace('.txt', ''), text, expected: expected.trim().split('\n') };
});

const table = (text: string): Record<string, string> => {
  const found = Map.groupBy(readAnything(text).facts, ({ fact }) => fact);
  return Object.fromEntries(
    [...found].map(([fact, all]) => [
      fact,
      all
        .map(({ value }) => String(value))
        .sort()
        .join(' | '),
    ]),
  );
};

describe('pastes', () => {
  it.each(pastes)('$name', ({ text, expected }) => {
    const found = table(text);
    const wanted = Object.fromEntries(
      expected.map((line) => (line.startsWith('! ') ? [line.slice(2), undefined] : line.split(' = '))),
    );
    expect(Object.fromEntries(Object.keys(wanted).map((name) => [name, found[name]]))).toEqual(wanted);
  });
});
