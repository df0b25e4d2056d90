import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeEsp32Bootloader, makeEsp32Image } from '#firmware/make.ts';
import { md5Hex } from '#values/index.ts';
import { boardAndHost, offer, restarted, runs } from '../host.fixture.ts';

const image = (build: string, bytes = 300_000) => makeEsp32Image({ bytes, build, seed: 3 });
const found = (layout = 'default') => boardAndHost({ core: 'esp32@3.2.0', build: 'old', layout });

describe('an ESP32', () => {
  it('puts each update into the slot that does not run', async () => {
    const bench = await found();
    const slots = [bench.board.program?.at];
    for (const build of ['second', 'third']) {
      expect((await offer(bench, { image: image(build) })).said).toMatch(/OK$/);
      await restarted(bench);
      expect(runs(bench.board)).toBe(build);
      slots.push(bench.board.program?.at);
    }
    expect(slots).toEqual([0x10000, 0x150000, 0x10000]);
  });

  it('refuses to start an image for another chip, and goes on with the old one', async () => {
    const bench = await found();
    const heard = await offer(bench, { image: makeEsp32Image({ chip: 'esp32-c3', bytes: 300_000, build: 'new' }) });
    expect(heard.said).toMatch(/\d+Could Not Activate The Firmware\r\n$/);
    bench.board.powerCycle();
    await restarted(bench);
    expect(runs(bench.board)).toBe('old');
  });

  it('runs the old sketch or the new one, whatever byte the power is lost at', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60_100), async (powerLossAfter) => {
        const bench = await boardAndHost({
          core: 'esp32@3.2.0',
          build: 'old',
          runningBytes: 50_000,
          faults: { powerLossAfter },
        });
        const [before, next] = [bench.board.digest, image('new', 60_000)];
        await offer(bench, { image: next, patience: 10 });
        bench.board.powerCycle();
        await restarted(bench);
        // The last 32 bytes written are the record that makes the new slot count.
        expect(bench.board.digest).toBe(powerLossAfter < next.length + 32 ? before : md5Hex(next));
      }),
      { numRuns: 20 },
    );
  });

  it('refuses a damaged image', async () => {
    const bench = await found();
    const damaged = image('new');
    damaged[200_000]! ^= 1;
    expect((await offer(bench, { image: damaged })).said).toContain('Could Not Activate The Firmware');
  });

  it('sees a wrong first byte after 4 KB', async () => {
    const wrong = image('new').slice();
    wrong[0] = 0x3c;
    const old = await boardAndHost({ core: 'esp32@1.0.4' });
    expect((await offer(old, { image: wrong })).said).toMatch(/^14601460Wrong Magic Byte\r\n$/);
    expect((await offer(await found(), { image: wrong })).said).toContain('Decryption error');
  });

  it('says OK and nothing more when the file is larger than a slot', async () => {
    const heard = await offer(await found(), { image: image('new', 1_400_000), patience: 20 });
    expect(heard).toMatchObject({ replies: ['OK'], called: false });
  });

  it('says OK and nothing more when its table has no slot to write to', async () => {
    const heard = await offer(await found('bare_minimum_2MB'), { image: image('new'), patience: 20 });
    expect(heard).toMatchObject({ replies: ['OK'], called: false });
  });

  it('dies in the middle and comes back unchanged when its only slot is the one that runs', async () => {
    const bench = await found('huge_app');
    const before = bench.board.digest;
    const heard = await offer(bench, { image: image('new'), patience: 20 });
    expect(heard).toMatchObject({ replies: ['OK'], called: true });
    expect(heard.said).not.toContain('OK');
    await restarted(bench);
    expect(bench.board.digest).toBe(before);
  });

  it('takes its own boot loader for an application, and falls back to the old one', async () => {
    const bench = await found();
    const bootloader = makeEsp32Bootloader({});
    expect((await offer(bench, { image: bootloader })).said).toMatch(/OK$/);
    expect(bench.board.updates.at(-1)?.md5).toBe(md5Hex(bootloader));
    await restarted(bench);
    expect(runs(bench.board)).toBe('old');
    await offer(bench, { image: image('new') });
    await restarted(bench);
    expect(runs(bench.board)).toBe('new');
  });
});
