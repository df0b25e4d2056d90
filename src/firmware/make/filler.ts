import { ascii, concat, seeded } from '#values/index.ts';

export interface Filling {
  /** Build name, found again by `buildOf`. */
  readonly build?: string;
  readonly seed?: number;
  /** Share of the length that gzip -9 leaves, 0.05..1; default 0.7, as real images do. */
  readonly compressibility?: number;
}

/** Noise and repetition are mixed in pieces of this many bytes. */
const piece = 64;
/** What gzip makes of a repeated piece. */
const costOfRepeating = 0.045;

/** Bytes that look like a program to gzip. The build marker, when wished for, stands at the start. */
export function filler(length: number, { build, seed = 1, compressibility = 0.7 }: Filling): Uint8Array {
  const random = seeded(seed);
  const noise = Math.max(0, (compressibility - costOfRepeating) / (1 - costOfRepeating));
  const out = new Uint8Array(length);
  for (let at = 0; at < length; at += piece) {
    if (at > 0 && random() >= noise) {
      // A copy of something written shortly before, as far back as deflate can look.
      const back = piece * (1 + Math.floor(random() * Math.min(at / piece, 400)));
      out.copyWithin(at, at - back, Math.min(at - back + piece, at - back + length - at));
    } else {
      for (let i = at; i < Math.min(at + piece, length); i++) out[i] = Math.floor(random() * 256);
    }
  }
  const marker = build === undefined ? new Uint8Array(0) : concat(ascii('\0build\0'), ascii(build), Uint8Array.of(0));
  if (marker.length > length) throw new RangeError(`no room for the build name in ${length} bytes`);
  out.set(marker, 0);
  return out;
}

/** Changes one byte so that the XOR of all, starting with `start`, is `wanted`. */
export function tuneXor(bytes: Uint8Array, start: number, wanted: number): void {
  const last = bytes.length - 1;
  bytes[last] = bytes[last]! ^ xor(bytes, start) ^ wanted;
}

/** The running checksum of ESP images: start with 0xEF. */
export function xor(bytes: Uint8Array, start: number): number {
  let sum = start;
  for (const byte of bytes) sum ^= byte;
  return sum;
}
