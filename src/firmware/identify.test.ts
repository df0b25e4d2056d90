import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { ascii, concat, writeU32 } from '#values/index.ts';
import { buildOf, compatible, fit as fitting, flashMap, gzipFor, type Identified, identify } from './index.ts';
import {
  makeEsp32Bootloader,
  makeEsp32Image,
  makeEsp8266Image,
  makeLittleFs,
  makeMerged,
  makePartitionTable,
  makeRp2040Image,
  makeUf2,
  signedTrailer,
} from './make.ts';

const sketch = makeEsp8266Image({ core: '2.7.4', bytes: 60_000, build: 'porch-7' });

const ofKind = <K extends Identified['kind']>(kind: K, found: Identified) => {
  expect(found.kind, found.what).toBe(kind);
  return found as Extract<Identified, { kind: K }>;
};

describe('an ESP8266 sketch', () => {
  it.each(['2.0.0', '2.2.0', '2.3.0', '2.4.2', '2.5.0', '2.5.1', '2.6.3', '2.7.0', '2.7.4', '3.0.2', '3.1.2'])(
    'of core %s is recognised with its core, header and length',
    (core) => {
      const bytes = makeEsp8266Image({ core, bytes: 253_168, flashBytes: 4 << 20, flashMode: 'dio' });
      const found = ofKind('esp8266-app', identify(bytes));
      expect(bytes.length).toBe(253_168);
      expect(found.what).toBe(`ESP8266 sketch, core ${core}`);
      expect(found.image).toMatchObject({ bytes: 253_168, flashBytes: 4 << 20, flashMode: 'dio', coreHint: core });
      expect(found.trailing).toBe(0);
      expect(found.warnings).toEqual([]);
    },
  );

  it('has as many segments as its tool chain writes', () => {
    const segments = (core: string) =>
      ofKind('esp8266-app', identify(makeEsp8266Image({ core }))).image.segments.length;
    expect([segments('2.5.0'), segments('2.5.1'), segments('3.1.2')]).toEqual([4, 5, 5]);
  });

  it('is told by its boot loader when the version word is of nobody', () => {
    const bytes = makeEsp8266Image({ core: '2.3.0', bytes: 60_000 });
    // The word is part of the checked data: a second change keeps the checksum right.
    bytes[0x1010]! ^= 0x55;
    bytes[0x1020]! ^= 0x55;
    const { image, what } = ofKind('esp8266-app', identify(bytes));
    expect(image.coreHint).toBeUndefined();
    expect(what).toBe('ESP8266 sketch, core 2.3.0-2.6.2');
  });

  it('carries a CRC from 2.7.0 on, and a patched header shows as a warning', () => {
    const patched = sketch.slice();
    patched[2] = 0;
    expect(ofKind('esp8266-app', identify(sketch)).image.embedded).toEqual({ bytes: 60_000, crcGood: true });
    expect(ofKind('esp8266-app', identify(patched)).warnings.map(({ code }) => code)).toEqual(['img-crc-differs']);
  });

  it('says its build when it holds one', () => {
    expect(identify(sketch).build).toBe('porch-7');
    expect(identify(gzipFor(sketch).bytes).build).toBe('porch-7');
    expect(buildOf(makeEsp8266Image({ core: '2.7.4', bytes: 60_000 }))).toBeUndefined();
  });

  it('may be signed, or have junk behind it', () => {
    expect(ofKind('esp8266-app', identify(signedTrailer(sketch))).signature).toEqual({ form: 'trailer', bytes: 260 });
    const junk = ofKind('esp8266-app', identify(concat(sketch, new Uint8Array(100))));
    expect(junk.trailing).toBe(100);
    expect(junk.warnings[0]!.code).toBe('img-trailing-bytes');
  });

  it('cut anywhere is never taken for a whole one', () => {
    for (let length = 1; length < sketch.length; length += 977)
      expect(identify(sketch.subarray(0, length)).kind, `${length} bytes`).toBe('wrong');
  });

  it('with one byte of its code changed is damaged', () => {
    const bytes = makeEsp8266Image({ core: '2.3.0', bytes: 60_000 });
    bytes[30_000]! ^= 1;
    expect(identify(bytes)).toMatchObject({ kind: 'wrong', is: 'damaged' });
  });
});

