/** gzip: what boot loaders can inflate, and whether there is room to do it in. */
import { gzipSync, Inflate } from 'fflate';
import { concat, crc32, readU32, sectorBytes } from '#values/index.ts';
import { isGzip } from './formats.ts';

export interface Gzipped {
  readonly bytes: Uint8Array;
  /** Compressed length over plain length. */
  readonly ratio: number;
}

/** Compressed for boards that inflate: one member, level 9, no time in the header. The same input gives the same bytes. */
export function gzipFor(bytes: Uint8Array): Gzipped {
  const packed = gzipSync(bytes, { level: 9, mtime: 0 });
  return { bytes: packed, ratio: packed.length / Math.max(1, bytes.length) };
}

/** Larger than every flash chip an image can be for; whatever inflates to more is no firmware. */
const inflatedAtMost = 20 * 1024 * 1024;

export type Inflated =
  | { readonly kind: 'inflated'; readonly bytes: Uint8Array /** Length of the member. */; readonly end: number }
  | { readonly kind: 'too-large' | 'truncated' | 'damaged' };

/** The first member of a gzip file. Memory and time are bounded whatever the file claims. */
export function inflate(bytes: Uint8Array): Inflated {
  const from = headerBytes(bytes);
  if (from === undefined) return { kind: 'damaged' };
  const parts: Uint8Array[] = [];
  let length = 0;
  let over = false;
  const ended = eachBlock(bytes.subarray(from), (part) => {
    parts.push(part);
    length += part.length;
    over = length > inflatedAtMost;
    return !over;
  });
  if (over) return { kind: 'too-large' };
  if (ended !== 'whole') return { kind: ended };
  const inflated = concat(...parts);
  const end = footerEnd(bytes, from, crc32(inflated), inflated.length);
  return end === undefined ? { kind: 'damaged' } : { kind: 'inflated', bytes: inflated, end };
}

/** Inflates in steps of one flash sector, the way eboot reads. `take` may stop it by answering false. */
function eachBlock(deflated: Uint8Array, take: (part: Uint8Array) => boolean): 'whole' | 'truncated' | 'damaged' {
  const stream = new Inflate();
  let going = true;
  stream.ondata = (part) => {
    going = take(part);
  };
  const last = Math.max(0, Math.ceil(deflated.length / sectorBytes) - 1);
  for (let i = 0; i <= last && going; i++) {
    try {
      stream.push(deflated.slice(i * sectorBytes, (i + 1) * sectorBytes), i === last);
    } catch (cause) {
      // fflate's code 0 is an unexpected end.
      return (cause as { code?: number }).code === 0 ? 'truncated' : 'damaged';
    }
  }
  return 'whole';
}

/** Length of the member's header; undefined when it is none (RFC 1952). */
function headerBytes(bytes: Uint8Array): number | undefined {
  if (!isGzip(bytes) || bytes[2] !== 8 || bytes.length < 18) return undefined;
  const flags = bytes[3]!;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[10]! | (bytes[11]! << 8));
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    const end = bytes.indexOf(0, at);
    if (end === -1) return undefined;
    at = end + 1;
  }
  if (flags & 2) at += 2;
  return at < bytes.length ? at : undefined;
}

/** Where the member ends: behind the CRC and length of what it inflates to. */
function footerEnd(bytes: Uint8Array, from: number, crc: number, length: number): number | undefined {
  for (let at = bytes.indexOf(crc & 0xff, from); at !== -1; at = bytes.indexOf(crc & 0xff, at + 1))
    if (readU32(bytes, at) === crc && readU32(bytes, at + 4) === length && at + 8 <= bytes.length) return at + 8;
  return undefined;
}

/** Whether eboot can inflate this gzip file from where it is staged without overwriting what it has yet to read. It reads
 *  a sector whenever it needs bytes and writes a sector whenever one is full, from 0 upwards (eboot.c @ 2.7.4). */
export function inflatesInPlace(gzip: Uint8Array, updateEnd: number): boolean {
  const start = updateEnd - Math.ceil(gzip.length / sectorBytes) * sectorBytes;
  const from = headerBytes(gzip);
  if (start < 0 || from === undefined) return false;
  let blocks = 0;
  let lastYield = 0;
  let output = 0;
  let written = 0;
  let safe = true;
  const ended = eachBlock(gzip.subarray(from), (part) => {
    blocks++;
    if (part.length === 0) return true;
    output += part.length;
    // fflate holds a stored block back until all of it is there: what comes at once then was written while its bytes, one
    // of input for one of output, were read.
    for (; written < Math.floor(output / sectorBytes); written++) {
      const later = Math.ceil((output - (written + 1) * sectorBytes) / sectorBytes);
      const read = Math.max(lastYield + 1, blocks - 1 - later);
      safe &&= read * sectorBytes >= gzip.length || start + read * sectorBytes >= (written + 1) * sectorBytes;
    }
    lastYield = blocks;
    return safe;
  });
  return safe && ended === 'whole' && output <= updateEnd;
}
