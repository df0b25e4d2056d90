import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzipFor } from '#firmware/index.ts';
import { makeRp2040Image } from '#firmware/make.ts';
import { md5Hex } from '#values/index.ts';
import { boardAndHost, offer, restarted, runs } from '../host.fixture.ts';

const flashEnd = 0x1ff000;
const image = (build: string, bytes: number, fsBytes = 0x100000) =>
  makeRp2040Image({ bytes, build, seed: 5, fileSystem: { from: flashEnd - fsBytes, to: flashEnd } });
const found = (fileSystemBytes: number, core = 'rp2040@6.0.0') =>
  boardAndHost({ core, build: 'old', runningBytes: 100_000, fileSystemBytes });

describe('an RP2040', () => {
  it('inflates a staged gzip', async () => {
    const bench = await found(0x100000);
    const next = image('new', 300_000);
    expect((await offer(bench, { image: gzipFor(next).bytes })).said).toMatch(/OK$/);
    await restarted(bench);
    expect(bench.board.digest).toBe(md5Hex(next));
  });

  it('has no room for a second file beside the first', async () => {
    const bench = await found(0x40000);
    const first = image('second', 140_000, 0x40000);
    expect((await offer(bench, { image: first })).said).toMatch(/OK$/);
    await restarted(bench);
    const heard = await offer(bench, { image: image('third', 140_000, 0x40000) });
    expect(heard.said).toContain('ERROR[4]: Not Enough Space');
    await restarted(bench);
    expect(runs(bench.board)).toBe('second');
  });

  it('needs a file system', async () => {
    const heard = await offer(await found(0), { image: image('new', 100_000), patience: 10 });
    expect(heard.replies).toEqual(['ERR: No Filesystem']);
  });

  it('refuses at once what is larger than its file system, from 4.4.3 on', async () => {
    const heard = await offer(await found(0x40000), { image: image('new', 300_000), patience: 10 });
    expect(heard.replies).toEqual(['ERR: ERROR[4]: Not Enough Space\r\n']);
    const older = await offer(await found(0x40000, 'rp2040@4.0.0'), { image: image('new', 300_000) });
    expect(older.said).toContain('ERROR[4]: Not Enough Space');
  });

  it('begins the copy again after a loss of power: it ends with the old sketch or the new one', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(130_000), async (powerLossAfter) => {
        const bench = await boardAndHost({
          core: 'rp2040@6.0.0',
          build: 'old',
          runningBytes: 60_000,
          faults: { powerLossAfter },
        });
        const [before, next] = [bench.board.digest, image('new', 65_000)];
        await offer(bench, { image: next, patience: 10 });
        await restarted(bench);
        bench.board.powerCycle();
        await restarted(bench);
        expect(bench.board.digest).toBe(powerLossAfter < next.length ? before : md5Hex(next));
      }),
      { numRuns: 20 },
    );
  });

  it('takes any file, and is dead then', async () => {
    const bench = await found(0x100000);
    expect((await offer(bench, { image: new Uint8Array(20_000).fill(0x3c) })).said).toMatch(/OK$/);
    await restarted(bench);
    expect(bench.board.state).toBe('dead');
  });
});
