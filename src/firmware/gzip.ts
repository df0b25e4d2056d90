import { gzipSync } from 'fflate';

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

/** Whether eboot can inflate this gzip file from where it is staged without overwriting what it has yet to read. */
export function inflatesInPlace(_gzip: Uint8Array, _updateEnd: number): boolean {
  throw new Error('not written yet');
}
