/** What is known of a build from the words around it: board, menu options, core, sizes. Filled by the readers of logs,
 *  build options and project files alike; `sayBuild` turns it into facts. */
import {
  type Family,
  fileBytesOf,
  type Layout,
  layoutOf,
  layouts,
  type Range,
  schemeOf,
  spaceOnEsp8266,
} from '#firmware/index.ts';
import type { FactSource, FactValue } from '#values/facts.ts';
import { sectorBytes } from '#values/index.ts';
import { type Notes, short } from './notes.ts';

export interface Build {
  family?: Family;
  chip?: FactValue<'board.chip'>;
  boardName?: string;
  core?: string;
  layout?: Layout;
  /** The flash menu's words, as the tool showed them. */
  layoutLabel?: string;
  /** arduino-esp32 partition scheme, by its menu or file name. */
  scheme?: string;
  flashBytes?: number;
  flashMode?: FactValue<'image.flash-mode'>;
  /** "Sketch uses": program bytes, not the length of the file. */
  sketchUses?: number;
  /** "Maximum is". */
  maximum?: number;
  /** Length of the file that was sent, as the uploader said. */
  fileBytes?: number;
  kind?: FactValue<'image.kind'>;
}

/** Facts of a build. `attempted`: an update over the air was tried with it, so the board is taken to run one like it.
 *  `told`: what only the person said of it; it completes the sums. */
export function sayBuild(build: Build, notes: Notes, source: FactSource, attempted: boolean, told: Build = {}): void {
  const family = build.family;
  const updateEnd = updateEndOf(build);
  if (family) notes.say('board.family', family, 'build');
  if (build.chip) notes.say('board.chip', build.chip, 'build');
  if (build.boardName)
    notes.say('board.name', short([build.boardName, build.layoutLabel].filter(Boolean).join(', ')), 'build');
  if (build.core) {
    notes.say('build.core-version', short(build.core), source);
    if (attempted) notes.infer('running.core-version', short(build.core), 'build');
  }
  if (updateEnd !== undefined) notes.say('build.fs-start', updateEnd, 'build', build.layout === undefined);
  const flash = build.layout?.flashBytes ?? build.flashBytes;
  if (flash) notes.say('image.flash-declared', flash, 'build');
  if (build.flashMode) notes.say('image.flash-mode', build.flashMode, 'build');
  if (build.kind) notes.infer('image.kind', build.kind, source);
  const whole = { ...told, ...build };
  saySizes(whole, notes, attempted, updateEndOf(whole));
}

function saySizes(build: Build, notes: Notes, attempted: boolean, updateEnd: number | undefined): void {
  const { sketchUses, maximum, fileBytes } = build;
  if (sketchUses !== undefined) notes.say('build.sketch-uses', sketchUses, 'log');
  if (sketchUses !== undefined && maximum)
    notes.say('build.ide-usage', Math.floor((100 * sketchUses) / maximum), 'log');
  if (fileBytes !== undefined) notes.say('image.size', fileBytes, 'log');
  if (build.kind === 'filesystem') return;
  if (build.family === 'esp32') sayFit32(build, notes, attempted);
  const length = build.family === 'esp8266' ? fileLength8266(build) : undefined;
  if (!length) return;
  if (fileBytes === undefined) notes.infer('image.size', length.from, 'build');
  if (attempted && isPlainApp(build, length.to)) sayFit8266(length, updateEnd, notes);
}

/** Length of the .bin of an ESP8266 build: told by the uploader, else worked out from the program bytes. */
function fileLength8266({ fileBytes, sketchUses, core }: Build): Range | undefined {
  if (fileBytes !== undefined) return { from: fileBytes, to: fileBytes };
  return sketchUses === undefined
    ? undefined
    : fileBytesOf(sketchUses, core && /^[23]\./.test(core) ? core : newestCore);
}

const newestCore = '3.1.2';

/** No file longer than this is an ESP8266 sketch: it links only up to 1,044,464 program bytes (.ld files of the core). */
const longest8266 = 1_048_624;

const isPlainApp = ({ kind }: Build, bytes: number): boolean =>
  (kind === undefined || kind === 'app') && bytes <= longest8266;

/** Two copies of it, side by side: the running one taken to be as long as the new one. */
function sayFit8266({ from, to }: Range, updateEnd: number | undefined, notes: Notes): void {
  // What the board itself said of its room settles the sum better than an assumption.
  if (notes.has('running.size') || notes.has('running.free-space')) return;
  const twice = (bytes: number, end: number) => spaceOnEsp8266({ running: bytes, sent: bytes, updateEnd: end });
  const [least, most] = updateEnd === undefined ? [] : [twice(from, updateEnd), twice(to, updateEnd)];
  // A transfer that began has passed the check of space, so what runs is smaller. (2.0.0-2.4.1 let an image pass that is
  // larger than the whole area.)
  const passed = notes.get('connectback.tcp') === 'accepted' && least && least.sent <= least.available;
  if (passed && !least.fits) return;
  notes.infer('running.size', from, 'build');
  if (!least || !most || least.fits !== most.fits) return;
  notes.infer('fit.verdict', least.fits ? 'fits' : 'too-big', 'build');
  notes.infer('fit.spare', (least.available - least.needed) * sectorBytes, 'build');
}

