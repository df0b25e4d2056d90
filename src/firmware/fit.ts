/** Does it fit? Reckoned as the core that runs on the board does it. */
import { formatNumber, type Problem } from '#values/index.ts';
import { fitEsp32 } from './fit-esp32.ts';
import { fitEsp8266 } from './fit-esp8266.ts';
import { fitFileSystem } from './fit-filesystem.ts';
import { fitRp2040 } from './fit-rp2040.ts';
import type { Range } from './sketch-uses.ts';
import type { BoardFacts, Family, Identified } from './types.ts';

export type Command = 'sketch' | 'filesystem';

/** The arithmetic in numbers; sectors of 4096 bytes where not said otherwise. */
export interface Sums {
  readonly running: number;
  readonly sent: number;
  readonly needed: number;
  readonly available: number;
  readonly shortBy: number;
  /** Flash offset at which the update is staged, bytes. */
  readonly startOffset: number;
  /** Flash offset, bytes. */
  readonly updateEnd: number;
}

export interface Fit {
  readonly verdict: 'fits' | 'does-not-fit' | 'unknown';
  /** One line: the outcome with its numbers, or what would have to be known. */
  readonly because: string;
  /** The whole arithmetic, a line a step. */
  readonly arithmetic: readonly string[];
  readonly assumptions: readonly string[];
  /** There when the verdict is `does-not-fit`; its code is the cause's id. */
  readonly problem?: Problem;
  /** ESP8266 sketches only. */
  readonly sums?: Sums;
  /** What the board does with it; absent: not known. `silent`: it says OK and then nothing. `says-so`: it answers with an
   *  error. `starts-and-fails`: it takes the first bytes, then fails. `breaks`: it takes all and is damaged by it. */
  readonly board?: 'takes-it' | 'silent' | 'says-so' | 'starts-and-fails' | 'breaks';
  /** The longest file that would fit in this place, and for the ESP8266 the "Sketch uses" it stands for. */
  readonly limit?: { readonly bytes: number; readonly sketchUses?: Range };
}

/** A file as far as room is concerned: what travels, and what it becomes. */
export interface Load {
  /** Bytes that travel, with signature. */
  readonly bytes: number;
  readonly gzip?: { readonly inflatedBytes: number /** For an exact answer. */; readonly stream?: Uint8Array };
  readonly signed?: boolean;
}

/** Whether this file fits the board. The file's own faults are `compatible`'s concern. */
export function fit(image: Identified, board: BoardFacts, command: Command = 'sketch'): Fit {
  return fitLoad(loadOf(image), { ...board, family: board.family ?? familyOf(image) }, command);
}

/** The same for a file that is known by its length only. */
export function fitLoad(load: Load, board: BoardFacts, command: Command = 'sketch'): Fit {
  if (board.family === undefined) return unknown('Neither the board nor the file says which family it is.');
  if (command === 'filesystem') return fitFileSystem(load, board);
  return { esp8266: fitEsp8266, esp32: fitEsp32, rp2040: fitRp2040 }[board.family](load, board);
}

export const unknown = (because: string, ...assumptions: readonly string[]): Fit => ({
  verdict: 'unknown',
  because,
  arithmetic: [],
  assumptions,
});

export const bytesAndSectors = (bytes: number, sectors: number): string =>
  `${formatNumber(bytes)} bytes, ${formatNumber(sectors)} ${sectors === 1 ? 'sector' : 'sectors'}`;

export function loadOf(image: Identified): Load {
  const signed = 'signature' in image && image.signature !== undefined;
  return image.kind === 'gzip'
    ? { bytes: image.bytes, signed, gzip: { inflatedBytes: image.inflatedBytes, stream: image.stream } }
    : { bytes: image.bytes, signed };
}

/** The family a file is for; undefined for what belongs to none or several. */
export function familyOf(image: Identified): Family | undefined {
  switch (image.kind) {
    case 'esp8266-app':
      return 'esp8266';
    case 'esp32-app':
      return 'esp32';
    case 'rp2040-app':
      return 'rp2040';
    case 'gzip':
      return familyOf(image.inside);
    case 'filesystem':
      return image.spiffsFor;
    case 'wrong':
      return image.chip === undefined ? undefined : familyOfChip(image.chip);
  }
}

/** `esp32-c3` belongs to the ESP32 family, `rp2350` to the RP2040's; undefined for a name of no family. */
export function familyOfChip(chip: string): Family | undefined {
  if (chip === 'esp8266' || chip === 'esp8285') return 'esp8266';
  if (chip.startsWith('esp32')) return 'esp32';
  return chip.startsWith('rp2') ? 'rp2040' : undefined;
}
