/** The image format of the ESP32 family, its boot loader and its partition table. */
import { md5, readU16, readU32, sha256, text, toHex } from '#values/index.ts';
import { esp32Chips } from './data/chips.ts';
import { flashModes } from './esp8266.ts';
import { type Partition, type Scheme, schemeFrom } from './layouts.ts';
import type { Esp32Chip, Esp32Image, Segment, Signature } from './types.ts';

export const tableOffset = 0x8000;
const tableBytes = 0xc00;
const descriptorAt = 0x20;
const MiB = 1024 * 1024;

export interface ReadEsp32 {
  readonly image: Esp32Image;
  readonly complete: boolean;
  /** Length the file should have at least. */
  readonly expected: number;
  readonly checksumGood: boolean;
  /** Undefined: no hash appended. */
  readonly hashGood: boolean | undefined;
  readonly bootloader: boolean;
  /** Whether this is an ESP32 image beyond the header: it has the descriptor, or starts with constants in flash. */
  readonly plausible: boolean;
}

/** An image with the 24-byte header at `at`; undefined when there is none (esp_app_format.h, esp_image_format.c of ESP-IDF). */
export function readEsp32(bytes: Uint8Array, at = 0): ReadEsp32 | undefined {
  const count = bytes[at + 1] ?? 0;
  if (bytes[at] !== 0xe9 || at + 32 > bytes.length || count === 0 || count > 16) return undefined;
  const chip = esp32Chips.find(({ id }) => id === readU16(bytes, at + 12))?.chip;
  const hashAppended = bytes[at + 23]!;
  if (chip === undefined || hashAppended > 1) return undefined;
  const segments: Segment[] = [];
  let next = at + 24;
  let sum = 0xef;
  for (let i = 0; i < count; i++) {
    if (next + 8 > bytes.length) break;
    const length = readU32(bytes, next + 4);
    if (length % 4 !== 0 || length >= 16 * MiB) return undefined;
    segments.push({ address: readU32(bytes, next), offset: next + 8, bytes: length });
    const end = Math.min(next + 8 + length, bytes.length);
    for (let j = next + 8; j < end; j++) sum ^= bytes[j]!;
    next += 8 + length;
  }
  const checked = at + ((next - at + 16) & ~15);
  const end = checked + (hashAppended ? 32 : 0);
  const complete = segments.length === count && end <= bytes.length;
  const maxRevision = readU16(bytes, at + 17);
  const descriptor = descriptorOf(bytes, at + descriptorAt);
  return {
    image: {
      chip,
      bytes: end - at,
      segments,
      entry: readU32(bytes, at + 4),
      flashMode: flashModes[bytes[at + 2]!] ?? 'dio',
      flashBytes: bytes[at + 3]! >> 4 < 8 ? MiB << (bytes[at + 3]! >> 4) : undefined,
      minRevision: readU16(bytes, at + 15) || bytes[at + 14]! * 100,
      maxRevision: maxRevision === 0 || maxRevision === 0xffff ? undefined : maxRevision,
      hashAppended: hashAppended === 1,
      descriptor,
    },
    complete,
    expected: end - at,
    checksumGood: complete && bytes[checked - 1] === sum,
    hashGood:
      complete && hashAppended
        ? toHex(sha256(bytes.subarray(at, checked))) === toHex(bytes.subarray(checked, end))
        : undefined,
    plausible: descriptor !== undefined || isFlashMapped(chip, segments[0]?.address ?? 0),
    bootloader: descriptor === undefined && isBootloader(chip, segments, end - at),
  };
}

/** Boot loaders are small and run from RAM alone; older ones have no descriptor of their own. */
const isBootloader = (chip: Esp32Chip, segments: readonly Segment[], length: number): boolean =>
  length < 64 * 1024 && !segments.some(({ address }) => isFlashMapped(chip, address));

/** Code and constants that run from flash: 0x3C.., 0x3F4.., 0x400D.. and up on ESP32 and S2, 0x3C.., 0x42.. elsewhere. */
function isFlashMapped(chip: Esp32Chip, address: number): boolean {
  if (chip === 'esp32')
    return (address >= 0x3f400000 && address < 0x3f800000) || (address >= 0x400d0000 && address < 0x40400000);
  if (chip === 'esp32-s2')
    return (address >= 0x3f000000 && address < 0x3f3f0000) || (address >= 0x40080000 && address < 0x40b80000);
  if (chip === 'esp32-p4' || chip === 'esp32-s31') return address >= 0x40000000 && address < 0x4c000000;
  return (address >= 0x3c000000 && address < 0x3e000000) || (address >= 0x42000000 && address < 0x44000000);
}

