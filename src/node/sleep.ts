import type { Clock } from '#machine/index.ts';

/** The `sleep` that goes with an `after`. */
export const sleepBy =
  (after: Clock['after']): Clock['sleep'] =>
  (time, name, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const over = (): void => {
        timer.cancel();
        signal?.removeEventListener('abort', over);
        resolve();
      };
      const timer = after(time, name, over);
      signal?.addEventListener('abort', over, { once: true });
    });
