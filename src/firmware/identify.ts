import { formatNumber, type Problem, readU16 } from '#values/index.ts';
import { buildOf } from './build.ts';
import { behindEsp32, readEsp32, readMerged, readPartitionTable } from './esp32.ts';
import { appOffset, flashModes, iromAddress, readEsp8266, readEsp8266Application } from './esp8266.ts';
import {
  archiveName,
  elfMachine,
  isBootApp0,
  isElf,
  isFat,
  isGzip,
  isHtml,
  isIntelHex,
  isJson,
  isSRecord,
  readLittleFs,
  readRp2,
  readSpiffs,
  readUf2,
  trailerBehind,
} from './formats.ts';
import { inflate } from './gzip.ts';
import type { Chip, Identified, Plain, Signature, WrongFile, WrongKind } from './types.ts';
import { wrongFile } from './wrong.ts';

/** What a file is. Never throws, whatever the bytes, and takes a time bounded by their number. `name` is the file's: it
 *  decides nothing, and lets the advice name the file to send instead. */
export function identify(bytes: Uint8Array, name?: string): Identified {
  const found = isGzip(bytes) ? identifyGzip(bytes) : identifyPlain(bytes);
  const beside = name?.match(/^(.+)\.(elf|hex|uf2|srec|s19)$/i)?.[1];
  if (beside === undefined || found.kind !== 'wrong') return found;
  return { ...found, problem: { ...found.problem, fix: `send ${beside}.bin, which the build writes beside it` } };
}

