import type { Clock } from '#machine/index.ts';

/** The time of this machine. */
export const clock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(time, _name, then) {
    const timer = setTimeout(then, time);
    return { cancel: () => clearTimeout(timer) };
  },
  sleep: (time, _name, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const over = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', over);
        resolve();
      };
      const timer = setTimeout(over, time);
      signal?.addEventListener('abort', over, { once: true });
    }),
};
