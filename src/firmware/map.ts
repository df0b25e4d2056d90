import type { BoardFacts, Identified } from './types.ts';

export interface FlashArea {
  /** Flash offsets, bytes, the end exclusive. */
  readonly from: number;
  readonly to: number;
  readonly what:
    | 'running'
    | 'new'
    | 'missing'
    | 'free'
    | 'filesystem'
    | 'eeprom'
    | 'rf'
    | 'sdk'
    | 'bootloader'
    | 'partition-table'
    | 'slot'
    | 'data';
  /** "running sketch", "app1" */
  readonly label: string;
}

export interface FlashMap {
  readonly flashBytes: number;
  /** In order, without gaps; `missing` areas (what does not fit) overlap the running sketch's end. */
  readonly areas: readonly FlashArea[];
}

/** The flash of a board with this image staged; undefined when the layout is not known. */
export function flashMap(_image: Identified | undefined, _board: BoardFacts): FlashMap | undefined {
  throw new Error('not written yet');
}

/** The map as lines of plain text, to scale, with a legend. */
export function drawFlash(_map: FlashMap, _options: { readonly width: number }): readonly string[] {
  throw new Error('not written yet');
}
