import { constants, deflateRawSync } from 'node:zlib';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { sectors } from '#values/index.ts';
import {
  type BoardFacts,
  type Fit,
  fileBytesOf,
  fitLoad,
  fit as fitting,
  gzipFor,
  identify,
  inflatesInPlace,
  largestThatUpdatesItself,
  layoutOf,
  sketchUsesOf,
} from './index.ts';
import { makeEsp32Image, makeEsp8266Image, makeLittleFs, makeRp2040Image, signedTrailer } from './make.ts';

const esp8266 = (facts: BoardFacts): BoardFacts => ({ family: 'esp8266', ...facts });

describe('the largest sketch that can update itself', () => {
  // Layout, core, sectors below the file system, longest .bin, N: surely, at best (up to 2.5.0), exactly (from 2.5.1 on).
  // biome-ignore format: a table
  const rows: readonly (readonly [string, string, number, number, number | undefined, number | undefined, number])[] = [
    ['512K128', '2.3.0', 91, 184320, 180168, 180180, 180175],
    ['512K64', '2.3.0', 107, 217088, 212936, 212948, 212943],
    ['512K32', '2.4.2', 115, 233472, 229320, 229332, 229327],
    ['512K0', '2.3.0', 123, 249856, 245704, 245716, 245711],
    ['1M512', '2.3.0', 123, 249856, 245704, 245716, 245711],
    ['1M256', '2.3.0', 187, 380928, 376776, 376788, 376783],
    ['1M192', '2.3.0', 203, 413696, 409544, 409556, 409551],
    ['1M160', '2.3.0', 211, 430080, 425928, 425940, 425935],
    ['1M144', '2.3.0', 215, 438272, 434120, 434132, 434127],
    ['1M128', '2.3.0', 219, 446464, 442312, 442324, 442319],
    ['1M64', '2.3.0', 235, 479232, 475080, 475092, 475087],
    ['1M', '2.7.4', 251, 512000, 507848, 507860, 507855],
    ['2M1M', '2.7.4', 256, 524288, 520136, 520148, 520143],
    ['4M3M', '2.3.0', 256, 524288, 520136, 520148, 520143],
    ['8M7M', '2.7.4', 256, 524288, 520136, 520148, 520143],
    ['16M15M', '3.1.2', 256, 524288, 520136, 520148, 520143],
    ['2M512', '2.7.4', 384, 786432, 782280, 782292, 782287],
    ['2M256', '2.7.4', 448, 917504, 913352, 913364, 913359],
    ['2M128', '2.7.4', 480, 983040, 978888, 978900, 978895],
    ['2M64', '2.7.4', 496, 1015808, undefined, undefined, 1011663],
    ['2M', '2.7.4', 507, 1036288, 1032136, 1032148, 1032143],
    ['4M2M', '2.4.2', 512, 1048576, 1044424, 1044436, 1044431],
    ['8M6M', '2.7.4', 512, 1048576, 1044424, 1044436, 1044431],
  ];
  it.each(rows)('on %s (%s): %i sectors, a .bin of %i bytes', (id, core, sectors, bytes, surely, atBest, exactly) => {
    const { updateEnd } = layoutOf(id, core)!;
    expect([updateEnd / 4096, largestThatUpdatesItself(updateEnd)]).toEqual([sectors, bytes]);
    if (surely !== undefined) expect(sketchUsesOf(bytes, '2.5.0')).toEqual({ from: surely, to: atBest });
    expect(sketchUsesOf(bytes, '2.5.1')).toEqual({ from: exactly, to: exactly });
    const same = fitLoad({ bytes }, esp8266({ layout: id, core }));
    expect(same).toMatchObject({ verdict: 'fits', limit: { bytes } });
    expect(fitLoad({ bytes: bytes + 1 }, esp8266({ layout: id, core })).verdict).toBe('does-not-fit');
  });

  it('on 4M with 1 MB or no file system is whatever links', () => {
    for (const [id, sectors] of [
      ['4M1M', 768],
      ['4M', 1019],
    ] as const) {
      expect(layoutOf(id, '3.1.2')!.updateEnd / 4096).toBe(sectors);
      expect(fitLoad({ bytes: 1048624 }, esp8266({ layout: id, core: '3.1.2' })).verdict).toBe('fits');
    }
  });

  it('agrees with esp8266/Arduino issue 1042: 512K without file system, 245,714 "used" updates itself, 247,662 fails', () => {
    const board = esp8266({ layout: '512K0', core: '2.0.0' });
    const lengths = fileBytesOf(245_714, '2.0.0');
    expect(lengths).toEqual({ from: 249_856, to: 249_872 });
    // The padding decides whether it is at the limit or just above: the board in question was at it.
    expect(fitLoad({ bytes: lengths.from }, board).verdict).toBe('fits');
    const { limit } = fitLoad({ bytes: lengths.from }, board);
    expect(limit!.sketchUses).toEqual({ from: 245_704, to: 245_716 });
    for (const bytes of Object.values(fileBytesOf(247_662, '2.0.0')))
      expect(fitLoad({ bytes }, board).verdict).toBe('does-not-fit');
  });

  it('is found from "Sketch uses" and back', () => {
    expect(fileBytesOf(249_019, '2.3.0')).toEqual({ from: 253_168, to: 253_168 });
    expect(fileBytesOf(249_019, '2.7.4')).toEqual({ from: 253_168, to: 253_168 });
    // A real file of 293,488 bytes in its sections has 297,632.
    expect(fileBytesOf(293_488, '2.3.0').from).toBe(297_632);
    for (const n of [100_001, 200_002, 300_003, 300_004])
      for (const core of ['2.3.0', '2.7.4']) {
        const made = makeEsp8266Image({ core, sketchBytes: n }).length;
        const range = fileBytesOf(n, core);
        expect(made).toBeGreaterThanOrEqual(range.from);
        expect(made).toBeLessThanOrEqual(range.to);
      }
  });
});

