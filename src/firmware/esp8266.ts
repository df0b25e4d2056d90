/** The image format of the ESP8266 Arduino core: eboot in the first sector, the application behind it. */
import { crc32Mpeg2, readU32 } from '#values/index.ts';
import { atLeast, type Core } from './cores.ts';
import { coreWords, eboots } from './data/chips.ts';
import type { Esp8266Image, FlashMode, Segment } from './types.ts';

export const appOffset = 0x1000;
export const iromAddress = 0x40201010;

/** By the header's third byte. */
export const flashModes: readonly FlashMode[] = ['qio', 'qout', 'dio', 'dout', 'fast-read', 'slow-read'];

const KiB = 1024;
const MiB = 1024 * KiB;
/** By the high nibble of the fourth byte. 8M and 16M moved from 5 and 6 to 8 and 9 at 2.4.0 (Esp.cpp @ 2.3.0, 3.1.2). */
const flashSizes: Readonly<Record<number, number>> = {
  0: 512 * KiB,
  1: 256 * KiB,
  2: MiB,
  3: 2 * MiB,
  4: 4 * MiB,
  5: 8 * MiB,
  6: 16 * MiB,
  7: 32 * MiB,
  8: 8 * MiB,
  9: 16 * MiB,
};
const flashMhz: Readonly<Record<number, number>> = { 0: 40, 1: 26, 2: 20, 15: 80 };

export function flashSizeNibble(bytes: number, core: Core): number {
  const nibbles = Object.entries(flashSizes)
    .filter(([, size]) => size === bytes)
    .map(([nibble]) => Number(nibble));
  const nibble = atLeast(core, '2.4.0') ? nibbles.at(-1) : nibbles[0];
  if (nibble === undefined) throw new RangeError(`no ESP8266 header can declare ${bytes} bytes of flash`);
  return nibble;
}

/** Where the core's version word is (tools/sdk/ld/eagle.app.v6.common.ld @ 2.3.0, 3.1.2). */
export const versionWordAt = (core: Core): number => (atLeast(core, '3.0.0') ? 0x1018 : 0x1010);

/** Where length and CRC of the whole file are, from 2.7.0 on (tools/elf2bin.py @ 2.7.4, 3.1.2). */
export function crcWords(core: Core): { readonly length: number; readonly crc: number } | undefined {
  if (atLeast(core, '3.0.0')) return { length: 0x1010, crc: 0x1014 };
  return atLeast(core, '2.7.0') ? { length: 0xff8, crc: 0xffc } : undefined;
}

/** One image with an 8-byte header, as the boot ROM and eboot read it. Offsets are of the file. */
export interface Reading {
  readonly entry: number;
  readonly segments: readonly Segment[];
  /** Offset behind the checksum byte. */
  readonly end: number;
  /** Whether all of it is in the file. */
  readonly complete: boolean;
  readonly checksumGood: boolean;
}

/** Undefined when there is no such header at `at`, or its segments are no place an ESP8266 has. */
export function readEsp8266(bytes: Uint8Array, at: number): Reading | undefined {
  const count = bytes[at + 1] ?? 0;
  if (bytes[at] !== 0xe9 || at + 8 > bytes.length || count === 0 || count > 16) return undefined;
  const segments: Segment[] = [];
  let next = at + 8;
  let sum = 0xef;
  for (let i = 0; i < count; i++) {
    if (next + 8 > bytes.length) break;
    const address = readU32(bytes, next);
    const length = readU32(bytes, next + 4);
    if (!isEsp8266Address(address) || length > MiB) return undefined;
    segments.push({ address, offset: next + 8, bytes: length });
    const end = Math.min(next + 8 + length, bytes.length);
    for (let j = next + 8; j < end; j++) sum ^= bytes[j]!;
    next += 8 + length;
  }
  if (segments.length === 0) return undefined;
  const end = at + ((next - at + 16) & ~15);
  const complete = segments.length === count && end <= bytes.length;
  return { entry: readU32(bytes, at + 4), segments, end, complete, checksumGood: complete && bytes[end - 1] === sum };
}

