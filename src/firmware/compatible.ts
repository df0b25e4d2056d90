import type { Problem } from '#values/index.ts';
import type { BoardFacts, Identified } from './types.ts';

/** `problems` mean: do not send. `warnings` are risks. */
export interface Compatibility {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Whether this file is for this board, as far as both are known. Includes the file's own problem and warnings. */
export function compatible(
  _image: Identified,
  _board: BoardFacts,
  _command: 'sketch' | 'filesystem' = 'sketch',
): Compatibility {
  throw new Error('not written yet');
}
