/** What goes where: a file over the cable may be more than one over the air may be, and lies at an offset. */
import {
  type Chip,
  chipName,
  esp32Chips,
  familyOf,
  familyOfChip,
  identify,
  inflate,
  layoutOf,
  type Plain,
  readPartitionTable,
  type Scheme,
} from '#firmware/index.ts';
import { formatBytes, formatNumber, type Problem, type Result } from '#values/index.ts';
import type { BootLoader, Piece } from './flasher.ts';
import { noOffset, noPartitionTable, noRoom, notForPico, tooBig, wrongChip } from './problems.ts';

/** The file to flash, and what lies beside it in its build folder. */
export interface ToFlash {
  readonly file: Uint8Array;
  /** Its name; lets the advice name the file to take instead. */
  readonly name?: string | undefined;
  /** ESP32: the boot loader and the partition table of the same build. */
  readonly bootloader?: Uint8Array | undefined;
  readonly partitions?: Uint8Array | undefined;
  /** Where it goes, if the person says so. */
  readonly at?: number | undefined;
  /** Flash layout of the sketch, for an ESP8266's file system. */
  readonly layout?: string | undefined;
}

export interface Plan {
  /** `ESP8266 sketch, core 3.1.2`. */
  readonly what: string;
  readonly image: Plain;
  readonly pieces: readonly Piece[];
  /** What is done besides, in words. */
  readonly notes: readonly string[];
}

const tableAt = 0x8000;
const tableBytes = 0xc00;
const bootApp0At = 0xe000;
const espMagic = 0xe9;

/** Decides it for the board on the cable; asks its flash where the file alone does not say. */
export async function plan(wish: ToFlash, board: Pick<BootLoader, 'found' | 'read'>): Promise<Result<Plan>> {
  const { found } = board;
  const outer = identify(wish.file, wish.name);
  const bytes = outer.kind === 'gzip' ? insideOf(wish.file) : wish.file;
  const image = outer.kind === 'gzip' ? outer.inside : outer;
  const mismatch = wish.at === undefined ? chipProblem(image, found.chip) : undefined;
  const placed = mismatch ? no(mismatch) : await place(wish, bytes, image, board);
  if (!placed.ok) return placed;
  const end = Math.max(...placed.value.pieces.map((piece) => piece.at + piece.bytes.length));
  if (end > found.flashBytes) return no(tooBig('it needs', end, found.flashBytes));
  const notes =
    outer.kind === 'gzip' ? ['it is compressed: what is inside is written', ...placed.value.notes] : placed.value.notes;
  return { ok: true, value: { what: image.what, image, ...placed.value, notes } };
}

type Placed = Result<Pick<Plan, 'pieces' | 'notes'>>;

const no = (problem: Problem) => ({ ok: false, problem }) as const;
const put = (pieces: readonly Piece[], ...notes: readonly string[]): Placed => ({ ok: true, value: { pieces, notes } });

function insideOf(file: Uint8Array): Uint8Array {
  const inflated = inflate(file);
  return inflated.kind === 'inflated' ? inflated.bytes : file;
}

function chipProblem(image: Plain, chip: Chip): Problem | undefined {
  const family = familyOf(image);
  if (family === undefined) return undefined;
  if (family === 'rp2040') return notForPico;
  const forChip: Chip | undefined =
    image.kind === 'esp32-app' ? image.image.chip : image.kind === 'wrong' ? image.chip : undefined;
  const same = forChip === undefined ? family === familyOfChip(chip) : forChip === chip;
  return same ? undefined : wrongChip(chipName(forChip ?? family), chipName(chip));
}

async function place(
  wish: ToFlash,
  bytes: Uint8Array,
  image: Plain,
  board: Pick<BootLoader, 'found' | 'read'>,
): Promise<Placed> {
  const { chip, flashBytes } = board.found;
  if (wish.at !== undefined) return put([{ at: wish.at, bytes }]);
  switch (image.kind) {
    case 'esp8266-app': {
      const declared = image.image.flashBytes ?? 0;
      return declared > flashBytes
        ? no(tooBig('the firmware was built for', declared, flashBytes))
        : put([{ at: 0, bytes }]);
    }
    case 'esp32-app':
      return placeEsp32(wish, bytes, image, board);
    case 'filesystem':
      return placeFileSystem(wish, bytes, board);
    case 'rp2040-app':
      return no(notForPico);
    case 'wrong':
      switch (image.is) {
        case 'merged-image':
        case 'flash-dump':
          return put([{ at: 0, bytes }], 'it holds all of the flash from its start on');
        case 'bootloader':
          return put([{ at: bootloaderAt(chip), bytes }]);
        case 'partition-table':
          return put([{ at: tableAt, bytes }]);
        case 'boot-app0':
          return put([{ at: bootApp0At, bytes }]);
        default:
          return no(image.problem);
      }
  }
}