const isEsp8266Address = (address: number): boolean =>
  (address >= 0x3ffe8000 && address <= 0x3fffffff) ||
  (address >= 0x40100000 && address <= 0x4010ffff) ||
  address === iromAddress;

/** An Arduino image read in full; `reading` is the application's, `complete` says whether the file holds all of it. */
export interface ReadApplication {
  readonly image: Esp8266Image;
  readonly complete: boolean;
  /** Bytes that checksum or CRC prove to be other than built; a complete image only. */
  readonly damaged: boolean;
  /** Length the file should have, as far as the file says. */
  readonly expected: number;
}

/** Undefined when the first sector is no boot loader or no application follows. */
export function readEsp8266Application(bytes: Uint8Array): ReadApplication | undefined {
  const boot = readEsp8266(bytes, 0);
  const first = boot?.segments[0];
  if (!boot || first?.address !== 0x4010f000 || boot.end > appOffset) return undefined;
  const app = readEsp8266(bytes, appOffset);
  if (!app || app.segments[0]?.address !== iromAddress) return undefined;

  const eboot = eboots.find(
    (one) =>
      one.entry === boot.entry &&
      one.segments.length === boot.segments.length &&
      one.segments.every(
        ([address, length], i) => boot.segments[i]!.address === address && boot.segments[i]!.bytes === length,
      ) &&
      one.segments.at(-1)![2] === bytes[boot.end - 1],
  );
  const coreHint = coreWord(bytes);
  const core = coreHint ?? eboot?.from;
  const words = core === undefined ? undefined : crcWords(core);
  const embeddedBytes = words ? readU32(bytes, words.length) : 0;
  // A source build may hold anything in these words: believed when it names an image that ends where the segments say.
  const saysLength = words !== undefined && embeddedBytes > app.segments[0].offset && embeddedBytes <= 2 * MiB;
  const expected = app.complete ? app.end : saysLength ? Math.max(embeddedBytes, app.end) : app.end;
  const embedded =
    words && saysLength && app.complete
      ? { bytes: embeddedBytes, crcGood: embeddedBytes === app.end && crcOf(bytes.subarray(0, app.end), words) }
      : undefined;
  // The checksum of 3.x images was taken with both words still empty (elf2bin.py @ 3.1.2 fills them in afterwards).
  const checksumGood =
    app.checksumGood || (words !== undefined && words.length >= appOffset && emptyWordsSum(bytes, app, words));
  const header = bytes[3]!;
  return {
    image: {
      bytes: app.end,
      segments: app.segments,
      entry: app.entry,
      flashMode: flashModes[bytes[2]!] ?? 'dout',
      flashBytes: flashSizes[header >> 4],
      flashMhz: flashMhz[header & 15],
      ebootCores: eboot && (eboot.from === eboot.to ? eboot.from : `${eboot.from}-${eboot.to}`),
      inflates: eboot?.inflates,
      coreHint,
      embedded,
    },
    complete: app.complete,
    damaged: app.complete && !checksumGood && !embedded?.crcGood,
    expected,
  };
}

/** The release whose commit the version word names; the word moved at 3.0.0. */
function coreWord(bytes: Uint8Array): Core | undefined {
  const found = Object.entries(coreWords).find(([core, word]) => readU32(bytes, versionWordAt(core)) === word);
  return found?.[0];
}

/** CRC over the file with both words taken as zero. */
function crcOf(bytes: Uint8Array, words: { readonly length: number; readonly crc: number }): boolean {
  const before = crc32Mpeg2(bytes.subarray(0, words.length));
  const after = crc32Mpeg2(bytes.subarray(words.crc + 4), crc32Mpeg2(new Uint8Array(8), before));
  return after === readU32(bytes, words.crc);
}

function emptyWordsSum(bytes: Uint8Array, app: Reading, words: { readonly length: number }): boolean {
  let difference = 0;
  for (let i = 0; i < 8; i++) difference ^= bytes[words.length + i]!;
  let sum = 0xef ^ difference;
  for (const { offset, bytes: length } of app.segments) for (let i = offset; i < offset + length; i++) sum ^= bytes[i]!;
  return bytes[app.end - 1] === sum;
}
