import { crc32Mpeg2, writeU32 } from '#values/index.ts';
import type { Rp2Chip } from '../types.ts';
import { type Filling, filler } from './filler.ts';

export interface Rp2Wish extends Filling {
  /** Default `rp2040`. */
  readonly chip?: Rp2Chip;
  /** Length of the file. Default 400,000. */
  readonly bytes?: number;
  /** File-system area of the sketch, flash offsets; default the last megabyte of a 2 MB Pico. */
  readonly fileSystem?: { readonly from: number; readonly to: number };
}

const flashBase = 0x10000000;

/** A raw memory image of arduino-pico: boot2 (RP2040) or image definition (RP2350), OTA stub, layout words, application. */
export function makeRp2040Image(wish: Rp2Wish): Uint8Array {
  const { chip = 'rp2040', bytes = 400_000, fileSystem = { from: 0x100000, to: 0x1ff000 } } = wish;
  if (bytes < 0x3200) throw new RangeError('no arduino-pico image is that small');
  const out = new Uint8Array(bytes);
  out.set(filler(0x2ff0, { seed: 0x9c0 }));
  out.set(filler(bytes - 0x3100, wish), 0x3100);
  if (chip === 'rp2040') {
    writeU32(out, 0, 0x4b32b500);
    writeU32(out, 252, crc32Mpeg2(out.subarray(0, 252)));
  } else {
    for (const at of [0, 0x3000]) {
      writeU32(out, at + 0x124, 0xffffded3);
      writeU32(out, at + 0x138, 0xab123579);
    }
    writeU32(out, 0, 0x20082000);
    writeU32(out, 4, flashBase + 0x201);
  }
  writeU32(out, 0x2ff0, flashBase + fileSystem.from);
  writeU32(out, 0x2ff4, flashBase + fileSystem.to);
  writeU32(out, 0x2ff8, flashBase + fileSystem.to);
  writeU32(out, 0x2ffc, fileSystem.from);
  writeU32(out, 0x3000, chip === 'rp2040' ? 0x20042000 : 0x20082000);
  writeU32(out, 0x3004, flashBase + 0x30f7);
  return out;
}

const families: Readonly<Record<Rp2Chip, number>> = { rp2040: 0xe48bff56, rp2350: 0xe48bff59 };

/** The UF2 file that the USB drive takes, of the same image: 256 bytes a block. */
export function makeUf2(image: Uint8Array, chip: Rp2Chip = 'rp2040'): Uint8Array {
  const blocks = Math.ceil(image.length / 256);
  const out = new Uint8Array(512 * blocks);
  for (let i = 0; i < blocks; i++) {
    const words = [0x0a324655, 0x9e5d5157, 0x2000, flashBase + 256 * i, 256, i, blocks, families[chip]];
    for (const [j, word] of words.entries()) writeU32(out, 512 * i + 4 * j, word);
    out.set(image.subarray(256 * i, 256 * (i + 1)), 512 * i + 32);
    writeU32(out, 512 * i + 508, 0x0ab16f30);
  }
  return out;
}
