import type { Problem } from '#values/index.ts';
import type { Range } from './sketch-uses.ts';
import type { BoardFacts, Identified } from './types.ts';

/** The arithmetic in numbers; sectors of 4096 bytes where not said otherwise. */
export interface Sums {
  readonly running: number;
  readonly sent: number;
  readonly needed: number;
  readonly available: number;
  readonly shortBy: number;
  /** Flash offset, bytes. */
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
  /** How the board would behave; absent: not known. */
  readonly board?: 'takes-it' | 'silent' | 'says-so' | 'starts-and-fails' | 'breaks';
  /** The longest file that would fit in this place, and for the ESP8266 the "Sketch uses" it stands for. */
  readonly limit?: { readonly bytes: number; readonly sketchUses?: Range };
}

/** Whether this file fits the board, reckoned as the core that runs there does it. */
export function fit(_image: Identified, _board: BoardFacts, _command: 'sketch' | 'filesystem' = 'sketch'): Fit {
  throw new Error('not written yet');
}
