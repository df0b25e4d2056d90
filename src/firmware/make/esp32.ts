import { ascii, md5, sha256, writeU16, writeU32 } from '#values/index.ts';
import { esp32Chips } from '../data/chips.ts';
import { tableOffset } from '../esp32.ts';
import { flashModes } from '../esp8266.ts';
import { schemeOf } from '../layouts.ts';
import type { Esp32Chip, FlashMode } from '../types.ts';
import { type Filling, filler, xor } from './filler.ts';

export interface Esp32Wish extends Filling {
  /** Default `esp32`. */
  readonly chip?: Esp32Chip;
  /** Length of the file; rounded up to a multiple of 16. Default 800,000. */
  readonly bytes?: number;
  /** Flash size that the header declares, bytes; default 4 MiB. */
  readonly flashBytes?: number;
  readonly flashMode?: FlashMode;
}

/** An application image as esptool's elf2image makes it: descriptor, four segments, checksum, SHA-256. */
export function makeEsp32Image(wish: Esp32Wish): Uint8Array {
  const { chip = 'esp32', bytes = 800_000 } = wish;
  const length = Math.ceil(bytes / 16) * 16;
  const room = length - 24 - 4 * 8 - 16 - 32;
  const upTo = (most: number, share: number) => Math.min(most, Math.floor((room * share) / 4) * 4);
  const ram = [upTo(16_384, 0.05), upTo(65_536, 0.1)];
  const constants = Math.max(512, upTo(200_000, 0.25));
  const code = room - constants - ram[0]! - ram[1]!;
  if (code < 64) throw new RangeError('no ESP32 image is that small');
  const [data, text] = flashBases(chip);
  const program = filler(room - 256, wish);
  const first = new Uint8Array(constants);
  first.set(descriptor(wish), 0);
  first.set(program.subarray(0, constants - 256), 256);
  const rest = program.subarray(constants - 256);
  return image(wish, [
    { address: data, data: first },
    { address: 0x3ffb0000, data: rest.subarray(0, ram[0]) },
    { address: text, data: rest.subarray(ram[0]!, ram[0]! + code) },
    { address: 0x40080000, data: rest.subarray(ram[0]! + code) },
  ]);
}

/** A boot loader: RAM segments only, with the descriptor of ESP-IDF 5.1 and later. */
export function makeEsp32Bootloader(wish: Omit<Esp32Wish, 'bytes' | 'build'>): Uint8Array {
  const code = filler(18_000, { seed: 0xb007 });
  code.fill(0, 0, 80);
  code[0] = 0x50;
  code.set(ascii('v5.1.4'), 8);
  return image(wish, [
    { address: 0x3fff0030, data: code.subarray(0, 6000) },
    { address: 0x40078000, data: code.subarray(6000) },
  ]);
}

/** Where the flash appears in the chip's memory: constants, code. */
const flashBases = (chip: Esp32Chip): readonly [number, number] =>
  chip === 'esp32'
    ? [0x3f400000, 0x400d0000]
    : chip === 'esp32-s2'
      ? [0x3f000000, 0x40080000]
      : [0x3c000000, 0x42000000];

function image(wish: Esp32Wish, parts: readonly { address: number; data: Uint8Array }[]): Uint8Array {
  const { chip = 'esp32', flashBytes = 4 * 1024 * 1024, flashMode = 'dio' } = wish;
  const end = 24 + parts.reduce((sum, { data }) => sum + 8 + data.length, 0);
  const checked = (end + 16) & ~15;
  const out = new Uint8Array(checked + 32);
  out.set([0xe9, parts.length, flashModes.indexOf(flashMode), (Math.log2(flashBytes / 1024 / 1024) << 4) | 0x0f]);
  writeU32(out, 4, 0x40081234);
  out[8] = 0xee;
  writeU16(out, 12, esp32Chips.find((one) => one.chip === chip)!.id);
  writeU16(out, 17, 0xffff);
  out[23] = 1;
  let at = 24;
  let sum = 0xef;
  for (const { address, data } of parts) {
    // Flash is mapped in pages of 64 KiB: the address within a page is that of the file.
    const mapped = (address & 0xffff) === 0 && address !== 0x3ffb0000;
    writeU32(out, at, mapped ? address + ((at + 8) & 0xffff) : address);
    writeU32(out, at + 4, data.length);
    out.set(data, at + 8);
    sum = xor(data, sum);
    at += 8 + data.length;
  }
  out[checked - 1] = sum;
  out.set(sha256(out.subarray(0, checked)), checked);
  return out;
}

function descriptor({ build, seed = 1 }: Filling): Uint8Array {
  const out = new Uint8Array(256);
  writeU32(out, 0, 0xabcd5432);
  const field = (at: number, words: string, most: number) => out.set(ascii(words).subarray(0, most), at);
  field(16, 'esp-idf: v4.4.6 3572900934', 32);
  field(48, 'arduino-lib-builder', 32);
  field(80, '13:44:28', 16);
  field(96, 'Oct  4 2023', 16);
  field(112, 'v4.4.6-dirty', 32);
  out.set(sha256(`${build ?? ''}${seed}`), 144);
  return out;
}

/** The binary partition table of a scheme, 3072 bytes, with its MD5 entry. */
export function makePartitionTable(scheme = 'default'): Uint8Array {
  const found = schemeOf(scheme);
  if (!found) throw new RangeError(`no partition scheme ${scheme}`);
  const out = new Uint8Array(0xc00).fill(0xff);
  const data: Readonly<Record<string, number>> = {
    ota: 0,
    phy: 1,
    nvs: 2,
    coredump: 3,
    fat: 0x81,
    spiffs: 0x82,
    littlefs: 0x83,
  };
  let at = 0;
  for (const { name, subtype, offset, bytes, app } of found.partitions) {
    const slot = /^ota_(\d+)$/.exec(subtype);
    out.fill(0, at, at + 32);
    out.set([0xaa, 0x50, app ? 0 : 1, slot ? 0x10 + Number(slot[1]) : app ? 0 : (data[subtype] ?? 6)], at);
    writeU32(out, at + 4, offset);
    writeU32(out, at + 8, bytes);
    out.set(ascii(name), at + 12);
    at += 32;
  }
  out.set([0xeb, 0xeb], at);
  out.set(md5(out.subarray(0, at)), at + 16);
  return out;
}

/** Boot loader, partition table, boot_app0 and application at their flash offsets, gaps 0xFF, as long as the flash. */
export function makeMerged(wish: Esp32Wish): Uint8Array {
  const { chip = 'esp32', flashBytes = 4 * 1024 * 1024 } = wish;
  const out = new Uint8Array(flashBytes).fill(0xff);
  out.set(makeEsp32Bootloader({ ...wish, flashBytes }), esp32Chips.find((one) => one.chip === chip)!.bootloader);
  out.set(makePartitionTable(), tableOffset);
  out.set([1, 0, 0, 0], 0xe000);
  out.set([0x9a, 0x98, 0x43, 0x47], 0xe000 + 28);
  out.set(makeEsp32Image({ ...wish, flashBytes }), 0x10000);
  return out;
}