describe('an ESP32 sketch', () => {
  it.each(['esp32', 'esp32-s2', 'esp32-s3', 'esp32-c3', 'esp32-c6', 'esp32-p4'] as const)('for %s says so', (chip) => {
    const found = ofKind('esp32-app', identify(makeEsp32Image({ chip, bytes: 300_000, build: 'b1' })));
    expect(found.image).toMatchObject({ chip, bytes: 300_000, hashAppended: true, flashBytes: 4 << 20 });
    expect(found.image.descriptor?.idf).toBe('v4.4.6-dirty');
    expect(found.build).toBe('b1');
  });

  it('with one byte changed is damaged, cut short is truncated', () => {
    const bytes = makeEsp32Image({ bytes: 300_000 });
    for (let length = 300; length < bytes.length; length += 29_977)
      expect(identify(bytes.subarray(0, length))).toMatchObject({ is: 'truncated', chip: 'esp32' });
    bytes[150_000]! ^= 1;
    expect(identify(bytes)).toMatchObject({ is: 'damaged' });
  });

  it('may be signed for ESP-IDF secure boot, or by the Arduino core', () => {
    const bytes = makeEsp32Image({ bytes: 300_000 });
    const v2 = new Uint8Array(Math.ceil(bytes.length / 4096) * 4096 + 4096).fill(0xff);
    v2.set(bytes);
    v2.set([0xe7, 2, 0, 0], v2.length - 4096);
    expect(ofKind('esp32-app', identify(v2)).signature?.form).toBe('secure-boot-v2');
    const block = concat(bytes, new Uint8Array(512).fill(7));
    expect(ofKind('esp32-app', identify(block)).signature).toEqual({ form: 'esp32-block', bytes: 512 });
  });
});

describe('a Pico sketch', () => {
  it.each(['rp2040', 'rp2350'] as const)('for %s says so, and where its file system is', (chip) => {
    const bytes = makeRp2040Image({ chip, bytes: 120_000, build: 'p2' });
    const found = ofKind('rp2040-app', identify(bytes));
    expect(found.image).toEqual({ chip, bytes: 120_000, fileSystem: { from: 0x100000, to: 0x1ff000 } });
    expect(found.build).toBe('p2');
    expect(identify(signedTrailer(bytes))).toMatchObject({ signature: { form: 'trailer' } });
    expect(identify(makeUf2(bytes, chip))).toMatchObject({ is: 'uf2', chip });
  });
});

describe('a file that is for no board', () => {
  const eight = makeEsp8266Image({ core: '2.3.0', bytes: 60_000 });
  const noise = sketch.subarray(5000, 9000);
  const dump = new Uint8Array(1 << 20).fill(0xff);
  dump.set(eight);
  const bootApp0 = new Uint8Array(8192).fill(0xff);
  bootApp0.set([1, 0, 0, 0]);
  bootApp0.set([0x9a, 0x98, 0x43, 0x47], 28);
  const elf = new Uint8Array(6000);
  elf.set([0x7f, 0x45, 0x4c, 0x46]);
  elf[18] = 94;
  const files: readonly (readonly [string, Uint8Array, string, string])[] = [
    ['empty', new Uint8Array(0), 'empty', 'img-empty'],
    ['erased', new Uint8Array(5000).fill(0xff), 'blank', 'img-blank'],
    ['an ELF', elf, 'elf', 'tool-wrong-artifact'],
    [
      'Intel HEX',
      ascii(':100000000C9434000C943E000C943E000C943E0082\r\n:00000001FF\r\n'),
      'intel-hex',
      'tool-wrong-artifact',
    ],
    ['an S-record', ascii('S00F000068656C6C6F202020202000003C\nS9030000FC\n'), 's-record', 'tool-wrong-artifact'],
    ['a zip', concat(Uint8Array.of(0x50, 0x4b, 3, 4), new Uint8Array(90)), 'archive', 'tool-wrong-artifact'],
    ['a web page', ascii('\n<!DOCTYPE html><html>404</html>'), 'html', 'tool-wrong-artifact'],
    ['JSON', ascii('{"message":"Not Found"}'), 'json', 'tool-wrong-artifact'],
    ['a partition table', makePartitionTable(), 'partition-table', 'tool-wrong-artifact'],
    ['boot_app0', bootApp0, 'boot-app0', 'tool-wrong-artifact'],
    ['noise behind 0xE9', concat(Uint8Array.of(0xe9, 4), noise), 'damaged', 'img-damaged'],
    ['a boot loader', makeEsp32Bootloader({ chip: 'esp32-c3' }), 'bootloader', 'tool-wrong-artifact'],
    ['a merged image, ESP32', makeMerged({ bytes: 300_000 }), 'merged-image', 'img-merged-image'],
    ['a merged image, C3', makeMerged({ chip: 'esp32-c3', bytes: 300_000 }), 'merged-image', 'img-merged-image'],
    ['a flash dump', dump, 'flash-dump', 'tool-wrong-artifact'],
    ['no eboot', eight.subarray(4096), 'esp8266-without-eboot', 'img-without-bootloader'],
    ['an image of the SDK', concat(Uint8Array.of(0xea, 4, 2, 0x40), noise), 'esp8266-sdk-image', 'img-not-arduino'],
    ['eboot alone', eight.subarray(0, 1408), 'bootloader', 'tool-wrong-artifact'],
    ['a poem', ascii('Twas brillig, and the slithy toves'), 'unknown', 'img-bad-magic'],
    ['a gzip of two members', concat(gzipFor(eight).bytes, gzipFor(eight).bytes), 'gzip-unusable', 'img-gzip-unusable'],
    ['a padded gzip', concat(gzipFor(eight).bytes, new Uint8Array(12)), 'gzip-unusable', 'img-gzip-unusable'],
    ['a gzip of a gzip', gzipFor(gzipFor(eight).bytes).bytes, 'gzip-unusable', 'img-gzip-unusable'],
    ['half a gzip', gzipFor(eight).bytes.subarray(0, 20_000), 'truncated', 'img-truncated'],
  ];
  it.each(files)('%s: has its own sentence', (_, bytes, is, code) => {
    const { is: kind, problem } = ofKind('wrong', identify(bytes));
    expect([kind, problem.code]).toEqual([is, code]);
    // One that stands alone in lower case, without a full stop, as every problem here.
    for (const sentence of [problem.what, problem.why, problem.fix])
      expect(sentence).toMatch(/^(?:[a-z]|[A-Z]{2}|[A-Z]\w*[A-Z]|ELF).*[^.]$/);
  });

  it('says which part of a merged image is the application', () => {
    const app = makeEsp32Image({ bytes: 300_000 });
    const merged = ofKind('wrong', identify(makeMerged({ bytes: 300_000 })));
    expect(merged.usable).toEqual({ from: 0x10000, to: 0x10000 + app.length });
  });

  it('is told which file to send instead, when its name says so', () => {
    expect(ofKind('wrong', identify(elf, 'porch.ino.elf')).problem.fix).toContain('porch.ino.bin');
  });

  it('is not inflated without end', () => {
    const bomb = gzipSync(new Uint8Array(64 << 20), { level: 9 });
    expect(identify(bomb)).toMatchObject({ is: 'gzip-unusable' });
  });
});

