/** ESP8266: the update is staged beside the running sketch, below the file system, and copied after the restart. */
import { formatBytes, formatNumber, type Problem, sectorBytes, sectors } from '#values/index.ts';
import { atLeast, type Core, inflatesGzip } from './cores.ts';
import { inflatesInPlace } from './gzip.ts';
import { type Layout, layoutOf } from './layouts.ts';
import { type Range, sketchUsesOf } from './sketch-uses.ts';
import { type Space8266, spaceOnEsp8266 } from './space.ts';
import type { BoardFacts } from './types.ts';
import { bytesAndSectors, type Fit, type Load, type Sums, unknown } from './verdict.ts';

/** How much of its length gzip -9 leaves of a real sketch, measured on one of 297,632 bytes. */
const usualRatio = 0.7;

/** A sketch with Wi-Fi and ArduinoOTA is hardly smaller: less room is no way across. */
const smallestSketch = 220_000;

export function fitEsp8266(load: Load, board: BoardFacts): Fit {
  const layout = board.layout === undefined ? undefined : layoutOf(board.layout, board.core);
  const updateEnd = board.updateEnd ?? layout?.updateEnd;
  const refusal = load.gzip && refuseGzip(load, board);
  if (refusal) return refusal;
  if (updateEnd === undefined)
    return unknown(
      board.layout === undefined
        ? 'the flash layout of the running sketch is not known: it decides how much room there is (--layout 1M64, ...)'
        : board.layout === 'autoflash'
          ? 'with autoflash the running sketch finds its layout when it starts; its source says which map it uses'
          : `no layout is called ${board.layout} on this core`,
    );

  if (layout && board.flashBytes !== undefined && board.flashBytes < layout.flashBytes)
    return declaredTooBig(layout, board.flashBytes, board.core);

  const { core } = board;
  const running = board.runningBytes ?? load.gzip?.inflatedBytes ?? load.bytes;
  const assumptions = [
    ...(board.runningBytes === undefined
      ? [`the running sketch is taken to be as long as the new one (${formatNumber(running)} bytes)`]
      : []),
    ...(core === undefined ? ['the core of the running sketch is not known; the space rule is the same in all'] : []),
    ...(load.gzip && core === undefined ? ['the running sketch is taken to be of core 2.7.0 or later (gzip)'] : []),
  ];
  const space = spaceOnEsp8266({ running, sent: load.bytes, updateEnd, core });
  const where = layout && board.updateEnd === undefined ? `${layout.id}, file system from` : 'file system from';
  const arithmetic = [
    `running: ${bytesAndSectors(running, space.running)}${board.runningBytes === undefined ? ' (assumed)' : ''}`,
    `new: ${bytesAndSectors(load.bytes, space.sent)}${load.gzip ? `, inflates to ${formatNumber(load.gzip.inflatedBytes)} bytes` : ''}`,
    `needed: ${space.running} + ${space.sent} = ${count(space.needed)}`,
    `available: ${count(space.available)} (${where} ${hex(updateEnd)})`,
    space.fits
      ? `fits, ${count(space.available - space.needed)} to spare; staged at ${hex(space.startOffset)}`
      : `short by ${count(space.shortBy)}, ${formatNumber(space.shortBy * sectorBytes)} bytes`,
  ];
  const sums: Sums = {
    running: space.running,
    sent: space.sent,
    needed: space.needed,
    available: space.available,
    shortBy: space.shortBy,
    startOffset: space.startOffset,
    updateEnd,
  };
  const limit = limitBeside(board.runningBytes, updateEnd, core);
  const common = { arithmetic, assumptions, sums, limit };

  if (!space.fits)
    return {
      ...common,
      verdict: 'does-not-fit',
      because: `short by ${count(space.shortBy)}: ${space.running} running + ${space.sent} new = ${space.needed}, and there are ${space.available}`,
      problem: twoCopies(space, { load, board, layout, limit, running, updateEnd }, arithmetic),
      ...(space.board ? { board: space.board } : {}),
    };
  if (load.gzip && !canInflate(load, space, updateEnd))
    return {
      ...common,
      verdict: 'does-not-fit',
      because: `inflated it has ${formatNumber(load.gzip.inflatedBytes)} bytes, and there is no room to inflate it`,
      problem: noRoomToInflate(load.gzip.inflatedBytes, updateEnd, arithmetic),
      board: 'breaks',
    };
  return {
    ...common,
    verdict: 'fits',
    because: `${space.running} + ${space.sent} of ${count(space.available)}, ${space.available - space.needed} to spare`,
    board: 'takes-it',
  };
}