function sayFit32(build: Build, notes: Notes, attempted: boolean): void {
  const scheme = build.scheme === undefined ? undefined : schemeOf(build.scheme);
  const slots = scheme?.slots.length;
  if (scheme && slots !== undefined) notes.say('build.app-slots', Math.max(slots, scheme.factory ? 1 : 0), 'build');
  // 3,145,728 is "Huge APP" on the usual 4 MB; chips of 16 MB have schemes with two slots of that size.
  else if (build.maximum === 3_145_728 && (build.flashBytes ?? 0) <= 4 * 1024 * 1024)
    notes.infer('build.app-slots', 1, 'build');
  const slot = scheme?.otaPossible ? scheme.slotBytes : notes.get('build.app-slots') === 1 ? undefined : build.maximum;
  // The board said otherwise: it has another table than this build.
  if (notes.get('device.error') === 'not-enough-space') return;
  if (!attempted || slot === undefined || slot < 500_000 || notes.has('running.slot-size')) return;
  notes.infer('running.slot-size', slot, 'build');
  if (build.fileBytes !== undefined) {
    notes.infer('fit.verdict', build.fileBytes <= slot ? 'fits' : 'too-big', 'build');
    notes.infer('fit.spare', slot - build.fileBytes, 'build');
    // Each of the two flash segments may cost up to one 64 KiB page (arduino-esp32 2.0.6).
  } else if (build.sketchUses !== undefined && build.sketchUses + 2 * 65536 <= slot)
    notes.infer('fit.verdict', 'fits', 'build');
}

/** Where an update must end on an ESP8266: the layout's file system. "Maximum is" tells its start, less 0x1010, unless it
 *  is the 1,044,464 that no sketch exceeds (boards.txt). */
function updateEndOf({ family, layout, maximum }: Build): number | undefined {
  if (family !== 'esp8266') return undefined;
  if (layout) return layout.fsStart;
  const telling = maximum !== undefined && maximum < 1_044_464 && (maximum + 0x1010) % 0x1000 === 0;
  return telling ? maximum + 0x1010 : undefined;
}

/** The layout that a flash menu's words mean: `1M (512K SPIFFS)`, `4MB (FS:2MB OTA:~1019KB)`. */
export function layoutByLabel(label: string, core: string | undefined): Layout | undefined {
  const wanted = sizesIn(label);
  if (!wanted) return undefined;
  const own = core && /^[23]\./.test(core) ? [core] : [];
  for (const table of [...own, '3.1.2', '2.7.4', '2.4.2', '2.3.0']) {
    const found = layouts(table).find((layout) => sizesIn(layout.label) === wanted);
    if (found) return found;
  }
  return undefined;
}

/** Flash and file system in KB, as one key. */
function sizesIn(label: string): string | undefined {
  const parts = /^(\d{1,5})\s?([KM])B?\s?\((?:FS:\s?)?(none|no\b|\d{1,5}\s?[KM])/i.exec(label);
  if (!parts) return undefined;
  const kilobytes = (digits: string, unit: string) => Number(digits) * (unit.toUpperCase() === 'M' ? 1024 : 1);
  const fs = /^(\d+)\s?([KM])/i.exec(parts[3]!);
  return `${kilobytes(parts[1]!, parts[2]!)}/${fs ? kilobytes(fs[1]!, fs[2]!) : 0}`;
}

/** Options of a board menu, as a fully qualified board name or a cache file's name lists them. */
export function takeOptions(options: ReadonlyMap<string, string>, build: Build): void {
  const size = options.get('eesz') ?? options.get('FlashSize');
  if (size && build.family === 'esp8266') {
    const layout = layoutOf(size, build.core);
    if (layout) build.layout = layout;
  } else if (size && /^\d{1,3}M$/.test(size)) build.flashBytes = Number.parseInt(size, 10) * 1024 * 1024;
  const mode = flashModeOf(options.get('FlashMode') ?? '');
  if (mode) build.flashMode = mode;
  const scheme = options.get('PartitionScheme');
  if (scheme && build.family === 'esp32') build.scheme = scheme;
}

export function flashModeOf(text: string): Build['flashMode'] {
  const mode = /^(?:flash)?(qio|qout|dio|dout)/i.exec(text)?.[1]?.toLowerCase();
  return mode as Build['flashMode'];
}

export const familyOf = (arch: string): Family | undefined =>
  arch === 'esp8266' || arch === 'esp32' || arch === 'rp2040' ? arch : undefined;

/** The chip that a board's id or a tool's word names; undefined when it is not said for certain. */
export function chipOf(word: string): Build['chip'] {
  const name = word.toLowerCase().replace(/[-_\s]/g, '');
  const variant = /esp32(s2|s3|c2|c3|c5|c61|c6|h2|p4)/.exec(name)?.[1];
  if (variant) return `esp32-${variant}` as Build['chip'];
  if (/esp8285/.test(name)) return 'esp8285';
  if (/esp8266/.test(name)) return 'esp8266';
  if (/^rp2350|pico2w?$/.test(name)) return 'rp2350';
  if (/^rp2040|^rpipicow?$/.test(name)) return 'rp2040';
  return /^esp32(?:$|d0wd|d2wd|u4wdh|picod4|dev)/.test(name) ? 'esp32' : undefined;
}
