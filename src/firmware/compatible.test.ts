import { describe, expect, it } from 'vitest';
import { type BoardFacts, compatible, gzipFor, identify } from './index.ts';
import {
  makeEsp32Bootloader,
  makeEsp32Image,
  makeEsp8266Image,
  makeLittleFs,
  makeMerged,
  makeRp2040Image,
  signedTrailer,
} from './make.ts';

const MiB = 1 << 20;
const sketch = makeEsp8266Image({ core: '2.7.4', bytes: 60_000, flashBytes: MiB, flashMode: 'dio' });

const codes = (bytes: Uint8Array, board: BoardFacts, command: 'sketch' | 'filesystem' = 'sketch') => {
  const { problems, warnings } = compatible(identify(bytes), board, command);
  return { problems: problems.map(({ code }) => code), warnings: warnings.map(({ code }) => code) };
};
const fine = { problems: [], warnings: [] };

describe('a sketch and a board', () => {
  it('go together when nothing speaks against it', () => {
    expect(codes(sketch, {})).toEqual(fine);
    expect(codes(sketch, { family: 'esp8266', chip: 'esp8285', flashBytes: MiB, flashMode: 'dio' })).toEqual(fine);
    expect(codes(makeEsp32Image({ chip: 'esp32-c3', bytes: 50_000 }), { family: 'esp32' })).toEqual(fine);
  });

  it('of another chip do not, and what would happen is said', () => {
    const esp32 = makeEsp32Image({ bytes: 50_000 });
    const worst = compatible(identify(esp32), { family: 'esp8266' }).problems[0]!;
    expect(worst.code).toBe('img-wrong-chip');
    expect(worst.what).toBe('the firmware is for ESP32, the board is an ESP8266');
    expect(worst.why).toContain('starts no more until it is flashed by wire');
    expect(codes(sketch, { family: 'esp32' }).problems).toEqual(['img-wrong-chip']);
    expect(codes(esp32, { family: 'esp32', chip: 'esp32-c3' }).problems).toEqual(['img-wrong-chip']);
    expect(codes(makeRp2040Image({ bytes: 20_000 }), { chip: 'rp2350' }).problems).toEqual(['img-wrong-chip']);
    expect(codes(sketch, { family: 'rp2040' }).problems).toEqual(['img-wrong-chip']);
  });

  it('built for more flash than the chip has are refused, for less warned of', () => {
    expect(codes(sketch, { flashBytes: MiB / 2 }).problems).toEqual(['img-new-image-flash-size-too-big']);
    expect(codes(sketch, { flashBytes: 4 * MiB }).warnings).toEqual(['img-layout-differs-from-running']);
  });

  it('of another flash mode: corrected by the board from 2.4.2 on, but not in gzip', () => {
    const packed = gzipFor(sketch).bytes;
    expect(codes(sketch, { core: '2.7.4', flashMode: 'dout' })).toEqual(fine);
    expect(codes(sketch, { core: '2.3.0', flashMode: 'dout' }).warnings).toEqual(['img-flash-mode-mismatch']);
    expect(codes(packed, { core: '2.7.4', flashMode: 'dout' }).problems).toEqual(['img-flash-mode-mismatch']);
  });

  it('that asks for a signature get none from a plain file', () => {
    expect(codes(sketch, { signing: true }).problems).toEqual(['img-signature']);
    expect(codes(signedTrailer(sketch), { signing: true })).toEqual(fine);
  });
});

describe('a wrong file', () => {
  it('is refused for every board', () => {
    expect(codes(makeMerged({ bytes: 50_000 }), {}).problems).toEqual(['img-merged-image']);
    expect(codes(makeEsp32Bootloader({}), { family: 'esp32' }).problems).toEqual(['tool-wrong-artifact']);
    expect(codes(sketch.subarray(0, 30_000), {}).problems).toEqual(['img-truncated']);
    expect(codes(gzipFor(sketch.subarray(0, 30_000)).bytes, {}).problems).toEqual(['img-truncated']);
  });
});

describe('sketch and file system', () => {
  const files = makeLittleFs(64 * 1024);
  it('are not mixed up', () => {
    expect(codes(files, {}).problems).toEqual(['tool-fs-flag-mixup']);
    expect(codes(sketch, {}, 'filesystem').problems).toEqual(['tool-fs-flag-mixup']);
    expect(codes(gzipFor(files).bytes, {}).problems).toEqual(['tool-fs-flag-mixup']);
    expect(codes(gzipFor(files).bytes, {}, 'filesystem').problems).toEqual(['img-gzip-filesystem']);
  });

  it('fit in size, flavour and version', () => {
    const board = { family: 'esp8266', layout: '1M64', core: '2.7.4' } as const;
    expect(codes(files, board, 'filesystem')).toEqual(fine);
    expect(codes(files, { ...board, layout: '1M256' }, 'filesystem').warnings).toEqual(['img-fs-smaller-than-area']);
    const newer = files.slice();
    newer[20] = 1;
    expect(codes(newer, board, 'filesystem').warnings).toEqual(['img-fs-littlefs-too-new']);
    const spiffs = new Uint8Array(16 * 4096).fill(0xff);
    for (let block = 0; block < 16; block++) spiffs.set([0x29, 0x04], block * 4096 + 0xfc);
    expect(codes(spiffs, { family: 'esp32' }, 'filesystem').problems).toEqual(['img-fs-wrong-flavour']);
  });
});
