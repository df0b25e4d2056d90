// The docs list exactly the codes that a person can meet: each has a cause page or a line in codes.md, and none is made up.
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';

const rooms = [
  'cli',
  'upload',
  'firmware',
  'discovery',
  'virtual',
  'values',
  'node',
  'builds',
  'integrations',
  'serial',
  'hub',
];
const sources = rooms
  .flatMap((room) => globSync(`src/${room}/**/*.ts`))
  .filter((file) => !/\.(test|fixture)\.ts$/.test(file))
  .map((file) => readFileSync(file, 'utf8'));
const used = new Set(sources.flatMap((text) => [...text.matchAll(/code: '([a-z0-9-]+)'/g)].map(([, code]) => code!)));
const named = sources.join('\n');
const listed = new Set(
  [...readFileSync('docs/reference/codes.md', 'utf8').matchAll(/^\| (`[^|]+)\|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([a-z0-9-]+)`/g)].map(([, code]) => code!),
  ),
);
const causes = new Set(globSync('docs/causes/*.md').map((file) => basename(file, '.md')));

describe('the codes of problems', () => {
  it('are all explained', () => {
    expect([...used].filter((code) => !listed.has(code) && !causes.has(code))).toEqual([]);
  });

  it('are all in use', () => {
    expect([...listed].filter((code) => !named.includes(`'${code}'`))).toEqual([]);
  });

  it('stand in one place only', () => {
    expect([...listed].filter((code) => causes.has(code))).toEqual([]);
  });
});
