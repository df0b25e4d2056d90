import { readU32 } from '#values/index.ts';
import type { Flash } from './flash.ts';

/** An ESP image as the chip walks it in flash. Offsets are flash offsets. */
export interface WalkedImage {
  /** Just after the last segment. */
  readonly dataEnd: number;
  /** After the checksum, which ends a line of 16 bytes. */
  readonly end: number;
  readonly checksumGood: boolean;
}

const magic = 0xe9;
const headerBytes = { esp8266: 8, esp32: 24 } as const;
const mostSegments = 16;

/** Follows the segment headers of the image at `at`; undefined when there is no image or it leaves the flash. */
export function walkImage(flash: Flash, at: number, family: 'esp8266' | 'esp32'): WalkedImage | undefined {
  const [first = 0, segments = 0] = flash.read(at, 2);
  if (first !== magic || segments === 0 || segments > mostSegments) return undefined;
  let offset = at + headerBytes[family];
  let checksum = 0xef;
  for (let i = 0; i < segments; i++) {
    const length = readU32(flash.read(offset, 8), 4);
    const from = offset + 8;
    if (from + length >= flash.size) return undefined;
    for (const byte of flash.read(from, length)) checksum ^= byte;
    offset = from + length;
  }
  const end = at + ((offset - at + 16) & ~15);
  const stored = flash.read(end - 1, 1)[0]!;
  // elf2bin of the ESP8266 core 3.x fills in length and CRC, inside a segment, after the checksum was taken.
  const filledIn = flash.read(at + 0x10, 8).reduce((sum, byte) => sum ^ byte, 0);
  const checksumGood = stored === checksum || (family === 'esp8266' && stored === (checksum ^ filledIn));
  return { dataEnd: offset, end, checksumGood };
}

/** Where the application of an ESP8266 begins, behind the sector of its boot loader. */
export const applicationAt = 0x1000;
