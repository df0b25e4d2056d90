// Reports as people post them: the tools' and boards' lines in the shapes in which they were met in issue trackers and forums
// (esp8266/Arduino, espressif/arduino-esp32, platformio, esphome, community.blynk.cc), the words around them ours. Below
// `=== answer` the cause that has to come first, or several of which any may.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openGrammar } from '#cli/sketches.ts';
import { diagnose } from '#doctor/index.ts';
import { readAnything } from '#readers/index.ts';
import { check, readSketch, facts as sketchFacts } from '#sketch/index.ts';
import { mergeFacts } from '#values/facts.ts';

const folder = 'test/fixtures/reports';
const reports = readdirSync(folder).map((file) => {
  const [text = '', answer = ''] = readFileSync(`${folder}/${file}`, 'utf8').split('\n=== answer\n');
  return { name: file.replace('.txt', '').replaceAll('-', ' '), text, answers: answer.trim().split(' | ') };
});

async function firstCause(text: string): Promise<string | undefined> {
  const { facts, sketches } = readAnything(text);
  const code = sketches.at(-1);
  if (code === undefined) return diagnose(facts).causes[0]?.id;
  const sketch = readSketch(await openGrammar(), [{ name: 'pasted.ino', text: code }]);
  return diagnose(mergeFacts(facts, sketchFacts(sketch, check(sketch)))).causes[0]?.id;
}

describe('the first cause of a report', () => {
  it.each(reports)('$name', async ({ text, answers }) => {
    expect(answers).toContain(await firstCause(text));
  });
});
