/** What a fit calculation takes and answers. */
import { formatNumber, type Problem } from '#values/index.ts';
import type { Range } from './sketch-uses.ts';

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

export const unknown = (because: string, ...assumptions: readonly string[]): Fit => ({
  verdict: 'unknown',
  because,
  arithmetic: [],
  assumptions,
});

export const bytesAndSectors = (bytes: number, sectors: number): string =>
  `${formatNumber(bytes)} bytes, ${formatNumber(sectors)} ${sectors === 1 ? 'sector' : 'sectors'}`;
