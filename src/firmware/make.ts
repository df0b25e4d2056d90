/** make: valid images of every kind, byte for byte as the tool chains build them, for tests, virtual boards and the demo. */
import type { Core } from './cores.ts';
import type { Esp32Chip, FlashMode, Rp2Chip } from './types.ts';

interface Made {
  /** Build name, found again by `buildOf`. */
  readonly build?: string;
  readonly seed?: number;
  /** Share of the length that gzip -9 leaves, 0..1; default 0.7, as real images do. */
  readonly compressibility?: number;
}

/** Length of the file, or the IDE's "Sketch uses"; the default is a file of 300,000 bytes. */
export interface Esp8266Wish extends Made {
  readonly core: Core;
  /** Rounded up to a multiple of 16: no other length exists. */
  readonly bytes?: number;
  readonly sketchBytes?: number;
  /** Flash size in the header, bytes; default 1 MiB. */
  readonly flashBytes?: number;
  readonly flashMode?: FlashMode;
}

export interface Esp32Wish extends Made {
  readonly chip?: Esp32Chip;
  /** Rounded up to what the format allows. */
  readonly bytes?: number;
  readonly flashBytes?: number;
  readonly flashMode?: FlashMode;
}

export interface Rp2Wish extends Made {
  readonly chip?: Rp2Chip;
  readonly bytes?: number;
  /** File-system area in the words at 0x2FF0. */
  readonly fileSystem?: { readonly from: number; readonly to: number };
}

export function makeEsp8266Image(_wish: Esp8266Wish): Uint8Array {
  throw new Error('not written yet');
}
export function makeEsp32Image(_wish: Esp32Wish): Uint8Array {
  throw new Error('not written yet');
}
export function makeRp2040Image(_wish: Rp2Wish): Uint8Array {
  throw new Error('not written yet');
}
/** An empty LittleFS of so many bytes. */
export function makeLittleFs(_bytes: number, _blockBytes = 4096): Uint8Array {
  throw new Error('not written yet');
}
/** Bootloader, partition table and application at their flash offsets, gaps 0xFF, padded to the flash size. */
export function makeMerged(_wish: Esp32Wish): Uint8Array {
  throw new Error('not written yet');
}