/** Copies that do not overlap are always safe; where they do, the order of reading and writing decides. */
function canInflate(load: Load, space: Space8266, updateEnd: number): boolean {
  const { inflatedBytes, stream } = load.gzip!;
  if (inflatedBytes > updateEnd) return false;
  if (sectors(inflatedBytes) + space.sent <= space.available) return true;
  // The signature behind the gzip moves it down with its sectors; the staged file starts where its whole length says.
  return stream !== undefined && inflatesInPlace(stream, space.startOffset + sectors(stream.length) * sectorBytes);
}

function refuseGzip(load: Load, { core }: BoardFacts): Fit | undefined {
  if (core === undefined || (inflatesGzip(core) && !(load.signed && !atLeast(core, '3.0.0')))) return undefined;
  const problem = inflatesGzip(core) ? gzipAndSignature(core) : noGzip(core);
  return {
    verdict: 'does-not-fit',
    because: problem.what,
    arithmetic: [],
    assumptions: [],
    problem,
    // Without gzip in its core the board takes the whole file, then answers with error 10.
    board: inflatesGzip(core) ? 'breaks' : 'says-so',
  };
}

/** The first check of begin(): a running sketch built for more flash than there is cannot update at all (2.1.0 on). */
function declaredTooBig(layout: Layout, flashBytes: number, core: Core | undefined): Fit {
  const problem: Problem = {
    code: 'img-flash-size-declared-too-big',
    what: `the running sketch was built for ${formatBytes(layout.flashBytes)} of flash, the board has ${formatBytes(flashBytes)}`,
    why: 'the core refuses every update then, as the places it reckons with may lie beyond the chip',
    fix: 'choose the flash size that the chip really has, and flash once by wire',
    blame: 'person',
  };
  const board =
    core === undefined ? {} : { board: atLeast(core, '2.4.0') ? ('says-so' as const) : ('silent' as const) };
  return { verdict: 'does-not-fit', because: problem.what, arithmetic: [], assumptions: [], problem, ...board };
}

const noGzip = (core: Core): Problem => ({
  code: 'img-gzip-unsupported',
  what: `the running core ${core} does not know gzip`,
  why: 'boot loaders inflate from core 2.7.0 on, and the one on the board counts, not the one in the file',
  fix: 'send the plain .bin once; after an update to 2.7.0 or later the board takes gzip too',
  blame: 'person',
});

const gzipAndSignature = (core: Core): Problem => ({
  code: 'img-gzip-signed',
  what: `the running core ${core} cannot take a file that is both gzip-compressed and signed`,
  why: 'on 2.7.0 to 2.7.4 the boot loader takes the signature for part of the gzip file, writes 256 bytes of the sketch, and the board starts no more',
  fix: 'send the signed .bin without compression',
  blame: 'device',
});

interface Circumstances {
  readonly load: Load;
  readonly board: BoardFacts;
  readonly layout: Layout | undefined;
  readonly limit: { readonly bytes: number; readonly sketchUses?: Range };
  readonly running: number;
  readonly updateEnd: number;
}

