import { describe, expect, it } from 'vitest';
import { bad } from './bad.fixture.ts';
import { checked } from './grammar.fixture.ts';
import type { Family, RuleName, SketchFile } from './index.ts';
import { rules } from './index.ts';

const wrap = (source: string | SketchFile[]): SketchFile[] =>
  typeof source === 'string' ? [{ name: 'node.ino', text: source }] : source;

describe.each(rules)('$id $rule', ({ rule }) => {
  const cases = bad.filter((each) => each.rule === rule);
  it('has two bad sketches at least', () => expect(cases.length).toBeGreaterThanOrEqual(2));
  it.each(cases)('sees $what', async ({ source, line, file, family }) => {
    const findings = await checked(wrap(source), family as Family | undefined);
    const found = findings.filter((each) => each.rule === (rule as RuleName));
    expect(found.length, JSON.stringify(findings.map(({ id, line }) => `${id}:${line}`))).toBeGreaterThan(0);
    if (line) expect(found.map((each) => each.line)).toContain(line);
    if (file) expect(found.map((each) => each.file)).toContain(file);
  });
});
