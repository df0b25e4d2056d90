/** The browser's clock, as the cable asks for it. */
import type { Clock } from '#machine/index.ts';
import { millis } from '#values/units.ts';

export const browserClock: Clock = {
  now: () => millis(performance.now()),
  wall: () => Date.now(),
  after(time, _name, then) {
    const timer = setTimeout(then, time);
    return { cancel: () => clearTimeout(timer) };
  },
  sleep: (time, _name, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = setTimeout(resolve, time);
      signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};
