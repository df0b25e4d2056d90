import { describe, expect, it } from 'vitest';
import { drawFlash, flashMap, identify, layouts, schemeOf, schemes } from './index.ts';
import { makeEsp32Image, makeEsp8266Image, makeRp2040Image } from './make.ts';

const sketch = identify(makeEsp8266Image({ core: '2.3.0', bytes: 253_168 }));

describe('the map of a flash', () => {
  it('shows where running sketch, new firmware and file system lie', () => {
    const map = flashMap(sketch, { layout: '1M512', core: '2.3.0', runningBytes: 200_000 })!;
    expect(map.areas.map(({ what, from, to }) => [what, from / 4096, to / 4096])).toEqual([
      ['running', 0, 49],
      ['free', 49, 61],
      ['new', 61, 123],
      ['filesystem', 123, 251],
      ['eeprom', 251, 252],
      ['rf', 252, 253],
      ['sdk', 253, 256],
    ]);
  });

  it('shows the sector that both would need', () => {
    const map = flashMap(sketch, { layout: '1M512', core: '2.3.0' })!;
    expect(map.areas.filter(({ what }) => what === 'overlap')).toEqual([
      { from: 61 * 4096, to: 62 * 4096, what: 'overlap', label: 'needed by both' },
    ]);
  });

  it('has no gap and no overlap, on any layout or scheme', () => {
    const app = identify(makeEsp32Image({ bytes: 900_000 }));
    const maps = [
      ...['2.3.0', '3.1.2'].flatMap((core) => layouts(core).map(({ id }) => flashMap(sketch, { layout: id, core }))),
      ...schemes().map((id) => flashMap(app, { layout: id })),
    ];
    for (const map of maps) {
      let at = 0;
      for (const { from, to } of map!.areas) {
        expect(from).toBe(at);
        expect(to).toBeGreaterThan(from);
        at = to;
      }
      expect(at).toBe(map!.flashBytes);
    }
  });

  it('of an ESP32 shows both slots', () => {
    const { areas } = flashMap(identify(makeEsp32Image({ bytes: 900_000 })), { layout: 'default' })!;
    const slot = schemeOf('default')!.slots[1]!;
    expect(areas.find(({ what }) => what === 'new')).toMatchObject({
      from: slot.offset,
      label: 'new firmware in app1',
    });
    expect(areas.find(({ what }) => what === 'running')).toMatchObject({ label: 'running sketch in app0' });
  });

  it('of a Pico comes from the image itself', () => {
    const { areas, flashBytes } = flashMap(identify(makeRp2040Image({ bytes: 400_000 })), {})!;
    expect(flashBytes).toBe(2 << 20);
    expect(areas.map(({ what }) => what)).toEqual(['running', 'free', 'filesystem', 'eeprom']);
  });

  it('is not known without a layout', () => {
    expect(flashMap(sketch, {})).toBeUndefined();
    expect(flashMap(sketch, { layout: 'nonsense' })).toBeUndefined();
  });
});

describe('the picture of a flash', () => {
  it('is to scale, a sector a character where the width allows', () => {
    const lines = drawFlash(flashMap(sketch, { layout: '1M512', core: '2.3.0' })!, { width: 66 });
    expect(lines.slice(0, 4)).toEqual([
      `|${'#'.repeat(61)}!${'+'.repeat(2)}|`,
      `|${'+'.repeat(59)}${'='.repeat(5)}|`,
      `|${'='.repeat(64)}|`,
      `|${'='.repeat(59)}ERSSS|`,
    ]);
    expect(lines.at(-1)).toBe('one character is 4 KB of flash');
    expect(lines).toContain('! 0x03D000-0x03E000      1 sector   needed by both');
  });

  it('keeps within its width, and shows the small areas at the end', () => {
    for (const width of [20, 40, 80, 200]) {
      const lines = drawFlash(flashMap(sketch, { layout: '4M2M', core: '3.1.2' })!, { width });
      const bar = lines.filter((line) => line.startsWith('|'));
      expect(Math.max(...bar.map((line) => line.length))).toBeLessThanOrEqual(width);
      expect(bar.join('')).toMatch(/#.*\+.*=.*[ERS]/s);
    }
  });
});