describe('two copies on an ESP8266', () => {
  const oneM512 = 0x7b000;
  const gzip = { bytes: 176_200, gzip: { inflatedBytes: 253_168 } };
  const found = (running: number | undefined, bytes: number, updateEnd: number, core?: string): Fit =>
    fitLoad({ bytes }, esp8266({ runningBytes: running, updateEnd, core }));

  it('of 253,168 bytes on 1M512 are one sector short, and core 2.3.0 says nothing about it', () => {
    const answer = found(253_168, 253_168, oneM512, '2.3.0');
    expect(answer).toMatchObject({ verdict: 'does-not-fit', board: 'silent' });
    expect(answer.sums).toEqual({
      running: 62,
      sent: 62,
      needed: 124,
      available: 123,
      shortBy: 1,
      startOffset: 249_856,
      updateEnd: 503_808,
    });
    expect(answer.problem).toMatchObject({ code: 'img-8266-two-copies-dont-fit' });
    expect(answer.problem!.what).toContain('1 sector (4,096 bytes) short');
    expect(answer.problem!.why).toContain('62 + 62 = 124, and there are 123');
    expect(answer.problem!.fix).not.toContain('gzip');
    expect(answer.problem!.fix).toContain('first send a small sketch built with it (at most 249,856 bytes)');
  });

  it('are refused aloud from 2.4.0 on, and gzip is offered from 2.7.0 on', () => {
    expect(found(253_168, 253_168, oneM512, '2.4.0').board).toBe('says-so');
    const answer = found(253_168, 253_168, oneM512, '2.7.4');
    expect(answer.board).toBe('says-so');
    expect(answer.problem!.fix).toContain('gzip');
  });

  // biome-ignore format: a table
  const rows: readonly (readonly [number, number, number, string | undefined, 'fits' | 'short', number])[] = [
    [249_856, 253_168, 0x7b000, undefined, 'fits', 0x3d000],
    [249_856, 249_856, 0x7b000, undefined, 'fits', 0x3e000],
    [300_000, 300_000, 0xeb000, undefined, 'fits', 0xeb000 - 74 * 4096],
    [479_232, 479_232, 0xeb000, undefined, 'fits', 0xeb000 - 117 * 4096],
    [479_233, 479_233, 0xeb000, undefined, 'short', 1],
    [483_328, 483_328, 0xeb000, undefined, 'short', 1],
    [512_000, 512_000, 0xfb000, '2.4.2', 'fits', 0xfb000 - 125 * 4096],
    [524_288, 524_288, 0x100000, undefined, 'fits', 0x80000],
    [1_036_288, 1_036_288, 0x1fb000, '2.5.0', 'fits', 0x1fb000 - 253 * 4096],
    [1_048_576, 1_048_576, 0x200000, '2.4.2', 'fits', 0x100000],
    [1_048_624, 1_048_624, 0x200000, '2.5.1', 'short', 2],
    [1_048_624, 1_048_624, 0x300000, '2.5.1', 'fits', 0x300000 - 257 * 4096],
    [253_168, 253_428, 0x7b000, '3.1.2', 'short', 1],
  ];
  it.each(rows)(
    'running %i, new %i, file system from %i, core %s: %s',
    (running, bytes, updateEnd, core, outcome, number) => {
      const { sums, verdict } = found(running, bytes, updateEnd, core);
      expect(verdict).toBe(outcome === 'fits' ? 'fits' : 'does-not-fit');
      expect(outcome === 'fits' ? sums!.startOffset : sums!.shortBy).toBe(number);
    },
  );

  it('larger than the whole area: 2.0.0 to 2.4.1 miscount and start, 2.4.2 refuses', () => {
    const board = (core: string) => found(100_000, 600_000, oneM512, core).board;
    expect(['2.0.0', '2.3.0', '2.4.1', '2.4.2'].map(board)).toEqual([
      'starts-and-fails',
      'starts-and-fails',
      'starts-and-fails',
      'says-so',
    ]);
  });

  it('with the running one unknown are taken to be alike, and that is said', () => {
    const answer = found(undefined, 200_000, oneM512);
    expect(answer).toMatchObject({ verdict: 'fits', sums: { running: 49 } });
    expect(answer.assumptions.join(' ')).toContain('taken to be as long as the new one');
    expect(found(303_104, 200_000, oneM512).verdict).toBe('fits');
    expect(found(303_105, 200_000, oneM512).verdict).toBe('does-not-fit');
  });

  it('need no layout more than this: without one the answer is unknown', () => {
    expect(fitLoad({ bytes: 200_000 }, esp8266({})).verdict).toBe('unknown');
    expect(fitLoad({ bytes: 200_000 }, esp8266({ layout: 'nonsense' })).verdict).toBe('unknown');
  });

  it('are not even looked at when the running sketch was built for more flash than there is', () => {
    const answer = fitLoad({ bytes: 200_000 }, esp8266({ layout: '4M3M', core: '2.3.0', flashBytes: 1 << 20 }));
    expect(answer).toMatchObject({ board: 'silent', problem: { code: 'img-flash-size-declared-too-big' } });
  });

  it('compressed fit where the running core inflates, and are refused where it does not', () => {
    const board = (core: string) => esp8266({ runningBytes: 253_168, updateEnd: oneM512, core });
    expect(fitLoad(gzip, board('2.7.4'))).toMatchObject({
      verdict: 'fits',
      sums: { startOffset: 0x4f000, needed: 106 },
    });
    expect(fitLoad(gzip, board('2.6.3')).problem?.code).toBe('img-gzip-unsupported');
    const signed = fitLoad({ ...gzip, signed: true }, board('2.7.4'));
    expect([signed.problem?.code, signed.board]).toEqual(['img-gzip-signed', 'breaks']);
    expect(fitLoad({ ...gzip, signed: true }, board('3.0.0')).verdict).toBe('fits');
  });

  it('compressed must have room to inflate as well', () => {
    const larger = { bytes: 100_000, gzip: { inflatedBytes: oneM512 + 1 } };
    const answer = fitLoad(larger, esp8266({ runningBytes: 100_000, updateEnd: oneM512, core: '3.1.2' }));
    expect([answer.problem?.code, answer.board]).toEqual(['img-gzip-no-room-to-inflate', 'breaks']);
  });

  it('compressed may be inflated over themselves as long as what is unread stays whole', () => {
    const image = makeEsp8266Image({ core: '2.7.4', bytes: 297_632 });
    const { bytes } = gzipFor(image);
    const wide = (73 + Math.ceil(bytes.length / 4096)) * 4096;
    expect(inflatesInPlace(bytes, wide)).toBe(true);
    expect(inflatesInPlace(bytes, 74 * 4096)).toBe(true);
    expect(inflatesInPlace(bytes, 72 * 4096)).toBe(false);
    // What cannot be compressed grows a little, but each sector has been read before it is written over.
    const noise = gzipFor(makeEsp8266Image({ core: '2.7.4', bytes: 61 * 4096, compressibility: 1 })).bytes;
    expect(noise.length).toBeLessThan(61 * 4096);
    expect(inflatesInPlace(gzipSync(noise, { level: 0 }), sectors(noise.length) * 4096)).toBe(true);
    // One that gives much at first and grows afterwards runs into what it has yet to read.
    const head = deflateRawSync(new Uint8Array(30 * 4096), { finishFlush: constants.Z_FULL_FLUSH });
    const tail = Array.from({ length: 2000 }, () => [0, 10, 0, 245, 255, ...new Uint8Array(10)]).flat();
    const growing = Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0, ...head, ...tail, 3, 0, ...new Uint8Array(8)]);
    expect([inflatesInPlace(growing, 35 * 4096), inflatesInPlace(growing, 37 * 4096)]).toEqual([false, true]);
    const signed = identify(signedTrailer(gzipFor(image).bytes));
    expect(fitting(signed, esp8266({ core: '3.1.2', layout: '1M512', runningBytes: 200_000 })).verdict).toBe('fits');
  });
});

