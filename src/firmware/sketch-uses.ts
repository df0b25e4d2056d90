/** The number in "Sketch uses N bytes" against the length of the .bin file. */
import { sectorBytes } from '#values/index.ts';
import { atLeast, type Core } from './cores.ts';

/** From and to, both included. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** From core 2.5.1 on (elf2bin.py) an image has five segments and no padding inside; before (esptool-ck) four, each padded
 *  to a multiple of four bytes. eboot's sector, headers and the checksum line make up the rest. */
const paddedUpTo = (core: Core): number => (atLeast(core, '2.5.1') ? 0 : 12);
const overhead = (core: Core): number => (atLeast(core, '2.5.1') ? 4160 : 4152);

/** Lengths that an ESP8266 .bin can have whose sketch "uses" so many bytes. Exact from core 2.5.1 on. */
export function fileBytesOf(sketchUses: number, core: Core): Range {
  const length = (padded: number) => Math.floor((padded + overhead(core)) / 16) * 16;
  const step = paddedUpTo(core) === 0 ? 1 : 4;
  const least = Math.ceil(sketchUses / step) * step;
  const most = Math.floor((sketchUses + paddedUpTo(core)) / step) * step;
  return { from: length(least), to: length(most) };
}

/** The largest "Sketch uses" N whose .bin is at most so long: `from` is safe whatever the padding, `to` the best case. */
export function sketchUsesOf(fileBytes: number, core: Core): Range {
  const most = Math.floor(fileBytes / 16) * 16 + 15 - overhead(core);
  const padded = paddedUpTo(core) === 0 ? most : Math.floor(most / 4) * 4;
  return { from: padded - paddedUpTo(core), to: padded };
}

/** The longest .bin that can stage another of its own length below `updateEnd`, bytes. */
export const largestThatUpdatesItself = (updateEnd: number): number =>
  Math.floor(updateEnd / (2 * sectorBytes)) * sectorBytes;