function twoCopies(space: Space8266, circumstances: Circumstances, arithmetic: readonly string[]): Problem {
  const { core } = circumstances.board;
  const behaviour =
    space.board === 'silent'
      ? ` Core ${core} says OK first, notices then, and stays silent: the upload looks like "No response from device".`
      : space.board === 'starts-and-fails'
        ? ` Core ${core} miscounts so large a file, starts, and fails at the first sector.`
        : '';
  return {
    code: 'img-8266-two-copies-dont-fit',
    what: `the new firmware does not fit beside the running one: ${count(space.shortBy)} (${formatNumber(space.shortBy * sectorBytes)} bytes) short`,
    why: `during an update both lie below the file system, each rounded up to whole sectors of 4,096 bytes: ${space.running} + ${space.sent} = ${space.needed}, and there are ${space.available}.${behaviour}`,
    fix: waysOut(space, circumstances),
    blame: 'person',
    details: arithmetic,
  };
}

/** Smaller, roomier, compressed; each only when it can help. */
function waysOut(space: Space8266, { load, board, layout, limit, running, updateEnd }: Circumstances): string {
  const ways = [`make the sketch smaller (a .bin of at most ${formatNumber(limit.bytes)} bytes)`];
  if (layout === undefined || layout.fsBytes > 0) {
    const free = (space.available - space.running) * sectorBytes;
    const byAir =
      free >= smallestSketch
        ? `, or without a wire first send a small sketch built with it (at most ${formatNumber(free)} bytes)`
        : '';
    ways.push(
      `build with a layout that has a smaller file system and flash it once by wire${byAir}; its files are lost`,
    );
  }
  const { core } = board;
  if (!load.gzip && (core === undefined || inflatesGzip(core))) {
    const compressed = sectors(load.bytes * usualRatio);
    if (space.running + compressed <= space.available && Math.max(running, load.bytes) <= updateEnd)
      ways.push(
        `send it gzip-compressed (--gzip, usually about ${compressed} sectors; its flash mode must be that of the running sketch)${core === undefined ? ', if the running core is 2.7.0 or later (--core names it)' : ''}`,
      );
  }
  const besides = (space.available - space.sent) * sectorBytes;
  if (!load.gzip && besides >= smallestSketch && limit.bytes >= smallestSketch)
    ways.push(
      `send a minimal firmware first (--via minimal.bin, at most ${formatNumber(Math.min(besides, limit.bytes))} bytes; \`whyota sketch --new --minimal\` writes its sketch)`,
    );
  return ways.length === 1 ? ways[0]! : `${ways.slice(0, -1).join('; ')}; or ${ways.at(-1)}`;
}

function noRoomToInflate(inflated: number, updateEnd: number, arithmetic: readonly string[]): Problem {
  const tooLong = inflated > updateEnd;
  return {
    code: 'img-gzip-no-room-to-inflate',
    what: `the compressed file fits, but inflated it has ${formatNumber(inflated)} bytes and there is no room for that`,
    why: tooLong
      ? 'it would run into the file system. The board does not check this, and would be damaged'
      : 'the boot loader would overwrite the rest of the compressed file while it inflates. The board does not check this, and would start no more',
    fix: 'make the sketch smaller, or choose a layout with a smaller file system and flash it once by wire',
    blame: 'person',
    details: arithmetic,
  };
}

/** The longest file that goes beside the running sketch; without a known one, that can replace another of its own length. */
function limitBeside(running: number | undefined, updateEnd: number, core: string | undefined): Circumstances['limit'] {
  const available = Math.floor(updateEnd / sectorBytes);
  const free = running === undefined ? Math.floor(available / 2) : Math.max(0, available - sectors(running));
  const bytes = free * sectorBytes;
  // The error bar of the older cores holds the exact number of the newer ones.
  return { bytes, sketchUses: sketchUsesOf(bytes, core ?? '2.3.0') };
}

const count = (sectors: number): string => `${formatNumber(sectors)} ${sectors === 1 ? 'sector' : 'sectors'}`;
const hex = (offset: number): string => `0x${offset.toString(16).toUpperCase()}`;
