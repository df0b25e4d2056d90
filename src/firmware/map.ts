/** The flash of a board, area by area, and its picture. */
import { formatBytes, sectorBytes, sectors } from '#values/index.ts';
import { familyOf, loadOf } from './fit.ts';
import { type Layout, layoutOf, type Scheme, schemeOf } from './layouts.ts';
import type { BoardFacts, Identified } from './types.ts';

export interface FlashArea {
  /** Flash offsets, bytes, the end exclusive. */
  readonly from: number;
  readonly to: number;
  readonly what:
    | 'running'
    | 'new'
    /** Where running and new would overlap: why it does not fit. */
    | 'overlap'
    | 'free'
    | 'filesystem'
    | 'eeprom'
    | 'rf'
    | 'sdk'
    | 'bootloader'
    | 'partition-table'
    | 'data';
  /** "running sketch", "app1" */
  readonly label: string;
}

export interface FlashMap {
  readonly flashBytes: number;
  /** In order, from 0 to the end, without gaps. */
  readonly areas: readonly FlashArea[];
}

/** The flash of a board, with this image staged when one is given; undefined when the layout is not known. The running
 *  sketch is taken to be as long as the new one unless the board says otherwise. */
export function flashMap(image: Identified | undefined, board: BoardFacts): FlashMap | undefined {
  const family = board.family ?? (image && familyOf(image));
  if (family === 'rp2040') return image && mapRp2040(image);
  if (board.layout === undefined) return undefined;
  const load = image && loadOf(image);
  const running = board.runningBytes ?? load?.gzip?.inflatedBytes ?? load?.bytes;
  if (family === 'esp8266') {
    const layout = layoutOf(board.layout, board.core);
    return layout && mapEsp8266(layout, running, load?.bytes);
  }
  const scheme = family === 'esp32' ? schemeOf(board.layout) : undefined;
  return scheme && mapEsp32(scheme, running, load?.bytes);
}

function mapEsp8266(layout: Layout, running = 0, sent = 0): FlashMap {
  const { updateEnd, fsStart, fsEnd, eeprom, rfCal, sdk, flashBytes } = layout;
  const runningEnd = Math.min(sectors(running) * sectorBytes, updateEnd);
  const start = Math.max(0, updateEnd - sectors(sent) * sectorBytes);
  const areas: FlashArea[] = [
    { from: 0, to: Math.min(runningEnd, start), what: 'running', label: 'running sketch' },
    { from: runningEnd, to: start, what: 'free', label: 'free' },
    { from: start, to: runningEnd, what: 'overlap', label: 'needed by both' },
    { from: Math.max(start, runningEnd), to: updateEnd, what: 'new', label: 'new firmware' },
    { from: fsStart, to: fsEnd, what: 'filesystem', label: 'file system' },
    { from: fsEnd, to: eeprom, what: 'free', label: 'unused' },
    { from: eeprom, to: rfCal, what: 'eeprom', label: 'EEPROM' },
    { from: rfCal, to: sdk, what: 'rf', label: 'RF calibration' },
    { from: sdk, to: flashBytes, what: 'sdk', label: 'SDK and Wi-Fi settings' },
  ];
  return { flashBytes, areas: areas.filter(({ from, to }) => to > from) };
}

/** A Pico's image itself says where its file system is; the update is staged as a file in there. */
function mapRp2040(image: Identified): FlashMap | undefined {
  const app = image.kind === 'gzip' ? image.inside : image;
  if (app.kind !== 'rp2040-app' || !app.image.fileSystem) return undefined;
  const { from, to } = app.image.fileSystem;
  const end = sectors(app.bytes) * sectorBytes;
  // EEPROM: one sector behind the file system on the RP2040, two on the RP2350 (tools/makeboards.py @ 6.0.0).
  const flashBytes = to + (app.image.chip === 'rp2040' ? 1 : 2) * sectorBytes;
  const areas: FlashArea[] = [
    { from: 0, to: Math.min(end, from), what: 'running', label: 'sketch' },
    { from: end, to: from, what: 'free', label: 'free' },
    { from, to, what: 'filesystem', label: 'file system, where an update waits as a file' },
    { from: to, to: flashBytes, what: 'eeprom', label: 'EEPROM' },
  ];
  return { flashBytes, areas: areas.filter((area) => area.to > area.from) };
}

