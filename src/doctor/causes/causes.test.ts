import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { vocabulary } from '#values/facts.ts';
import { words } from '../cause.ts';
import { described } from '../describe.ts';
import { scenarios } from '../scenarios.fixture.ts';
import { Seen } from '../seen.ts';
import { causes } from './index.ts';

const ids = causes.map(({ id }) => id);
const nameOf = (path: string) => path.replace(/^.*[\\/]|\.(ts|md)$/g, '');
const page = (id: string) => readFileSync(`docs/causes/${id}.md`, 'utf8');
const headings = ['What you see', 'Why it happens', 'How WhyOTA knows', 'What to do', 'Make sure', 'Sources'];

describe('the causes', () => {
  it('number 124, each in a file of its name', () => {
    const files = globSync('src/doctor/causes/*.ts').map(nameOf);
    expect(ids).toHaveLength(124);
    expect(files.filter((file) => file !== 'index' && file !== 'causes.test').sort()).toEqual([...ids].sort());
  });

  it('have a page each, and every page a cause', () => {
    const pages = globSync('docs/causes/*.md').map(nameOf);
    expect(pages.filter((file) => file !== 'README').sort()).toEqual([...ids].sort());
  });

  it('have a scenario each', () => expect(scenarios.map(([id]) => id).sort()).toEqual([...ids].sort()));

  it('are all in the index by symptom', () => {
    const index = readFileSync('docs/causes/README.md', 'utf8');
    for (const { id, title } of causes) expect(index).toContain(`${title.slice(1)}](${id}.md)`);
  });

  it.each(causes.map((cause) => [cause.id, cause] as const))('%s: data and page say the same', (id, cause) => {
    const text = page(id);
    const none = new Seen([]);
    expect(text.split('\n')[0]).toBe(`# ${cause.title[0]!.toUpperCase()}${cause.title.slice(1)}`);
    expect([...text.matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)).toEqual(headings);
    for (const step of words(cause.fix, none)) expect(text).toContain(step);
    expect(text).toContain(words(cause.test, none));
    expect(cause.title).toMatch(/^([a-z]|Arduino|Blynk|Bluetooth|OTA|PlatformIO).*[^.]$/);
  });

  it('link only to pages that exist', () => {
    for (const id of [...ids, 'README'])
      for (const [, target] of page(id).matchAll(/\]\(([\w-]+)\.md\)/g)) expect(ids, id).toContain(target);
  });
});

it('every fact has words', () => {
  expect(Object.keys(vocabulary).filter((name) => !described(name))).toEqual([]);
});
