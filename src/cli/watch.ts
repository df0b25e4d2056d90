/** flash --watch: again whenever what is watched has changed, until Ctrl-C. */
import { setTimeout } from 'node:timers/promises';
import { type Ending, interrupted, type Setting } from './command.ts';
import { plain } from './desk.ts';

/** Between two looks; a change is taken once it was the same at two. */
const lookEvery = 1000;

/** `look`: a word that changes with what is watched; undefined while it is not there. */
export async function watch(
  look: () => Promise<string | undefined>,
  flash: () => Promise<Ending>,
  { desk, signal }: Setting,
): Promise<Ending> {
  for (let before = await look(); !signal.aborted; before = await nextChange(look, before, signal)) {
    const ending = await flash();
    desk.endProgress();
    if (signal.aborted) break;
    if (ending.problem && ending.exit !== 0) desk.fail(ending.problem);
    ending.epilogue?.();
    const why = ending.problem && ending.exit !== 0 ? plain(ending.problem) : {};
    desk.event({ type: 'round', ok: ending.exit === 0, exit: ending.exit, ...why });
    desk.note('waiting for the next build (Ctrl-C ends this) ...');
  }
  return interrupted;
}

async function nextChange(
  look: () => Promise<string | undefined>,
  before: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  let last = before;
  while (!signal.aborted) {
    await setTimeout(lookEvery, undefined, { signal }).catch(() => {});
    const now = await look();
    if (now !== undefined && now !== before && now === last) return now;
    last = now;
  }
  return last;
}