describe('an ESP32', () => {
  const image = identify(makeEsp32Image({ bytes: 1_200_000 }));
  const large = identify(makeEsp32Image({ bytes: 1_310_736 }));
  it('takes what is no longer than its slot', () => {
    expect(fitting(image, { layout: 'default' })).toMatchObject({ verdict: 'fits', limit: { bytes: 1_310_720 } });
    expect(fitting(large, { layout: 'default' })).toMatchObject({
      verdict: 'does-not-fit',
      board: 'silent',
      problem: { code: 'img-esp32-larger-than-slot' },
    });
    expect(fitting(large, { layout: 'min_spiffs' }).verdict).toBe('fits');
    expect(fitting(large, { slotBytes: 1_310_736 }).verdict).toBe('fits');
    expect(fitting(image, {}).verdict).toBe('unknown');
  });

  it.each(['huge_app', 'no_ota', 'max_app_4MB', 'minimal', 'rainmaker_4MB_no_ota'])(
    'cannot be updated on %s',
    (layout) => {
      expect(fitting(image, { layout }).problem?.code).toBe('img-esp32-no-ota-slot');
    },
  );

  it('takes no gzip', () => {
    const packed = identify(gzipFor(makeEsp32Image({ bytes: 50_000 })).bytes);
    expect(fitting(packed, { layout: 'default' }).problem?.code).toBe('img-gzip-unsupported');
  });
});

