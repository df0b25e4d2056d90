import type { Clock } from '#machine/index.ts';
import { sleepBy } from './sleep.ts';

const after: Clock['after'] = (time, _name, then) => {
  // Node warns its user of a time that has just passed.
  const timer = setTimeout(then, Math.max(0, time));
  return { cancel: () => clearTimeout(timer) };
};

/** The time of this machine. */
export const clock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after,
  sleep: sleepBy(after),
};