function descriptorOf(bytes: Uint8Array, at: number): Esp32Image['descriptor'] {
  if (at + 256 > bytes.length || readU32(bytes, at) !== 0xabcd5432) return undefined;
  const field = (offset: number, length: number) =>
    text(bytes.subarray(at + offset, at + offset + length))
      .split('\0')[0]!
      .replace(/[^\x20-\x7e]/g, '?');
  return {
    version: field(16, 32),
    project: field(48, 32),
    idf: field(112, 32),
    built: `${field(96, 16)} ${field(80, 16)}`.trim(),
    elfSha256: toHex(bytes.subarray(at + 144, at + 176)),
  };
}

/** What stands behind an image that ends at `end`: nothing, padding, a signature, or junk. */
export function behindEsp32(bytes: Uint8Array, end: number): { readonly signature?: Signature; readonly junk: number } {
  const rest = bytes.length - end;
  if (rest <= 0) return { junk: 0 };
  const block = (end + 4095) & ~4095;
  // ESP-IDF secure boot v2: padded to a sector, then one sector of signature blocks that start with 0xE7.
  if (bytes.length === block + 4096 && bytes[block] === 0xe7 && (bytes[block + 1] === 2 || bytes[block + 1] === 3))
    return { signature: { form: 'secure-boot-v2', bytes: rest }, junk: 0 };
  if (rest === 68 && readU32(bytes, end) === 0) return { signature: { form: 'secure-boot-v1', bytes: rest }, junk: 0 };
  const tail = bytes.subarray(end);
  if (tail.every((byte) => byte === 0xff)) return { junk: 0 };
  // arduino-esp32 3.3 Updater_Signing: exactly 512 bytes, a signature padded with zeros.
  if (rest === 512 && tail[0] !== 0xff) return { signature: { form: 'esp32-block', bytes: rest }, junk: 0 };
  return { junk: rest };
}

const subtypes: Readonly<Record<number, Readonly<Record<number, string>>>> = {
  0: { 0: 'factory', 32: 'test' },
  1: {
    0: 'ota',
    1: 'phy',
    2: 'nvs',
    3: 'coredump',
    4: 'nvs_keys',
    5: 'efuse',
    129: 'fat',
    130: 'spiffs',
    131: 'littlefs',
  },
};

/** A binary partition table at `at`; undefined when there is none, or its MD5 entry says that it is damaged. */
export function readPartitionTable(bytes: Uint8Array, at = 0): Scheme | undefined {
  const partitions: Partition[] = [];
  for (let entry = at; entry + 32 <= Math.min(bytes.length, at + tableBytes); entry += 32) {
    const magic = readU16(bytes, entry);
    if (magic === 0xebeb) {
      if (toHex(md5(bytes.subarray(at, entry))) !== toHex(bytes.subarray(entry + 16, entry + 32))) return undefined;
      break;
    }
    if (magic !== 0x50aa || readU32(bytes, entry + 4) % 4096 !== 0) break;
    const [type, subtype] = [bytes[entry + 2]!, bytes[entry + 3]!];
    const slot = type === 0 && subtype >= 0x10 && subtype < 0x20;
    partitions.push({
      name: text(bytes.subarray(entry + 12, entry + 28))
        .split('\0')[0]!
        .replace(/[^\x20-\x7e]/g, '?'),
      subtype: slot ? `ota_${subtype - 0x10}` : (subtypes[type]?.[subtype] ?? `${type}/${subtype}`),
      offset: readU32(bytes, entry + 4),
      bytes: readU32(bytes, entry + 8),
      app: type === 0,
    });
  }
  return partitions.length > 0 ? schemeFrom('from the file', partitions) : undefined;
}

/** The application inside a file that starts at flash offset 0; undefined when it is no such file. */
export function readMerged(
  bytes: Uint8Array,
): { readonly from: number; readonly app: ReadEsp32 | undefined } | undefined {
  if (readU16(bytes, tableOffset) !== 0x50aa) return undefined;
  const starts = [0, 0x1000, 0x2000].find((at) => bytes[at] === 0xe9);
  if (starts === undefined) return undefined;
  const first = readPartitionTable(bytes, tableOffset)?.partitions.find((partition) => partition.app);
  if (!first) return undefined;
  const from = first.offset;
  const app = readEsp32(bytes, from);
  return { from, app: app?.complete && app.checksumGood ? app : undefined };
}