describe('a Pico', () => {
  it('stores the update as a file: 64 blocks hold 253,484 bytes less the block of the command', () => {
    const limit = (blocks: number) => fitLoad({ bytes: 1 }, { family: 'rp2040', fsBytes: blocks * 4096 }).limit!.bytes;
    // One block more than the file needs by itself: the command file.
    expect([limit(65), limit(129)]).toEqual([253_484, 515_120]);
    const image = identify(makeRp2040Image({ bytes: 140_000 }));
    expect(fitting(image, { fsBytes: 256 * 1024 }).verdict).toBe('fits');
  });

  it('with an unknown file system is taken to have that of the sketch, and that is said', () => {
    const answer = fitting(identify(makeRp2040Image({ bytes: 140_000 })), {});
    expect(answer.verdict).toBe('fits');
    expect(answer.assumptions[0]).toContain('as large as the one this sketch was built with');
  });

  it('needs room for the file of the update before, too', () => {
    const answer = fitLoad({ bytes: 140_000 }, { family: 'rp2040', fsBytes: 256 * 1024, stagedBytes: 140_000 });
    expect(answer).toMatchObject({ board: 'starts-and-fails', problem: { code: 'img-rp2040-filesystem-too-small' } });
    expect(answer.problem!.fix).toContain('firmware.bin');
  });
});

describe('a file-system image', () => {
  const image = identify(makeLittleFs(512 * 1024, 8192));
  it('may be as large as the file system of the running sketch', () => {
    expect(fitting(image, esp8266({ layout: '1M512', core: '2.7.4' }), 'filesystem').verdict).toBe('fits');
    expect(fitting(image, esp8266({}), 'filesystem').verdict).toBe('unknown');
  });

  it('that is larger is refused from 2.6.0 on, and damages settings before', () => {
    const answer = (core: string) => fitting(image, esp8266({ layout: '1M256', core }), 'filesystem');
    expect(answer('2.7.4')).toMatchObject({ board: 'says-so', problem: { code: 'img-fs-image-too-big' } });
    expect(answer('2.3.0')).toMatchObject({ board: 'breaks', problem: { code: 'img-fs-image-too-big' } });
    expect(fitting(image, { family: 'esp32', layout: 'no_fs' }, 'filesystem').problem?.what).toContain(
      'no file system',
    );
  });
});
