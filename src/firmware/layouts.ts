/** How a flash is divided: layouts of the ESP8266 core, partition schemes of arduino-esp32. */

import { type Core, compareCores } from './cores.ts';
import { layoutTables } from './data/layouts.ts';
import { schemeMenu, schemeTables } from './data/schemes.ts';

/** One flash-size option of the ESP8266 core. All offsets are flash offsets in bytes, ends exclusive. */
export interface Layout {
  readonly id: string;
  readonly label: string;
  /** The release whose table this row is from. */
  readonly core: Core;
  readonly flashBytes: number;
  readonly fsStart: number;
  readonly fsEnd: number;
  readonly fsBytes: number;
  readonly fsBlock: number;
  /** End of the area in which an update is staged: the start of the file system, compiled into the running sketch. */
  readonly updateEnd: number;
  /** "Maximum is N bytes" of the IDE; says nothing about updates. */
  readonly maxSketch: number;
  readonly eeprom: number;
  readonly rfCal: number;
  /** Three sectors with the SDK's parameters and the Wi-Fi settings, up to the end of the chip. */
  readonly sdk: number;
}

/** Releases that have a table of their own, oldest first. */
const tables = Object.keys(layoutTables);

/** A core without a table of its own uses the nearest older one; older than all, the oldest; unknown, the newest. */
const tableFor = (core: Core | undefined): Core =>
  core === undefined ? tables.at(-1)! : (tables.findLast((table) => compareCores(table, core) <= 0) ?? tables[0]!);

/** All layouts of the table that this core uses. */
export const layouts = (core?: Core): readonly Layout[] => rowsOf(tableFor(core));

/** A layout by its id. An id that the core's own table lacks is looked up in the tables of newer cores, then of older ones,
 *  as the menus gained options between the releases that have tables. */
export function layoutOf(id: string, core?: Core): Layout | undefined {
  const own = tables.indexOf(tableFor(core));
  // "2M" meant the largest file system up to 2.4.2 and none from 2.5.0 on (boards.txt @ 2.4.2, 2.5.0).
  const first = id === '2M' && core !== undefined && compareCores(core, '2.5.0') >= 0 ? tables.indexOf('2.7.4') : own;
  const order = [...tables.slice(Math.max(own, first)), ...tables.slice(0, own).reverse()];
  for (const table of order) {
    const found = rowsOf(table).find((layout) => layout.id.toLowerCase() === id.toLowerCase());
    if (found) return found;
  }
  return undefined;
}

function rowsOf(core: Core): readonly Layout[] {
  return layoutTables[core]!.map(([id, label, flashKb, fsStart, fsEnd, fsBlock, maxSketch]) => {
    const flashBytes = flashKb * 1024;
    return {
      id,
      label,
      core,
      flashBytes,
      fsStart,
      fsEnd,
      fsBytes: fsEnd - fsStart,
      fsBlock,
      updateEnd: fsStart,
      maxSketch,
      eeprom: flashBytes - 0x5000,
      rfCal: flashBytes - 0x4000,
      sdk: flashBytes - 0x3000,
    };
  });
}

export interface Partition {
  readonly name: string;
  readonly subtype: string;
  readonly offset: number;
  readonly bytes: number;
  readonly app: boolean;
}

/** A partition table of arduino-esp32. */
export interface Scheme {
  readonly id: string;
  readonly partitions: readonly Partition[];
  /** Application partitions of subtype ota_N. */
  readonly slots: readonly Partition[];
  readonly factory: Partition | undefined;
  /** An update can be stored and started: otadata and at least two slots. */
  readonly otaPossible: boolean;
  /** Size of the smallest slot; of the only application partition where there is no slot. */
  readonly slotBytes: number;
  /** Where a file-system update goes: the first SPIFFS partition, else the first FAT, else the first LittleFS. */
  readonly fileSystem: Partition | undefined;
  /** The smallest flash chip that holds it. */
  readonly flashBytes: number;
}

export const schemes = (): readonly string[] => Object.keys(schemeTables);

/** A partition scheme by its file name or the menu's word for it. */
export function schemeOf(id: string): Scheme | undefined {
  const name = Object.hasOwn(schemeMenu, id) ? schemeMenu[id]! : id;
  return Object.hasOwn(schemeTables, name)
    ? schemeFrom(name, schemeTables[name]!.split(' ').map(partitionFrom))
    : undefined;
}

/** What a list of partitions means for updates. */
export function schemeFrom(id: string, partitions: readonly Partition[]): Scheme {
  const apps = partitions.filter((partition) => partition.app);
  const slots = apps.filter((partition) => partition.subtype.startsWith('ota_'));
  const data = (subtype: string) => partitions.find((partition) => !partition.app && partition.subtype === subtype);
  const end = Math.max(0, ...partitions.map((partition) => partition.offset + partition.bytes));
  return {
    id,
    partitions,
    slots,
    factory: apps.find((partition) => partition.subtype === 'factory'),
    otaPossible: data('ota') !== undefined && slots.length >= 2,
    slotBytes: Math.min(...(slots.length > 0 ? slots : apps).map((partition) => partition.bytes)),
    fileSystem: data('spiffs') ?? data('fat') ?? data('littlefs'),
    flashBytes: 2 ** Math.ceil(Math.log2(Math.max(end, 1))),
  };
}

function partitionFrom(words: string): Partition {
  const [name = '', subtype = '', offset = '', bytes = ''] = words.split(':');
  return {
    name,
    subtype,
    offset: Number.parseInt(offset, 16),
    bytes: Number.parseInt(bytes, 16),
    app: /^(factory|test|ota_\d+)$/.test(subtype),
  };
}
