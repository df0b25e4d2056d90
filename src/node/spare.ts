import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What makes code faster, and takes memory. */
const compilers = ['opt', 'maglev'];
const without = compilers.map((name) => `--no-${name}`);

/** For work that waits for boards nearly all the time: without V8's last compiler it takes 5 MB less, and no longer. */
export const spareMemory = (): void => setFlagsFromString('--no-opt');

/** For work that waits for a slow line, whatever it costs in speed: young objects get little room, and are swept the sooner. */
export function spareMemoryMost(): void {
  for (const flag of [...without, '--semi-space-growth-factor=1']) setFlagsFromString(flag);
}

/** Bounds what is kept for young objects: 1 MiB instead of 16. Only the start of a process can set it. */
const young = '--max-semi-space-size=1';

/** For commands that run for months and rest nearly all the time. Starts anew with less memory, where the system can do that
 *  in place; comes back where it can't or has done so. */
export function beLean(): void {
  const begun = process.execArgv.some((word) => word.startsWith('--max-semi-space-size'));
  if (!begun && process.execve && process.platform !== 'win32')
    process.execve(
      process.execPath,
      [process.execPath, ...process.execArgv, young, ...process.argv.slice(1)],
      process.env,
    );
  for (const flag of without) setFlagsFromString(flag);
}

/** Compilers that make code faster take memory: they are there once there is much to do. */
export function speedUpWhenBusy(share = 0.15, every = 10_000): { stop(): void } {
  let before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    if (user + system < share * every * 1000) return;
    for (const name of compilers) setFlagsFromString(`--${name}`);
    clearInterval(timer);
  }, every);
  timer.unref();
  return { stop: () => clearInterval(timer) };
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
