/** Recognising what is no ESP image: text, archives, UF2, Pico images, file systems. Each answers from the bytes alone. */
import { crc32Mpeg2, readU16, readU32, readU32be, text } from '#values/index.ts';
import { esp32Chips } from './data/chips.ts';
import type { Chip, Rp2Image, Signature } from './types.ts';

const startsWith = (bytes: Uint8Array, ...start: readonly number[]) => start.every((byte, i) => bytes[i] === byte);

export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

export const isElf = (bytes: Uint8Array): boolean => startsWith(bytes, 0x7f, 0x45, 0x4c, 0x46);

/** The machine an ELF file is for, u16 at 18. */
export const elfMachine = (bytes: Uint8Array): string =>
  ({ 94: 'Xtensa', 243: 'RISC-V', 40: 'Arm', 83: 'AVR' })[readU16(bytes, 18)] ?? 'another machine';

/** Looks at the first lines only: enough to tell, and bounded. */
const head = (bytes: Uint8Array): string =>
  text(bytes.subarray(0, 512))
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart();

export const isIntelHex = (bytes: Uint8Array): boolean => /^:[0-9a-f]{10,}\r?\n/i.test(head(bytes));
export const isSRecord = (bytes: Uint8Array): boolean => /^S[0-9][0-9a-f]{6,}\r?\n/i.test(head(bytes));
export const isHtml = (bytes: Uint8Array): boolean => /^<(!|\?|[a-z])/i.test(head(bytes));
export const isJson = (bytes: Uint8Array): boolean => /^[{[]\s*(["{[}\]\d]|true|false|null)/.test(head(bytes));

export const archiveName = (bytes: Uint8Array): string | undefined =>
  (
    [
      ['zip', 0x50, 0x4b, 0x03, 0x04],
      ['bzip2', 0x42, 0x5a, 0x68],
      ['xz', 0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
      ['zstd', 0x28, 0xb5, 0x2f, 0xfd],
      ['7z', 0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c],
      ['rar', 0x52, 0x61, 0x72, 0x21],
    ] as const
  ).find(([, ...start]) => startsWith(bytes, ...start))?.[0];

/** Undefined: no UF2. The chip of its family, where known (raspberrypi/pico-sdk boot/uf2.h, espressif/esptool targets). */
export function readUf2(bytes: Uint8Array): { readonly chip: Chip | undefined } | undefined {
  if (readU32(bytes, 0) !== 0x0a324655 || readU32(bytes, 4) !== 0x9e5d5157) return undefined;
  const family = readU32(bytes, 28);
  const chip: Chip | undefined =
    family === 0xe48bff56
      ? 'rp2040'
      : family >= 0xe48bff59 && family <= 0xe48bff5b
        ? 'rp2350'
        : family === 0x7eab61ed
          ? 'esp8266'
          : esp32Chips.find(({ uf2 }) => uf2 === family)?.chip;
  return { chip };
}

const flashBase = 0x10000000;

/** A raw image of arduino-pico: boot2 with its CRC (RP2040), or image-definition markers (RP2350). */
export function readRp2(bytes: Uint8Array): Rp2Image | undefined {
  if (bytes.length < 0x3000) return undefined;
  const rp2040 = crc32Mpeg2(bytes.subarray(0, 252)) === readU32(bytes, 252) && readU32(bytes, 252) !== 0;
  if (!rp2040 && !hasMarkers(bytes)) return undefined;
  const [from, to] = [readU32(bytes, 0x2ff0) - flashBase, readU32(bytes, 0x2ff4) - flashBase];
  const told = from > 0 && to >= from && to <= 16 * 1024 * 1024 && from % 4096 === 0;
  return { chip: rp2040 ? 'rp2040' : 'rp2350', bytes: bytes.length, fileSystem: told ? { from, to } : undefined };
}

function hasMarkers(bytes: Uint8Array): boolean {
  for (let at = 0; at < 4096; at += 4) {
    if (readU32(bytes, at) !== 0xffffded3) continue;
    for (let end = at + 4; end < Math.min(at + 256, 4096); end += 4)
      if (readU32(bytes, end) === 0xab123579) return true;
  }
  return false;
}

/** `signature | length` behind an image that ends at `end`, as ESP8266 and arduino-pico have it; RSA keys only. */
export function trailerBehind(bytes: Uint8Array, end: number): Signature | undefined {
  const rest = bytes.length - end;
  const length = readU32(bytes, bytes.length - 4);
  return rest === length + 4 && [128, 256, 384, 512].includes(length) ? { form: 'trailer', bytes: rest } : undefined;
}

/** LittleFS keeps its name and geometry at the start of its first two blocks. */
export function readLittleFs(
  bytes: Uint8Array,
): { readonly version: number; readonly blockBytes: number; readonly blocks: number } | undefined {
  for (const at of [0, 4096, 8192]) {
    if (text(bytes.subarray(at + 8, at + 16)) !== 'littlefs') continue;
    return { version: readU32(bytes, at + 20), blockBytes: readU32(bytes, at + 24), blocks: readU32(bytes, at + 28) };
  }
  return undefined;
}

/** SPIFFS has a magic word in every block: one value on the ESP8266, one that counts the blocks down on the ESP32. */
export function readSpiffs(
  bytes: Uint8Array,
): { readonly blockBytes: number; readonly spiffsFor: 'esp8266' | 'esp32' } | undefined {
  const magic = 0x0529 ^ 256;
  for (const blockBytes of [4096, 8192]) {
    const blocks = bytes.length / blockBytes;
    if (!Number.isInteger(blocks) || blocks < 2) continue;
    const every = (wanted: (block: number) => number) => {
      for (let block = 0; block < blocks; block++)
        if (readU16(bytes, block * blockBytes + 0xfc) !== wanted(block)) return false;
      return true;
    };
    if (every(() => magic)) return { blockBytes, spiffsFor: 'esp8266' };
    if (every((block) => magic ^ ((blocks - block) & 0xffff))) return { blockBytes, spiffsFor: 'esp32' };
  }
  return undefined;
}

export const isFat = (bytes: Uint8Array): boolean =>
  ((bytes[0] === 0xeb && bytes[2] === 0x90) || bytes[0] === 0xe9) && bytes[510] === 0x55 && bytes[511] === 0xaa;

export const isBootApp0 = (bytes: Uint8Array): boolean =>
  bytes.length === 8192 && readU32(bytes, 0) === 1 && readU32be(bytes, 28) === 0x9a984347;
