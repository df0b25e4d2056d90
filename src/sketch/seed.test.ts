import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checked, fixtures, testGrammar } from './grammar.fixture.ts';
import { applyFixes, check, facts, readSketch } from './index.ts';

// The three sketches of the forum thread "OTA Flashing" on community.blynk.cc.
const seed = (name: string) => ({
  name: `${name}.ino`,
  text: readFileSync(new URL(`seed/${name}.ino`, fixtures), 'utf8'),
});
const ids = (findings: { id: string }[]) => findings.map(({ id }) => id).sort();

describe('the sketches of the thread that began it', () => {
  it('says of the first: Blynk owns the Wi-Fi, a restart loop, two speeds, and four smaller things', async () => {
    expect(ids(await checked([seed('first')]))).toEqual(['L02', 'L13', 'L14', 'L21', 'L30', 'L33', 'L47']);
  });

  it('says of the one that a helper offered: two endless waits before OTA begins', async () => {
    expect(ids(await checked([seed('helper')]))).toEqual(['L01', 'L02', 'L03', 'L21', 'L39']);
  });

  it('says of the reordered one: two endless waits, and OTA begun before the Wi-Fi', async () => {
    expect(ids(await checked([seed('reordered')]))).toEqual(['L01', 'L02', 'L12', 'L18', 'L21', 'L39']);
  });

  it('gives the doctor facts in its own spelling', async () => {
    const sketch = readSketch(await testGrammar(), [seed('first')]);
    const found = new Map(facts(sketch, check(sketch)).map((each) => [each.fact as string, each.value]));
    expect(Object.fromEntries(found)).toMatchObject({
      'image.has-ota': true,
      'board.family': 'esp8266',
      'sketch.joins-wifi': true,
      'sketch.password-form': 'none',
      'sketch.stops-work-on-start': false,
      'sketch.stock-example': false,
      'sketch.longest-wait': 0,
      'sketch.lint.blynk-begin-owns-wifi': true,
      'sketch.lint.wifi-wait-forever': true,
      'sketch.lint.serial-two-bauds': true,
      'sketch.lint.ota-begin-after-blocker': false,
      'sketch.lint.handle-missing': false,
      'sketch.lint.no-onerror': false,
    });
  });

  it('mends the first so that what was mended is not found again', async () => {
    const files = [seed('first')];
    const { files: fixed, applied, diff } = applyFixes(files, await checked(files));
    expect(ids([...applied])).toEqual(['L02', 'L33', 'L47']);
    expect(ids(await checked(fixed))).toEqual(['L13', 'L21', 'L30']);
    expect(diff).toContain('-  Blynk.begin(auth, ssid, pass);');
    expect(diff).toContain('+  Blynk.config(auth);\n+  Blynk.connect(5000);');
  });
});
