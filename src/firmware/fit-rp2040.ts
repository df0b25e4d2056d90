/** arduino-pico: the update is a file in LittleFS; a stub copies it into place after the restart. */
import { formatNumber, type Problem, sectorBytes } from '#values/index.ts';
import type { BoardFacts } from './types.ts';
import { type Fit, type Load, unknown } from './verdict.ts';

/** Two blocks for the root, one for the command file. */
const blocksTaken = 3;

export function fitRp2040(load: Load, board: BoardFacts): Fit {
  const { fsBytes, stagedBytes } = board;
  if (fsBytes === undefined)
    return unknown('the size of the file system on the board is not known: the update is stored there as a file');
  const available = Math.floor(fsBytes / sectorBytes);
  const fresh = littleFsBlocks(load.bytes);
  // A firmware.bin of an earlier update stays, and goes only when the new one is complete.
  const old = stagedBytes === undefined ? 0 : littleFsBlocks(stagedBytes);
  const needed = fresh + old + blocksTaken;
  const arithmetic = [
    `new: ${formatNumber(load.bytes)} bytes, ${fresh} blocks of LittleFS`,
    ...(stagedBytes === undefined
      ? []
      : [`left by an earlier update: ${formatNumber(stagedBytes)} bytes, ${old} blocks`]),
    `needed: ${needed} blocks with the file system's own ${blocksTaken}`,
    `available: ${available} blocks (${formatNumber(fsBytes)} bytes)`,
  ];
  const limit = { bytes: littleFsCapacity(Math.max(0, available - old - blocksTaken)) };
  const assumptions = [
    'the file system holds no other files',
    ...(stagedBytes === undefined
      ? [
          'no firmware.bin is left from an earlier update (the core does not remove it; each later update needs room for both)',
        ]
      : []),
  ];
  if (needed <= available)
    return {
      verdict: 'fits',
      because: `${needed} of ${available} blocks of the file system`,
      arithmetic: [...arithmetic, `fits, ${available - needed} blocks to spare`],
      assumptions,
      board: 'takes-it',
      limit,
    };
  const lines = [...arithmetic, `short by ${needed - available} blocks`];
  return {
    verdict: 'does-not-fit',
    because: `it needs ${needed} blocks of the file system, and there are ${available}`,
    arithmetic: lines,
    assumptions,
    problem: tooSmall(needed - available, old > 0, lines),
    // begin() compares with the whole area only; otherwise the file system is full in the middle of the transfer.
    board: load.bytes > fsBytes ? 'says-so' : 'starts-and-fails',
    limit,
  };
}

const tooSmall = (short: number, leftOver: boolean, details: readonly string[]): Problem => ({
  code: 'img-rp2040-filesystem-too-small',
  what: `the firmware does not fit into the board's file system: ${formatNumber(short)} blocks of 4,096 bytes short`,
  why: `a Pico stores the update as a file before it is copied into place${leftOver ? ', and the file of the update before is still there' : ''}`,
  fix: `choose a larger file system in the build and flash once by USB${leftOver ? ', let the sketch delete /firmware.bin at its start' : ''}, or send the firmware gzip-compressed`,
  blame: 'person',
  details,
});

/** Bytes a file over `blocks` data blocks can hold: skip-list pointers take the rest (littlefs DESIGN.md, CTZ lists). */
export const littleFsCapacity = (blocks: number): number =>
  blocks <= 0 ? 0 : sectorBytes * blocks - 4 * (2 * (blocks - 1) - ones(blocks - 1));

/** Data blocks that a file of so many bytes takes. */
export function littleFsBlocks(bytes: number): number {
  let blocks = Math.ceil(bytes / sectorBytes);
  while (littleFsCapacity(blocks) < bytes) blocks++;
  return blocks;
}

const ones = (n: number): number => n.toString(2).replaceAll('0', '').length;
