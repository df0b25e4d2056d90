import type { Clock, Timer } from '#machine/index.ts';
import type { Millis } from '#values/index.ts';
import { sleepBy } from './sleep.ts';

interface Due extends Timer {
  readonly at: Millis;
  readonly then: () => void;
}

/** Node's own timers may be late by more than a millisecond: the last stretch is spun through, with I/O in between. */
const spun: Millis = 2;

let queue: Due[] = [];
let spinning = false;
let alarm: NodeJS.Timeout | undefined;

function watch(): void {
  if (spinning) return;
  clearTimeout(alarm);
  const next = queue[0];
  if (!next) return;
  const left = next.at - performance.now();
  if (left > spun) alarm = setTimeout(watch, left - spun);
  else {
    spinning = true;
    setImmediate(spin);
  }
}

function spin(): void {
  spinning = false;
  const now = performance.now();
  while (queue[0] && queue[0].at <= now) queue.shift()!.then();
  watch();
}

const after = (time: Millis, _name: string, then: () => void): Timer => {
  const due: Due = {
    at: performance.now() + time,
    then,
    cancel: () => {
      queue = queue.filter((other) => other !== due);
    },
  };
  const later = queue.findIndex(({ at }) => at > due.at);
  queue.splice(later < 0 ? queue.length : later, 0, due);
  watch();
  return due;
};

/** The time of this machine, kept to some hundredths of a millisecond at the price of a busy processor: for measurements. */
export const preciseClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after,
  sleep: sleepBy(after),
};
