/** The update in two steps, for boards without room: a minimal firmware first, then, beside that, the real one. */
import type { BoardFacts } from '#firmware/index.ts';
import type { Problem } from '#values/index.ts';
import { knowledgeFrom, type Plan, plan } from './plan.ts';

export interface TwoSteps {
  readonly first: Plan;
  readonly second: Plan;
  /** The board between the steps. */
  readonly between: BoardFacts;
  /** The first reason not to begin, and in which step it is met. */
  readonly problem?: Problem;
}

/** Both steps, checked before a byte moves. The running firmware's border decides the first, the minimal one's the second:
 *  `viaLayout`, or without it the same layout. */
export function planTwoSteps(
  minimal: Uint8Array,
  file: Uint8Array,
  board: BoardFacts,
  viaLayout?: string,
  compress?: boolean,
): TwoSteps {
  const first = plan(minimal, 'sketch', board, compress);
  const { core: _core, runningBytes: _running, ...lasting } = board;
  const { updateEnd: _end, layout: _layout, ...bare } = lasting;
  const between: BoardFacts = {
    ...(viaLayout === undefined ? lasting : { ...bare, layout: viaLayout }),
    ...knowledgeFrom(first.image, minimal),
  };
  const second = plan(file, 'sketch', between, compress);
  const [one, two] = [first.problems[0], second.problems[0]];
  const problem = one
    ? { ...one, what: `step 1, the minimal firmware: ${one.what}` }
    : two && { ...two, what: `step 2, after the minimal firmware: ${two.what}` };
  return { first, second, between, ...(problem ? { problem } : {}) };
}