const bootloaderAt = (chip: Chip): number => esp32Chips.find((row) => row.chip === chip)?.bootloader ?? 0;

/** An application alone starts only where boot loader and partition table are: beside it in the build folder, or already on
 *  the board. otadata is blanked, or the board would go on starting what an earlier update put into the other slot. */
async function placeEsp32(
  wish: ToFlash,
  bytes: Uint8Array,
  image: Extract<Plain, { kind: 'esp32-app' }>,
  board: Pick<BootLoader, 'found' | 'read'>,
): Promise<Placed> {
  const { chip, flashBytes } = board.found;
  const declared = image.image.flashBytes ?? 0;
  if (declared > flashBytes) return no(tooBig('the firmware was built for', declared, flashBytes));
  const scheme = await schemeFor(wish, board);
  if (!scheme.ok) return scheme;
  if (!wish.bootloader) {
    const there = await board.read(bootloaderAt(chip), 0x1000);
    if (!there.ok) return there;
    if (there.value[0] !== espMagic) return no(noPartitionTable(chipName(chip)));
  }
  const slot = scheme.value.factory ?? scheme.value.slots[0];
  if (!slot) return no(noPartitionTable(chipName(chip)));
  if (bytes.length > slot.bytes) return no(noRoom(slot.name, bytes.length, slot.bytes));
  const otadata = scheme.value.partitions.find(({ app, subtype }) => !app && subtype === 'ota');
  const pieces: Piece[] = [];
  if (wish.bootloader) pieces.push({ at: bootloaderAt(chip), bytes: wish.bootloader });
  if (wish.partitions) pieces.push({ at: tableAt, bytes: wish.partitions });
  if (otadata) pieces.push({ at: otadata.offset, bytes: new Uint8Array(otadata.bytes).fill(0xff) });
  pieces.push({ at: slot.offset, bytes });
  return put(
    pieces,
    wish.partitions ? 'boot loader and partition table lie beside it' : 'the partition table on the board stays',
    `it goes to ${slot.name} at 0x${slot.offset.toString(16)}, which has ${formatNumber(slot.bytes)} bytes`,
  );
}

async function schemeFor(wish: ToFlash, board: Pick<BootLoader, 'found' | 'read'>): Promise<Result<Scheme>> {
  const table = wish.partitions
    ? ({ ok: true, value: wish.partitions } as const)
    : await board.read(tableAt, tableBytes);
  if (!table.ok) return table;
  const scheme = readPartitionTable(table.value);
  const { chip, flashBytes } = board.found;
  if (!scheme || scheme.partitions.length === 0) return no(noPartitionTable(chipName(chip)));
  const end = Math.max(...scheme.partitions.map(({ offset, bytes }) => offset + bytes));
  return end > flashBytes ? no(tooBig('its partition table needs', end, flashBytes)) : { ok: true, value: scheme };
}

async function placeFileSystem(
  wish: ToFlash,
  bytes: Uint8Array,
  board: Pick<BootLoader, 'found' | 'read'>,
): Promise<Placed> {
  if (board.found.chip === 'esp8266') {
    const layout = wish.layout === undefined ? undefined : layoutOf(wish.layout);
    if (!layout) return no(noOffset);
    return bytes.length > layout.fsBytes
      ? no(noRoom('file system', bytes.length, layout.fsBytes))
      : put(
          [{ at: layout.fsStart, bytes }],
          `the file system of layout ${layout.id} has ${formatBytes(layout.fsBytes)}`,
        );
  }
  const scheme = await schemeFor(wish, board);
  if (!scheme.ok) return scheme;
  const area = scheme.value.fileSystem;
  if (!area) return no(noOffset);
  return bytes.length > area.bytes
    ? no(noRoom(area.name, bytes.length, area.bytes))
    : put([{ at: area.offset, bytes }], `it goes to ${area.name} at 0x${area.offset.toString(16)}`);
}
