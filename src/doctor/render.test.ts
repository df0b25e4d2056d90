import { describe, expect, it } from 'vitest';
import { diagnose } from './rank.ts';
import { render, short } from './render.ts';
import { factsFrom, scenarios } from './scenarios.fixture.ts';

const text = (words: string) => render(diagnose(factsFrom(words))).map((line) => line.text);

describe('the answer in words', () => {
  it.each(scenarios)('%s: six lines at most, then the evidence, and where to read on', (id, facts) => {
    const diagnosis = diagnose(facts);
    const lines = render(diagnosis).map((line) => line.text);
    expect(short(diagnosis).length).toBeLessThanOrEqual(6);
    expect(lines[0]).toMatch(/^(certain|likely|possible): /);
    expect(lines.at(-1)).toBe(`the whole story: whyota explain ${id}`);
    for (const line of lines) expect(line).not.toMatch(/undefined|NaN|\n/);
  });

  it('says so when nothing is wrong', () =>
    expect(text('attempt.tool-text=success after.running-build=new')[0]).toMatch(/^nothing is wrong/));

  it("says what would help when it can't tell", () =>
    expect(text('host.os=windows')).toEqual([
      "these facts don't tell what is wrong",
      expect.stringMatching(/^next: /),
    ]));
});
