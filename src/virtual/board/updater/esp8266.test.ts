import { describe, expect, it } from 'vitest';
import { gzipFor } from '#firmware/index.ts';
import { makeEsp8266Image, signedTrailer } from '#firmware/make.ts';
import { md5Hex } from '#values/index.ts';
import { boardAndHost, offer, restarted, runs } from '../host.fixture.ts';
import type { BoardOptions } from '../index.ts';

const image = (core: string, bytes = 100_000, flashBytes = 0x400000, flashMode: 'dio' | 'dout' = 'dout') =>
  makeEsp8266Image({ core, bytes, build: 'new', seed: 2, flashBytes, flashMode });
const found = (core: string, more: Omit<BoardOptions, 'address'> = {}) =>
  boardAndHost({ core: `esp8266@${core}`, build: 'old', runningBytes: 100_000, ...more });

describe('the Update class of an ESP8266', () => {
  it('compares the hash as text up to 2.4.2, in any case from 2.5.0 on', async () => {
    const md5 = md5Hex(image('2.4.0')).toUpperCase();
    expect((await offer(await found('2.4.0'), { image: image('2.4.0'), md5 })).said).toContain('MD5');
    const later = image('2.5.2');
    expect((await offer(await found('2.5.2'), { image: later, md5: md5Hex(later).toUpperCase() })).said).toMatch(/OK$/);
  });

  it('takes no update after a wrong hash until it is restarted, with 2.0.0', async () => {
    const bench = await found('2.0.0');
    await offer(bench, { image: image('2.0.0'), md5: '0'.repeat(32) });
    expect(await offer(bench, { image: image('2.0.0'), patience: 20 })).toMatchObject({
      replies: ['OK'],
      called: false,
    });
    bench.board.reset();
    await restarted(bench);
    expect((await offer(bench, { image: image('2.0.0') })).said).toMatch(/OK$/);
  });

  it('refuses when the running header claims more flash than there is', async () => {
    const bench = await found('3.1.2', { layout: '4M1M', flashBytes: 0x100000 });
    const heard = await offer(bench, { image: image('3.1.2'), patience: 5 });
    expect(heard.replies).toEqual(['ERR: ERROR[8]: Flash config wrong: real: 1048576, SDK: 4194304\n']);
  });

  it('refuses at the end a new image for a larger flash', async () => {
    const bench = await found('2.3.0', { layout: '1M64' });
    const heard = await offer(bench, { image: image('2.3.0', 100_000, 0x400000) });
    expect(heard.said).toContain('ERROR[9]: new Flash config wrong real: 1048576\n');
  });

  it('refuses at the end what does not begin with 0xE9, from 2.1.0 on', async () => {
    const page = new Uint8Array(50_000).fill(0x3c);
    expect((await offer(await found('3.1.2'), { image: page })).said).toContain('ERROR[10]: Magic byte is not 0xE9\n');
    const oldest = await found('2.0.0');
    expect((await offer(oldest, { image: page })).said).toMatch(/OK$/);
    await restarted(oldest);
    expect(oldest.board.state).toBe('dead');
  });

  it('announces size 0 as bad', async () => {
    const heard = await offer(await found('3.1.2'), { image: new Uint8Array(0), patience: 5 });
    expect(heard.replies).toEqual(['ERR: ERROR[5]: Bad Size Given\n']);
  });

  it('gives the new image the flash mode it runs with, from 2.4.2 on', async () => {
    for (const [core, mode] of [
      ['2.4.1', 2],
      ['2.4.2', 3],
    ] as const) {
      const bench = await found(core);
      await offer(bench, { image: image(core, 100_000, 0x400000, 'dio') });
      await restarted(bench);
      expect(runs(bench.board), core).toBe('new');
      expect(bench.board.flash.read(2, 1)[0], core).toBe(mode);
    }
  });

  it('wants a signature when the sketch was built with a key, and runs the image without it', async () => {
    const bench = await found('3.1.2', { sketch: { verifiesSignature: true } });
    const plain = image('3.1.2');
    expect((await offer(bench, { image: plain })).said).toContain('ERROR[12]: Signature verification failed');
    expect((await offer(bench, { image: signedTrailer(plain) })).said).toMatch(/OK$/);
    await restarted(bench);
    expect(bench.board.digest).toBe(md5Hex(plain));
  });

  it.each([
    ['2.7.4', 'no-boot-loader'],
    ['3.1.2', 'new'],
  ])('%s and a signed gzip', async (core, after) => {
    const bench = await found(core, { sketch: { verifiesSignature: true } });
    expect((await offer(bench, { image: signedTrailer(gzipFor(image(core)).bytes) })).said).toMatch(/OK$/);
    await restarted(bench);
    bench.board.powerCycle();
    await restarted(bench);
    expect(runs(bench.board)).toBe(after);
  });

  it.each([
    ['2.4.0', 'ERROR[1]: Flash Write Failed'],
    ['2.7.4', 'ERROR[2]: Flash Erase Failed'],
  ])('%s reports a sector that cannot be erased, and can try again', async (core, said) => {
    // The first sector of the staging area of a file of 25 sectors.
    const bench = await found(core, { layout: '4M1M', faults: { wornSectors: [0x300 - 25] } });
    expect((await offer(bench, { image: image(core) })).said).toContain(said);
    expect((await offer(bench, { image: image(core) })).said).toContain(said);
    expect((await offer(bench, { image: image(core, 90_000) })).said).toMatch(/OK$/);
  });

  it('has no memory for its buffer when the heap is used up, from 3.1.0 on', async () => {
    const heard = await offer(await found('3.1.2', { faults: { heapExhausted: true } }), {
      image: image('3.1.2'),
      patience: 5,
    });
    expect(heard.replies).toEqual(['ERR: ERROR[14]: Out of memory\n']);
  });
});

describe('a file-system update of an ESP8266', () => {
  const files = (bytes: number) => new Uint8Array(bytes).map((_, i) => i % 251);

  it('is written where the file system lies', async () => {
    const bench = await found('3.1.2', { layout: '4M1M' });
    const data = files(65_536);
    expect((await offer(bench, { image: data, filesystem: true })).said).toMatch(/OK$/);
    expect(bench.board.flash.read(0x300000, data.length)).toEqual(data);
    await restarted(bench);
    expect(runs(bench.board)).toBe('old');
  });

  it('is refused when it is too large, from 2.6.0 on, and runs over what follows before', async () => {
    const data = files(0x10000 + 4096 * 3);
    const later = await offer(await found('2.6.3', { layout: '1M64' }), { image: data, filesystem: true, patience: 5 });
    expect(later.replies).toEqual(['ERR: ERROR[4]: Not Enough Space\r\n']);
    const bench = await found('2.5.2', { layout: '1M64' });
    expect((await offer(bench, { image: data, filesystem: true })).said).toMatch(/OK$/);
    expect(bench.board.flash.read(0xfb000, 4096), 'the EEPROM').toEqual(data.subarray(0x10000, 0x11000));
  });
});
