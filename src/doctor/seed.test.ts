// The two failures of a beginner's forum thread: what the doctor has to answer.
import { describe, expect, it } from 'vitest';
import { diagnose } from './rank.ts';
import { render, short } from './render.ts';
import { firstFailure, secondFailure } from './seed.fixture.ts';

const text = (facts: typeof firstFailure) =>
  render(diagnose(facts))
    .map((line) => line.text)
    .join('\n');

describe('the verbose log and the first sketch', () => {
  const diagnosis = diagnose(firstFailure);
  const lines = short(diagnosis);

  it("says in a beginner's units that two copies don't fit", () =>
    expect(lines[0]).toBe(
      'likely: the sketch is 3.3 KB too big to update itself with the Flash Size chosen, 1M (512K SPIFFS)',
    ));

  it('names the menu entry, then the ways in order: without a cable, with one, or smaller', () => {
    expect(lines[1]).toContain('Tools > Flash Size > 1M (64K SPIFFS)');
    expect(lines[2]).toContain('Without a cable');
    expect(lines[3]).toMatch(/with a cable.*power off and on/);
    expect(lines[4]).toContain('"Sketch uses" must say 245,704 or less');
  });

  it('names the rival and the one test that separates them', () => {
    expect(diagnosis.causes.map(({ id }) => id)).toEqual([
      'img-8266-two-copies-dont-fit',
      'sk-cloud-reconnect-starves',
    ]);
    expect(lines[5]).toContain('waits for its server');
    expect(lines[5]).toContain('Send a small OTA sketch');
  });

  it('has at most six lines before the details', () => expect(lines.length).toBeLessThanOrEqual(6));

  it('shows the sum, and that this core says OK first', () => {
    const whole = text(firstFailure);
    expect(whole).toContain('the sketch uses 249,019 bytes, so the .bin has 253,168 bytes = 62 sectors');
    expect(whole).toContain('needed side by side: 124 sectors; below the file system there are 123: 1 missing');
    expect(whole).toContain('core 2.3.0 and older answer OK before they find out, and then stay silent');
  });

  it('is likely, with its assumption, and certain once the running size is known', () => {
    expect(diagnosis.causes[0]).toMatchObject({
      verdict: 'likely',
      assumption: 'assuming the running sketch is about as large as this one',
    });
    const known = diagnose([
      ...firstFailure.filter(({ fact }) => fact !== 'running.core-version'),
      { fact: 'running.size', value: 253168, source: 'transcript' },
      { fact: 'image.size', value: 253168, source: 'image' },
    ]);
    expect(known.causes[0]).toMatchObject({ id: 'img-8266-two-copies-dont-fit', verdict: 'certain' });
  });
});

describe('the later posts and the third sketch', () => {
  const diagnosis = diagnose(secondFailure);
  const ruledOut = Object.fromEntries(diagnosis.ruledOut.map(({ id, why }) => [id, why]));

  it('is not the firewall, and says why', () =>
    expect(ruledOut['host-firewall-windows']).toBe('it fails too with the firewall off'));
  it('is not Python, and says why', () =>
    expect(ruledOut['tool-python-version-mismatch'] ?? ruledOut['tool-python-missing']).toBe(
      'Python was found and ran',
    ));
  it('is led by a loop that waits for its server, then by the flash', () =>
    expect(diagnosis.causes.slice(0, 2).map(({ id }) => id)).toEqual([
      'sk-cloud-reconnect-starves',
      'img-8266-two-copies-dont-fit',
    ]));
  it('offers a corrected sketch and the test that tells which', () => {
    expect(text(secondFailure)).toContain('whyota sketch --new');
    expect(diagnosis.next.test).toContain('Look whether the app shows the board as online');
  });
});
