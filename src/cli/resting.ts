/** For commands that run for months and rest nearly all the time: memory counts more than speed. */
import { setFlagsFromString } from 'node:v8';

const compilers = ['opt', 'maglev'];
/** Bounds what is kept for young objects: 1 MiB instead of 16. Only the start of a process can set it. */
const young = '--max-semi-space-size=1';

/** Starts anew with less memory, where the system can do that in place; comes back where it can't or has done so. */
export function beLean(): void {
  const begun = process.execArgv.some((word) => word.startsWith('--max-semi-space-size'));
  if (!begun && process.execve && process.platform !== 'win32') {
    // It is young in Node 22 and says so.
    process.removeAllListeners('warning');
    const words = [process.execPath, ...process.execArgv, young, ...process.argv.slice(1)];
    process.execve(process.execPath, words, {
      ...process.env,
      NODE_NO_WARNINGS: process.env['NODE_NO_WARNINGS'] ?? '',
    });
  }
  for (const name of compilers) setFlagsFromString(`--no-${name}`);
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