function identifyPlain(bytes: Uint8Array): Plain {
  for (const look of looks) {
    const found = look(bytes);
    if (found) return found;
  }
  if (bytes[0] === 0xe9)
    return wrong(
      bytes,
      'damaged',
      'a damaged file',
      'it starts like an ESP image (0xE9), but its segments make no sense',
    );
  const first = [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
  return wrong(bytes, 'unknown', 'an unknown file', `it starts with ${first}`);
}

type Look = (bytes: Uint8Array) => Plain | undefined;

/** In this order; the first that knows the file decides. */
const looks: readonly Look[] = [
  (bytes) => (bytes.length === 0 ? wrong(bytes, 'empty', 'an empty file') : undefined),
  (bytes) => (isBlank(bytes) ? wrong(bytes, 'blank', 'erased flash') : undefined),
  (bytes) => (isElf(bytes) ? wrong(bytes, 'elf', `an ELF file for ${elfMachine(bytes)}`) : undefined),
  (bytes) => (isIntelHex(bytes) ? wrong(bytes, 'intel-hex', 'an Intel HEX file') : undefined),
  (bytes) => (isSRecord(bytes) ? wrong(bytes, 's-record', 'an S-record file') : undefined),
  identifyUf2,
  (bytes) => {
    const archive = archiveName(bytes);
    return archive === undefined ? undefined : wrong(bytes, 'archive', `a ${archive} archive`);
  },
  (bytes) => (isHtml(bytes) ? wrong(bytes, 'html', 'a web page') : undefined),
  (bytes) => (isJson(bytes) ? wrong(bytes, 'json', 'JSON text') : undefined),
  identifyPartitionTable,
  (bytes) => (isBootApp0(bytes) ? wrong(bytes, 'boot-app0', 'boot_app0.bin of an ESP32 build') : undefined),
  identifyLittleFs,
  identifyMerged,
  identifyEsp8266,
  identifyEsp32,
  identifyOtherEsp8266,
  identifyRp2,
  identifySpiffs,
  (bytes) => (isFat(bytes) ? fileSystem(bytes, 'fat', 'a FAT file-system image', undefined) : undefined),
];

function wrong(
  bytes: Uint8Array,
  is: WrongKind,
  what: string,
  detail?: string,
  more: { chip?: Chip; usable?: { from: number; to: number } } = {},
): WrongFile {
  const problem = wrongFile(is, ...(detail ? [detail] : []));
  return { kind: 'wrong', is, bytes: bytes.length, what, problem, warnings: [], ...more };
}

const isBlank = (bytes: Uint8Array): boolean =>
  (bytes[0] === 0xff || bytes[0] === 0) && bytes.every((byte) => byte === bytes[0]);

const built = (bytes: Uint8Array): { build?: string } => {
  const build = buildOf(bytes);
  return build === undefined ? {} : { build };
};

function identifyGzip(bytes: Uint8Array): Identified {
  const unusable = (detail: string) => wrong(bytes, 'gzip-unusable', 'a gzip file', detail);
  const inflated = inflate(bytes);
  switch (inflated.kind) {
    case 'too-large':
      return unusable('it inflates to more than 20 MB, which no board can hold');
    case 'truncated':
      return wrong(bytes, 'truncated', 'a gzip file, cut short');
    case 'damaged':
      return wrong(bytes, 'damaged', 'a damaged gzip file');
  }
  const signature = trailerBehind(bytes, inflated.end);
  if (!signature && inflated.end !== bytes.length)
    return unusable(`${formatNumber(bytes.length - inflated.end)} bytes follow the first gzip member`);
  if (isGzip(inflated.bytes)) return unusable('inside is another gzip file');
  const inside = identifyPlain(inflated.bytes);
  return {
    kind: 'gzip',
    bytes: bytes.length,
    what: `${inside.what}, gzip-compressed${signature ? ', signed' : ''}`,
    inside,
    inflatedBytes: inflated.bytes.length,
    stream: bytes.subarray(0, inflated.end),
    warnings: inside.warnings,
    ...(inside.build === undefined ? {} : { build: inside.build }),
    ...(signature ? { signature } : {}),
  };
}

function identifyUf2(bytes: Uint8Array): Plain | undefined {
  const uf2 = readUf2(bytes);
  if (!uf2) return undefined;
  return wrong(bytes, 'uf2', `a UF2 file${uf2.chip ? ` for ${chipName(uf2.chip)}` : ''}`, undefined, {
    ...(uf2.chip ? { chip: uf2.chip } : {}),
  });
}

function identifyPartitionTable(bytes: Uint8Array): Plain | undefined {
  if (readU16(bytes, 0) !== 0x50aa || bytes.length > 4096) return undefined;
  const scheme = readPartitionTable(bytes);
  return wrong(
    bytes,
    'partition-table',
    'an ESP32 partition table',
    scheme && `it divides the flash into ${scheme.partitions.map(({ name }) => name).join(', ')}`,
  );
}

function identifyMerged(bytes: Uint8Array): Plain | undefined {
  const merged = readMerged(bytes);
  if (!merged) return undefined;
  const { from, app } = merged;
  if (!app) return wrong(bytes, 'merged-image', 'a merged ESP32 image');
  const to = from + app.image.bytes;
  return wrong(
    bytes,
    'merged-image',
    `a merged ${chipName(app.image.chip)} image`,
    `inside is a usable application: bytes ${formatNumber(from)} to ${formatNumber(to)}`,
    { chip: app.image.chip, usable: { from, to } },
  );
}

const flashSizes = [512, 1024, 2048, 4096, 8192, 16_384].map((kb) => kb * 1024);

function identifyEsp8266(bytes: Uint8Array): Plain | undefined {
  const read = readEsp8266Application(bytes);
  if (!read) return undefined;
  const { image } = read;
  const core = image.coreHint ?? image.ebootCores;
  const what = `ESP8266 sketch${core ? `, core ${core}` : ''}`;
  const chip = { chip: 'esp8266' } as const;
  if (!read.complete) return wrong(bytes, 'truncated', `${what}, cut short`, missing(read.expected, bytes), chip);
  if (read.damaged) return wrong(bytes, 'damaged', `${what}, damaged`, undefined, chip);
  const rest = bytes.length - image.bytes;
  if (rest > 0 && flashSizes.includes(bytes.length))
    return wrong(bytes, 'flash-dump', `a dump of an ESP8266's flash (${what})`, undefined, {
      ...chip,
      usable: { from: 0, to: image.bytes },
    });
  const signature = trailerBehind(bytes, image.bytes);
  const trailing = signature ? 0 : rest;
  const warnings = [
    ...(trailing > 0 ? [trailingBytes(trailing)] : []),
    ...(image.embedded && !image.embedded.crcGood ? [crcDiffers] : []),
  ];
  return {
    kind: 'esp8266-app',
    bytes: bytes.length,
    what: `${what}${signature ? ', signed' : ''}`,
    image,
    trailing,
    warnings,
    ...built(bytes),
    ...(signature ? { signature } : {}),
  };
}

function identifyEsp32(bytes: Uint8Array): Plain | undefined {
  const read = readEsp32(bytes);
  if (!read) return undefined;
  const { image } = read;
  const name = chipName(image.chip);
  const idf = image.descriptor?.idf;
  const what = `${name} sketch${idf ? ` (ESP-IDF ${idf})` : ''}`;
  const chip = { chip: image.chip };
  // Noise too can look like an ESP32 header: it takes more to call it cut short or damaged.
  if (!read.plausible && !read.checksumGood) return undefined;
  if (!read.complete) return wrong(bytes, 'truncated', `${what}, cut short`, missing(read.expected, bytes), chip);
  if (!read.checksumGood || read.hashGood === false)
    return wrong(bytes, 'damaged', `${what}, damaged`, undefined, chip);
  if (read.bootloader) return wrong(bytes, 'bootloader', `the boot loader of an ${name} build`, undefined, chip);
  const { signature, junk } = behindEsp32(bytes, image.bytes);
  return {
    kind: 'esp32-app',
    bytes: bytes.length,
    what: `${what}${signature ? ', signed' : ''}`,
    image,
    trailing: junk,
    warnings: junk > 0 ? [trailingBytes(junk)] : [],
    ...built(bytes),
    ...(signature ? { signature } : {}),
  };
}

/** What has the ESP8266's own header but is no whole Arduino image. */
function identifyOtherEsp8266(bytes: Uint8Array): Plain | undefined {
  const chip = { chip: 'esp8266' } as const;
  if (bytes[0] === 0xea && bytes[1] === 4 && (bytes[2] ?? 255) < flashModes.length)
    return wrong(bytes, 'esp8266-sdk-image', 'an ESP8266 image of the vendor SDK', undefined, chip);
  const read = readEsp8266(bytes, 0);
  if (!read) return undefined;
  if (read.segments[0]?.address === iromAddress)
    return wrong(bytes, 'esp8266-without-eboot', 'an ESP8266 application without its boot loader', undefined, chip);
  if (!read.complete) return wrong(bytes, 'truncated', 'an ESP8266 image, cut short', missing(read.end, bytes), chip);
  if (!read.checksumGood) return undefined;
  if (read.segments[0]?.address !== 0x4010f000)
    return wrong(bytes, 'esp8266-sdk-image', 'an ESP8266 image, not of Arduino', undefined, chip);
  return bytes.length < appOffset
    ? wrong(bytes, 'bootloader', 'the boot loader of the ESP8266 Arduino core', undefined, chip)
    : wrong(
        bytes,
        'truncated',
        'an ESP8266 sketch, cut short',
        'only the boot loader in the first sector is there',
        chip,
      );
}

function identifyRp2(bytes: Uint8Array): Plain | undefined {
  const image = readRp2(bytes);
  if (!image) return undefined;
  // A raw image does not say where it ends: the last word is all there is to tell.
  const signed = [256, 384, 512].map((length) => trailerBehind(bytes, bytes.length - length - 4)).find(Boolean);
  const signature: { signature?: Signature } = signed ? { signature: signed } : {};
  const what = `${chipName(image.chip)} sketch${signed ? ', looks signed' : ''}`;
  return { kind: 'rp2040-app', bytes: bytes.length, what, image, warnings: [], ...built(bytes), ...signature };
}

function fileSystem(
  bytes: Uint8Array,
  format: 'littlefs' | 'spiffs' | 'fat',
  what: string,
  blockBytes: number | undefined,
  more: { version?: number; spiffsFor?: 'esp8266' | 'esp32'; warnings?: readonly Problem[] } = {},
): Plain {
  return { kind: 'filesystem', format, bytes: bytes.length, what, blockBytes, warnings: [], ...more };
}

function identifyLittleFs(bytes: Uint8Array): Plain | undefined {
  const found = readLittleFs(bytes);
  if (!found) return undefined;
  const whole = found.blockBytes * found.blocks;
  const what = 'a LittleFS file-system image';
  if (whole > bytes.length) return wrong(bytes, 'truncated', `${what}, cut short`, missing(whole, bytes));
  const warnings = whole < bytes.length ? [trailingBytes(bytes.length - whole)] : [];
  return fileSystem(bytes, 'littlefs', what, found.blockBytes, { version: found.version, warnings });
}

function identifySpiffs(bytes: Uint8Array): Plain | undefined {
  const found = readSpiffs(bytes);
  if (!found) return undefined;
  const { blockBytes, spiffsFor } = found;
  return fileSystem(bytes, 'spiffs', `a SPIFFS file-system image for ${chipName(spiffsFor)}`, blockBytes, {
    spiffsFor,
  });
}

/** `ESP32-C3`, as its maker writes it. */
export const chipName = (chip: Chip): string => chip.toUpperCase();

const missing = (expected: number, bytes: Uint8Array): string =>
  `it should have at least ${formatNumber(expected)} bytes and has ${formatNumber(bytes.length)}: ` +
  `${formatNumber(Math.max(1, expected - bytes.length))} are missing`;

const trailingBytes = (count: number): Problem => ({
  code: 'img-trailing-bytes',
  what: `${formatNumber(count)} bytes follow the end of the image`,
  why: 'they are no signature that is known. A board stores them too; they do no harm but may cost a sector',
  fix: 'if you did not put them there, build or download the file again',
  blame: 'person',
});

const crcDiffers: Problem = {
  code: 'img-crc-differs',
  what: 'the checksum is right but the CRC that the build put into the image is not',
  why: 'the file was changed after the build: most often a tool patched the flash mode or size in its header, or it was read back from a board',
  fix: 'send the .bin as the build wrote it',
  blame: 'person',
};