/** The boot loader lies below 0x8000, at an offset that depends on the chip; the table at 0x8000 takes a sector. */
function mapEsp32(scheme: Scheme, running = 0, sent = 0): FlashMap {
  const areas: FlashArea[] = [
    { from: 0, to: 0x8000, what: 'bootloader', label: 'boot loader' },
    { from: 0x8000, to: 0x9000, what: 'partition-table', label: 'partition table' },
  ];
  const [first, second] = scheme.slots.length > 0 ? scheme.slots : scheme.partitions.filter(({ app }) => app);
  for (const partition of [...scheme.partitions].sort((a, b) => a.offset - b.offset)) {
    const { name, offset, bytes, app } = partition;
    const last = areas.at(-1)!.to;
    if (offset > last) areas.push({ from: last, to: offset, what: 'free', label: 'unused' });
    if (offset < last) continue;
    if (app) {
      const used = partition === first ? running : partition === second ? sent : 0;
      const end = offset + Math.min(bytes, sectors(used) * sectorBytes);
      const what = used > bytes ? 'overlap' : partition === first ? 'running' : 'new';
      const label = partition === first ? `running sketch in ${name}` : `new firmware in ${name}`;
      areas.push({ from: offset, to: end, what, label: used > bytes ? `too large for ${name}` : label });
      areas.push({ from: end, to: offset + bytes, what: 'free', label: used > 0 ? `rest of ${name}` : name });
    } else {
      const what = partition === scheme.fileSystem ? 'filesystem' : 'data';
      areas.push({ from: offset, to: offset + bytes, what, label: name });
    }
  }
  const end = areas.at(-1)!.to;
  if (end < scheme.flashBytes) areas.push({ from: end, to: scheme.flashBytes, what: 'free', label: 'unused' });
  return { flashBytes: scheme.flashBytes, areas: areas.filter(({ from, to }) => to > from) };
}

/** The character that stands for each kind of area in the picture. */
export const ink: Readonly<Record<FlashArea['what'], string>> = {
  running: '#',
  new: '+',
  overlap: '!',
  free: '.',
  filesystem: '=',
  eeprom: 'E',
  rf: 'R',
  sdk: 'S',
  bootloader: 'B',
  'partition-table': 'T',
  data: '-',
};

/** The map as lines of plain text: a bar to scale, then a line an area. A character stands for the same number of sectors
 *  throughout, which the last line says; an area too small for one may be in the legend alone. */
export function drawFlash(map: FlashMap, { width }: { readonly width: number }): readonly string[] {
  const columns = Math.max(16, width - 2);
  const total = sectors(map.flashBytes);
  // At most four lines; a power of two a character keeps addresses round.
  let perCell = 1;
  while (total / perCell > columns * 4) perCell *= 2;
  const cells = Math.ceil(total / perCell);
  const bar = inkOf(map, cells, perCell * sectorBytes);
  // Lines of a round length, so that they break at round addresses.
  const length = cells <= columns ? cells : 2 ** Math.floor(Math.log2(columns));
  const lines: string[] = [];
  for (let at = 0; at < cells; at += length) lines.push(`|${bar.slice(at, at + length)}|`);
  return [...lines, ...map.areas.map(legend), `one character is ${formatBytes(perCell * sectorBytes)} of flash`];
}

/** A cell shows the area that fills most of it; one too small for that gets the cell it begins in, if no other loses its
 *  only one. */
function inkOf(map: FlashMap, cells: number, cellBytes: number): string {
  const most = Array.from({ length: cells }, (_, cell) => {
    const share = ({ from, to }: FlashArea) => Math.min(to, (cell + 1) * cellBytes) - Math.max(from, cell * cellBytes);
    return map.areas.reduce((best, area) => (share(area) > share(best) ? area : best));
  });
  for (const area of map.areas) {
    if (area.what === 'free' || most.includes(area)) continue;
    const cell = Math.floor(area.from / cellBytes);
    if (most.filter((other) => other === most[cell]).length > 1) most[cell] = area;
  }
  return most.map(({ what }) => ink[what]).join('');
}

function legend({ from, to, what, label }: FlashArea): string {
  const hex = (offset: number) => `0x${offset.toString(16).toUpperCase().padStart(6, '0')}`;
  const whole = sectors(to - from);
  return `${ink[what]} ${hex(from)}-${hex(to)}  ${String(whole).padStart(5)} ${whole === 1 ? 'sector ' : 'sectors'}  ${label}`;
}
