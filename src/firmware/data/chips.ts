/** How to tell which chip and core an image is for. */
import type { Esp32Chip } from '../types.ts';

/** Application images of the ESP32 family: chip id at byte 12 of the header, where the boot loader is flashed, UF2 family
 *  (espressif/esptool esptool/targets/*.py @ v5.3.1). */
// biome-ignore format: one row a chip
export const esp32Chips: readonly { readonly chip: Esp32Chip; readonly id: number; readonly bootloader: number; readonly uf2: number | undefined }[] = [
  { chip: 'esp32', id: 0, bootloader: 0x1000, uf2: 0x1c5f21b0 },
  { chip: 'esp32-s2', id: 2, bootloader: 0x1000, uf2: 0xbfdd4eee },
  { chip: 'esp32-c3', id: 5, bootloader: 0, uf2: 0xd42ba06c },
  { chip: 'esp32-s3', id: 9, bootloader: 0, uf2: 0xc47e5767 },
  { chip: 'esp32-c2', id: 12, bootloader: 0, uf2: 0x2b88d29c },
  { chip: 'esp32-c6', id: 13, bootloader: 0, uf2: 0x540ddf62 },
  { chip: 'esp32-h2', id: 16, bootloader: 0, uf2: 0x332726f6 },
  { chip: 'esp32-p4', id: 18, bootloader: 0x2000, uf2: 0x3d308e94 },
  { chip: 'esp32-c61', id: 20, bootloader: 0, uf2: 0x77d850c4 },
  { chip: 'esp32-c5', id: 23, bootloader: 0x2000, uf2: 0xf71c0343 },
  { chip: 'esp32-h21', id: 25, bootloader: 0, uf2: 0xb6dd00af },
  { chip: 'esp32-h4', id: 28, bootloader: 0x2000, uf2: 0x9e0baa8a },
  { chip: 'esp32-e22', id: 31, bootloader: 0, uf2: undefined },
  { chip: 'esp32-s31', id: 32, bootloader: 0x2000, uf2: 0x3101f7c1 },
];

export interface Eboot {
  /** First and last release that carries it. */
  readonly from: string;
  readonly to: string;
  readonly entry: number;
  /** Address, length and running checksum after it, a segment. */
  readonly segments: readonly (readonly [number, number, number])[];
  readonly inflates: boolean;
}

/** The boot loader in the first sector of every ESP8266 image, by core (esp8266/Arduino bootloaders/eboot/eboot.elf @ tags). */
// biome-ignore format: one row a boot loader
export const eboots: readonly Eboot[] = [
  { from: '2.0.0', to: '2.1.0', entry: 0x4010f240, segments: [[0x4010f000, 1264, 0x42]], inflates: false },
  { from: '2.2.0', to: '2.2.0', entry: 0x4010f240, segments: [[0x4010f000, 1264, 0x0f]], inflates: false },
  { from: '2.3.0', to: '2.6.2', entry: 0x4010f29c, segments: [[0x4010f000, 1384, 0x2d]], inflates: false },
  { from: '2.6.3', to: '2.6.3', entry: 0x4010f29c, segments: [[0x4010f000, 1392, 0xd0]], inflates: false },
  { from: '2.7.0', to: '2.7.0', entry: 0x4010f42c, segments: [[0x4010f000, 3656, 0x0c]], inflates: true },
  { from: '2.7.1', to: '2.7.1', entry: 0x4010f3e4, segments: [[0x4010f000, 3456, 0x84]], inflates: true },
  { from: '2.7.2', to: '2.7.2', entry: 0x4010f45c, segments: [[0x4010f000, 3664, 0xee]], inflates: true },
  { from: '2.7.3', to: '2.7.4', entry: 0x4010f45c, segments: [[0x4010f000, 3584, 0xb0]], inflates: true },
  { from: '3.0.0', to: '3.0.2', entry: 0x4010f494, segments: [[0x4010f000, 3460, 0xcc], [0x3fff20b8, 40, 0xc9]], inflates: true },
  { from: '3.1.0', to: '3.1.2', entry: 0x4010f480, segments: [[0x4010f000, 3424, 0x2e], [0x3fff20b8, 40, 0x2b]], inflates: true },
];

/** First 8 hex digits of the commit a released ESP8266 core was built from. */
export const coreWords: Readonly<Record<string, number>> = {
  '2.0.0': 0xc10a19e0,
  '2.1.0': 0x5ab63dcf,
  '2.2.0': 0xde3058fc,
  '2.3.0': 0x09826c6d,
  '2.4.0': 0x4ceabea9,
  '2.4.1': 0x614f7c32,
  '2.4.2': 0xbb28d4a3,
  '2.5.0': 0x951aeffa,
  '2.5.1': 0xac02aff5,
  '2.5.2': 0x8b899c12,
  '2.6.0': 0x643ec203,
  '2.6.1': 0x482516e3,
  '2.6.2': 0xbc204a9b,
  '2.6.3': 0x3d128e5c,
  '2.7.0': 0x9c56ed1f,
  '2.7.1': 0xa5432625,
  '2.7.2': 0x39c79d9b,
  '2.7.3': 0x5d3af165,
  '2.7.4': 0x2843a5ac,
  '3.0.0': 0xefb0341a,
  '3.0.1': 0xcbf44fb3,
  '3.0.2': 0xcf6ff4c4,
  '3.1.0': 0x8ae300d4,
  '3.1.1': 0x0e5d358c,
  '3.1.2': 0x210897ef,
};
