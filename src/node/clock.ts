import type { Clock } from '#machine/index.ts';
import { sleepBy } from './sleep.ts';

const after: Clock['after'] = (time, _name, then) => {
  const timer = setTimeout(then, time);
  return { cancel: () => clearTimeout(timer) };
};

/** The time of this machine. */
export const clock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after,
  sleep: sleepBy(after),
};
