// How fast an upload is, in simulated time: nothing but the link, the flash and the board's own polls takes any there.
import { describe, expect, it } from 'vitest';
import { type Cell, race, size, type Uploader, uploadBy, virtualGround } from '../bench/race.ts';

const time = (cell: Cell, uploader: Uploader): Promise<number> => {
  const ground = virtualGround();
  return race(cell, ground, uploadBy(uploader, cell, ground));
};
const cells = (core: string): Cell[] =>
  [2144, 5840].flatMap((window) =>
    [0, 25].flatMap((sectorTime) => [0, 5, 20, 50].map((roundTrip) => ({ core, roundTrip, window, sectorTime }))),
  );
const said = ({ roundTrip, window, sectorTime }: Cell): string =>
  `${roundTrip} ms away, window ${window}, ${sectorTime} ms a sector`;

describe('the pace of an upload', () => {
  it.each(cells('3.1.2').map((cell) => [said(cell), cell] as const))(
    'wastes next to nothing on a board that only queues its answers, %s',
    async (_, cell) => {
      // Who sends all at once and waits for nothing is as fast as the board can be, and sees no progress.
      expect(await time(cell, 'whyota')).toBeLessThan(1.07 * (await time(cell, size)));
    },
  );

  it.each(cells('2.3.0').map((cell) => [said(cell), cell] as const))(
    'finds the burst that a board likes best which waits for each acknowledgement, %s',
    async (_, cell) => {
      const fixed = await Promise.all([1460, 2920, 5840].map((burst) => time(cell, burst)));
      expect(await time(cell, 'whyota')).toBeLessThan(1.05 * Math.min(...fixed));
    },
  );

  it('shows progress at least once a second, however fast the board is', async () => {
    const cell: Cell = { core: '3.1.2', roundTrip: 20, window: 5840, sectorTime: 25 };
    const ground = virtualGround();
    const seen: number[] = [];
    await race(
      cell,
      ground,
      uploadBy('whyota', cell, ground, (at) => seen.push(at)),
    );
    const gaps = seen.slice(1).map((at, i) => at - seen[i]!);
    expect(seen.length).toBeGreaterThan(3);
    expect(Math.max(...gaps)).toBeLessThan(1250);
  });
});
