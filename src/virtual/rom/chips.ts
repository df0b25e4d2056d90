/** What the ROM boot loader of each chip answers, as far as flashers ask (espressif/esptool esptool/targets/*.py @ v5.3.1). */
import type { Chip } from '#firmware/index.ts';

export interface RomChip {
  /** Word at 0x40001000, by which the older chips are told apart. */
  readonly magic: number;
  /** Chip id of GET_SECURITY_INFO; the ROMs of ESP8266 and ESP32 know no such command. */
  readonly id?: number;
  /** Registers of the SPI controller of the flash: base, and the offsets of USR2 and W0. */
  readonly spi: { readonly base: number; readonly usr2: number; readonly w0: number };
  /** Registers with the MAC address, made from it. */
  mac(mac: Uint8Array): readonly (readonly [address: number, value: number])[];
}

const word = (a = 0, b = 0, c = 0, d = 0): number => ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;

/** Two words, the address reversed: the last four bytes, then the first two. */
const twoWords =
  (at: number): RomChip['mac'] =>
  ([a, b, c, d, e, f]) => [
    [at, word(c, d, e, f)],
    [at + 4, word(0, 0, a, b)],
  ];

const newer = { usr2: 0x20, w0: 0x58 } as const;

export const romChips: Partial<Record<Chip, RomChip>> = {
  esp8266: {
    magic: 0xfff0c101,
    spi: { base: 0x60000200, usr2: 0x24, w0: 0x40 },
    mac: ([a, b, c, d, e, f]) => [
      [0x3ff00050, word(f)],
      [0x3ff00054, word(0, 0, d, e)],
      [0x3ff0005c, word(0, a, b, c)],
    ],
  },
  esp32: {
    magic: 0x00f01d83,
    spi: { base: 0x3ff42000, usr2: 0x24, w0: 0x80 },
    mac: twoWords(0x3ff5a004),
  },
  'esp32-s2': { magic: 0x000007c6, spi: { base: 0x3f402000, ...newer }, mac: twoWords(0x3f41a044) },
  'esp32-s3': { magic: 0x9, id: 9, spi: { base: 0x60002000, ...newer }, mac: twoWords(0x60007044) },
  'esp32-c3': { magic: 0x6921506f, id: 5, spi: { base: 0x60002000, ...newer }, mac: twoWords(0x60008844) },
  'esp32-c6': { magic: 0x2ce0806f, id: 13, spi: { base: 0x60003000, ...newer }, mac: twoWords(0x600b0844) },
};
