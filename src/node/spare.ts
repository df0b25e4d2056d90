import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** For work that waits for boards nearly all the time: without V8's last compiler it takes 5 MB less, and no longer. */
export const spareMemory = (): void => setFlagsFromString('--no-opt');

/** For work that waits for a slow line, whatever it costs in speed: young objects get little room, and are swept the sooner. */
export function spareMemoryMost(): void {
  for (const flag of ['--no-opt', '--no-maglev', '--semi-space-growth-factor=1']) setFlagsFromString(flag);
}

/** Gives back what is no longer used. Bytes outside of V8's heap are counted late: without it, whole images pile up. */
export function collectGarbage(): void {
  collect ??= exposedCollector();
  collect();
}

let collect: (() => void) | undefined;

function exposedCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
