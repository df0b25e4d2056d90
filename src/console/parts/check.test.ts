import { describe, expect, it } from 'vitest';
import { makeEsp32Image, makeEsp8266Image, makeLittleFs } from '#firmware/make.ts';
import type { Device } from '#hub/contract/index.ts';
import { checkBoard, chosenFile, commandOf, faultOf } from './check.ts';

const board: Device = {
  id: 'a1',
  name: 'lamp',
  presence: 'online',
  flapping: false,
  ways: ['espota'],
  flashable: true,
  family: 'esp8266',
  core: '2.3.0',
  layout: '1M512',
  runningBytes: 253_168,
  tags: [],
  hasToken: false,
  hasPassword: false,
  createdAt: 0,
};
const sketch = (bytes: number) => chosenFile('lamp.bin', makeEsp8266Image({ bytes, core: '2.3.0' })).image;

describe('a file and a board', () => {
  it('fits where there is room, and the picture shows both', () => {
    const { verdict, map } = checkBoard(sketch(200_000), board);
    expect(verdict).toBe('fits');
    expect(map?.areas.map(({ what }) => what)).toEqual(expect.arrayContaining(['running', 'new', 'filesystem']));
  });

  it('does not fit where there is none, and the picture shows where they overlap', () => {
    const { verdict, problem, map } = checkBoard(sketch(253_168), board);
    expect(verdict).toBe('does-not-fit');
    expect(problem?.fix).toBeTruthy();
    expect(map?.areas.map(({ what }) => what)).toContain('overlap');
  });

  it('is not for a board of another family', () => {
    const image = chosenFile('x.bin', makeEsp32Image({ bytes: 200_000 })).image;
    expect(checkBoard(image, board)).toMatchObject({ verdict: 'not-for-it', problem: { code: 'img-wrong-chip' } });
  });

  it('is unknown where nobody knows the layout', () => {
    const { layout: _, ...unknown } = board;
    expect(checkBoard(sketch(200_000), unknown).verdict).toBe('unknown');
  });

  it('tells a file system from a sketch, and a file that is for nobody', () => {
    expect(commandOf(chosenFile('fs.bin', makeLittleFs(64 * 1024)).image)).toBe('filesystem');
    expect(faultOf(chosenFile('page.bin', new TextEncoder().encode('<!doctype html><html>')).image)).toBeDefined();
  });
});
