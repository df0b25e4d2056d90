import { crc32Mpeg2, writeU32 } from '#values/index.ts';
import { atLeast, type Core } from '../cores.ts';
import { coreWords, eboots } from '../data/chips.ts';
import { appOffset, crcWords, flashModes, flashSizeNibble, iromAddress, versionWordAt } from '../esp8266.ts';
import type { FlashMode } from '../types.ts';
import { type Filling, filler, tuneXor, xor } from './filler.ts';

export interface Esp8266Wish extends Filling {
  readonly core: Core;
  /** Length of the file; rounded up to a multiple of 16, as no other length exists. Default 300,000. */
  readonly bytes?: number;
  /** Instead of the length: "Sketch uses N bytes". */
  readonly sketchBytes?: number;
  /** Flash size that the header declares, bytes; default 1 MiB. */
  readonly flashBytes?: number;
  readonly flashMode?: FlashMode;
}

/** An application image of the ESP8266 Arduino core as its tools build it: eboot of that core in the first sector, four or
 *  five segments, checksum, and from 2.7.0 on the length and CRC words (tools/elf2bin.py @ 2.7.4, 3.1.2). */
export function makeEsp8266Image(wish: Esp8266Wish): Uint8Array {
  const { core, flashBytes = 1024 * 1024, flashMode = 'dout' } = wish;
  const parts = partsOf(wish);
  const dataEnd = appOffset + 8 + parts.reduce((sum, part) => sum + 8 + part.bytes, 0);
  const out = new Uint8Array((dataEnd + 16) & ~15);
  const header = (at: number, segments: number, entry: number) => {
    out.set([0xe9, segments, flashModes.indexOf(flashMode), flashSizeNibble(flashBytes, core) << 4], at);
    writeU32(out, at + 4, entry);
  };

  const eboot = eboots.findLast((one) => atLeast(core, one.from)) ?? eboots[0]!;
  header(0, eboot.segments.length, eboot.entry);
  let at = 8;
  let sum = 0xef;
  for (const [i, [address, bytes, checksum]] of eboot.segments.entries()) {
    const code = filler(bytes, { seed: 0xeb00 + i + bytes });
    tuneXor(code, sum, checksum);
    sum = checksum;
    at = segment(out, at, address, code);
  }
  out[((at + 16) & ~15) - 1] = sum;
  out.fill(0xaa, (at + 16) & ~15, appOffset);

  header(appOffset, parts.length, 0x401000a4);
  const program = filler(parts.reduce((total, part) => total + part.bytes, 0) - reserved, wish);
  at = appOffset + 8;
  let used = 0;
  for (const { address, bytes } of parts) {
    const code = new Uint8Array(bytes);
    const from = address === iromAddress ? reserved : 0;
    code.set(program.subarray(used, used + bytes - from), from);
    used += bytes - from;
    if (address === iromAddress) writeU32(code, versionWordAt(core) - appOffset - 16, coreWords[core] ?? 0);
    at = segment(out, at, address, code);
  }
  // The checksum is taken before the CRC words are filled in, also where they lie inside a segment (elf2bin.py @ 3.x).
  out[out.length - 1] = checksumOf(out, parts);
  const words = crcWords(core);
  if (words) {
    writeU32(out, words.length, 0);
    writeU32(out, words.crc, 0);
    const crc = crc32Mpeg2(out);
    writeU32(out, words.length, out.length);
    writeU32(out, words.crc, crc);
  }
  return out;
}

/** The start of irom holds the CRC words and the version word. */
const reserved = 16;

function segment(out: Uint8Array, at: number, address: number, data: Uint8Array): number {
  writeU32(out, at, address);
  writeU32(out, at + 4, data.length);
  out.set(data, at + 8);
  return at + 8 + data.length;
}

function checksumOf(out: Uint8Array, parts: readonly { bytes: number }[]): number {
  let sum = 0xef;
  let at = appOffset + 8;
  for (const { bytes } of parts) {
    sum = xor(out.subarray(at + 8, at + 8 + bytes), sum);
    at += 8 + bytes;
  }
  return sum;
}

/** Segments in the order of the tools, with lengths like those of real sketches. */
function partsOf({ core, bytes = 300_000, sketchBytes }: Esp8266Wish): { address: number; bytes: number }[] {
  const five = atLeast(core, '2.5.1');
  const overhead = appOffset + 8 + (five ? 40 : 32) + 16;
  const length = Math.ceil(bytes / 16) * 16;
  const total = sketchBytes === undefined ? length - overhead : five ? sketchBytes : Math.ceil(sketchBytes / 4) * 4;
  const upTo = (most: number, share: number) => Math.min(most, Math.floor((total * share) / 4) * 4);
  const text = upTo(26_396, 0.125);
  const text1 = five ? upTo(2048, 0.0625) : 0;
  const data = upTo(1288, 0.03125);
  const rodata = upTo(772, 0.03125);
  const irom = total - text - text1 - data - rodata;
  if (irom < 2 * reserved) throw new RangeError(`no ESP8266 image of core ${core} is that small`);
  return [
    { address: iromAddress, bytes: irom },
    { address: 0x40100000, bytes: text },
    ...(five ? [{ address: 0x40100000 + text, bytes: text1 }] : []),
    { address: 0x3ffe8000, bytes: data },
    { address: 0x3ffe8000 + data, bytes: rodata },
  ];
}