describe('a file-system image', () => {
  it('of LittleFS is known with its blocks', () => {
    expect(identify(makeLittleFs(65_536))).toMatchObject({ kind: 'filesystem', format: 'littlefs', blockBytes: 4096 });
    expect(identify(makeLittleFs(1 << 20, 8192))).toMatchObject({ blockBytes: 8192, version: 0x20000 });
    expect(identify(makeLittleFs(65_536).subarray(0, 40_000))).toMatchObject({ is: 'truncated' });
  });

  it('of SPIFFS is known, and for which family', () => {
    const spiffs = (magic: (block: number) => number) => {
      const bytes = new Uint8Array(16 * 4096).fill(0xff);
      for (let block = 0; block < 16; block++) bytes.set([magic(block) & 0xff, magic(block) >> 8], block * 4096 + 0xfc);
      return bytes;
    };
    expect(identify(spiffs(() => 0x0429))).toMatchObject({ format: 'spiffs', spiffsFor: 'esp8266' });
    expect(identify(spiffs((block) => 0x0429 ^ (16 - block)))).toMatchObject({ format: 'spiffs', spiffsFor: 'esp32' });
  });

  it('of FAT may start like an ESP image and is still known', () => {
    const bytes = new Uint8Array(8192);
    bytes.set([0xe9, 0x12, 0x34]);
    bytes.set([0x55, 0xaa], 510);
    expect(identify(bytes)).toMatchObject({ kind: 'filesystem', format: 'fat' });
  });
});

describe('whatever the bytes', () => {
  const samples = [
    sketch,
    makeEsp32Image({ bytes: 20_000 }),
    makeRp2040Image({ bytes: 20_000 }),
    makeLittleFs(16_384),
    gzipFor(sketch).bytes,
  ];

  it('noise is never taken for firmware, and nothing is thrown', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 5000 }),
        fc.constantFrom([], [0xe9], [0x1f, 0x8b, 8], [0xaa, 0x50], [0xe9, 4, 2]),
        (noise, start) => {
          expect(identify(Uint8Array.of(...start, ...noise)).kind).toBe('wrong');
        },
      ),
    );
  });

  it('mutated images are read, fitted and drawn without throwing', () => {
    const change = fc.tuple(fc.nat(100_000), fc.nat(0xffffffff));
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { maxLength: 12 }),
        fc.nat(70_000),
        (sample, changes, length) => {
          const bytes = sample.slice(0, Math.max(16, length));
          // Headers are where the numbers are: half the changes go there.
          for (const [at, value] of changes) writeU32(bytes, at % (at % 2 ? 64 : bytes.length - 4), value);
          const image = identify(bytes);
          for (const layout of ['1M64', 'default', 'autoflash']) {
            fitting(image, { layout, core: '2.3.0' });
            compatible(image, { layout, family: 'esp8266' }, 'filesystem');
            flashMap(image, { layout });
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
