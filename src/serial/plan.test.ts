import { gzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { schemeOf } from '#firmware/index.ts';
import {
  makeEsp32Bootloader,
  makeEsp32Image,
  makeEsp8266Image,
  makeLittleFs,
  makeMerged,
  makePartitionTable,
  makeRp2040Image,
} from '#firmware/make.ts';
import { bench, loadStubs, MiB } from './bench.fixture.ts';

const esp8266 = makeEsp8266Image({ bytes: 250_000, core: '3.1.2', flashBytes: 4 * MiB });
const esp32 = makeEsp32Image({ bytes: 250_000 });
const bootloader = makeEsp32Bootloader({});
const partitions = makePartitionTable('default');
const onEsp32 = { chip: 'esp32' } as const;

/** What a flash on this board comes to: where what went, or the code of the problem. */
async function flashed(table: ReturnType<typeof bench>, wish: Parameters<ReturnType<typeof bench>['run']>[0]) {
  const result = await table.run(wish);
  if (!result.ok) return result.problem.code;
  return result.value.plan.pieces.map(({ at, bytes }) => [`0x${at.toString(16)}`, bytes.length]);
}

describe('what is flashed over the cable', () => {
  beforeAll(loadStubs);

  it('starts at 0 on an ESP8266', async () => {
    const table = bench();
    expect(await flashed(table, { file: esp8266 })).toEqual([['0x0', esp8266.length]]);
    expect(table.flash.read(0, esp8266.length)).toEqual(esp8266);
  });

  it('is what a gzip file holds', async () => {
    const table = bench();
    expect(await flashed(table, { file: gzipSync(esp8266) })).toEqual([['0x0', esp8266.length]]);
  });

  it('may be a whole build of an ESP32', async () => {
    const table = bench(onEsp32);
    expect(await flashed(table, { file: esp32, bootloader, partitions })).toEqual([
      ['0x1000', bootloader.length],
      ['0x8000', partitions.length],
      ['0xe000', 0x2000],
      ['0x10000', esp32.length],
    ]);
    expect(table.flash.read(0x10000, esp32.length)).toEqual(esp32);
  });

  it('may be the application alone where the rest is on the board', async () => {
    const table = bench(onEsp32);
    table.flash.load(0x1000, bootloader);
    table.flash.load(0x8000, partitions);
    expect(await flashed(table, { file: esp32 })).toEqual([
      ['0xe000', 0x2000],
      ['0x10000', esp32.length],
    ]);
  });

  it('is not the application alone on an empty ESP32', async () => {
    expect(await flashed(bench(onEsp32), { file: esp32 })).toBe('serial-no-partition-table');
  });

  it('may be a merged image', async () => {
    const merged = makeMerged({ bytes: 200_000 });
    expect(await flashed(bench(onEsp32), { file: merged })).toEqual([['0x0', merged.length]]);
  });

  it('puts boot loader and partition table where they belong', async () => {
    expect(await flashed(bench(onEsp32), { file: bootloader })).toEqual([['0x1000', bootloader.length]]);
    expect(await flashed(bench(onEsp32), { file: partitions })).toEqual([['0x8000', partitions.length]]);
    const c3 = makeEsp32Bootloader({ chip: 'esp32-c3' });
    expect(await flashed(bench({ chip: 'esp32-c3' }), { file: c3 })).toEqual([['0x0', c3.length]]);
  });

  it('puts a file system where the layout or the partition table says', async () => {
    const small = makeLittleFs(64 * 1024);
    expect(await flashed(bench(), { file: small })).toBe('serial-where');
    expect(await flashed(bench(), { file: small, layout: '4M2M' })).toEqual([['0x200000', small.length]]);
    const area = schemeOf('default')!.fileSystem!;
    expect(await flashed(bench(onEsp32), { file: small, partitions })).toEqual([
      [`0x${area.offset.toString(16)}`, small.length],
    ]);
  });

  it('goes where the person says', async () => {
    const any = new Uint8Array(100).fill(7);
    expect(await flashed(bench(), { file: any, at: 0x200000 })).toEqual([['0x200000', 100]]);
  });

  it.each([
    ['another chip', { chip: 'esp32' } as const, { file: esp8266 }, 'img-wrong-chip'],
    ['an ESP32-C3', { chip: 'esp32-c3' } as const, { file: esp32, bootloader, partitions }, 'img-wrong-chip'],
    ['a smaller flash', { flashBytes: MiB }, { file: esp8266 }, 'img-new-image-flash-size-too-big'],
    [
      'a flash smaller than its partition table',
      { chip: 'esp32', flashBytes: 2 * MiB } as const,
      { file: makeEsp32Image({ bytes: 100_000, flashBytes: 2 * MiB }), bootloader, partitions },
      'img-new-image-flash-size-too-big',
    ],
    ['a place beyond the end', { flashBytes: MiB }, { file: esp8266, at: 0xff000 }, 'img-new-image-flash-size-too-big'],
    ['a Pico', {}, { file: makeRp2040Image({ bytes: 200_000 }) }, 'serial-not-for-pico'],
    ['nobody', {}, { file: new Uint8Array(5000).fill(0xff) }, 'img-blank'],
    [
      'a smaller slot',
      onEsp32,
      { file: makeEsp32Image({ bytes: 1_400_000 }), bootloader, partitions },
      'serial-no-room',
    ],
  ] as const)('is refused when it is for %s, and nothing is written', async (_, chip, wish, code) => {
    const table = bench(chip);
    expect(await flashed(table, wish)).toBe(code);
    expect(table.flash.erases.size).toBe(0);
  });
});
