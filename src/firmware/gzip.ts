/** gzip: what boot loaders can inflate, and whether there is room to do it in. */
import { gzipSync, inflateSync } from 'fflate';
import { crc32, readU32, sectorBytes } from '#values/index.ts';
import { walkDeflate } from './deflate.ts';
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
/** CRC and length of what comes out. */
const footerBytes = 8;

export type Inflated =
  | { readonly kind: 'inflated'; readonly bytes: Uint8Array /** Length of the member. */; readonly end: number }
  | { readonly kind: 'too-large' | 'truncated' | 'damaged' };

/** The first member of a gzip file. Memory and time are bounded whatever the file claims. */
export function inflate(bytes: Uint8Array): Inflated {
  const from = headerBytes(bytes);
  if (from === undefined) return { kind: 'damaged' };
  const walk = walkDeflate(bytes, from, inflatedAtMost);
  if (walk.kind !== 'whole') return { kind: walk.kind };
  const end = walk.end + footerBytes;
  if (end > bytes.length) return { kind: 'truncated' };
  try {
    const inflated = inflateSync(bytes.subarray(from, walk.end), { out: new Uint8Array(walk.output) });
    const good = readU32(bytes, walk.end) === crc32(inflated) && readU32(bytes, walk.end + 4) === walk.output % 2 ** 32;
    return good ? { kind: 'inflated', bytes: inflated, end } : { kind: 'damaged' };
  } catch {
    return { kind: 'damaged' };
  }
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

/** Whether eboot can inflate this gzip file from where it is staged without overwriting what it has yet to read. It reads
 *  a sector whenever it needs bytes and writes a sector whenever one is full, from 0 upwards (eboot.c @ 2.7.4). */
export function inflatesInPlace(gzip: Uint8Array, updateEnd: number): boolean {
  const start = updateEnd - Math.ceil(gzip.length / sectorBytes) * sectorBytes;
  const from = headerBytes(gzip);
  if (start < 0 || from === undefined) return false;
  const walk = walkDeflate(gzip, from, updateEnd);
  if (walk.kind !== 'whole') return false;
  return walk.readBySector.every((read, sector) => {
    const loaded = Math.ceil(read / sectorBytes) * sectorBytes;
    return loaded >= gzip.length || start + loaded >= (sector + 1) * sectorBytes;
  });
}
