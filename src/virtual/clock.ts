import type { Clock, Timer } from '#machine/index.ts';
import type { Millis } from '#values/index.ts';

/** A clock whose time stands still until someone drives it, and then jumps from event to event. */
export interface VirtualClock extends Clock {
  /** Drives time until `work` is done and gives its result. Throws a `Hang` when nothing is left to happen or `limit`
   *  (default: a day) is over before. */
  run<T>(work: Promise<T>, limit?: Millis): Promise<T>;
  /** Drives time for so long, whether something happens or not. */
  runFor(time: Millis): Promise<void>;
  /** Drives time until no timer is left. */
  idle(): Promise<void>;
  /** The names of the timers that still wait, soonest first. */
  pending(): readonly string[];
}

/** Work that waits for something that will never come; the message names what still waits. */
export class Hang extends Error {
  override readonly name = 'Hang';
}

interface Event extends Timer {
  readonly at: Millis;
  readonly order: number;
  readonly name: string;
  happen: (() => void) | undefined;
}

/** The wall clock starts on 1 January 2026, so that printed times look like times. */
const start = 1_767_225_600_000;
const day: Millis = 86_400_000;

/** Makes a clock of virtual time. `settle` resolves when everything that could run now has run (all promises included);
 *  it is handed in because no pure code can know that. Same calls, same order: events of one instant keep the order in
 *  which they were asked for. */
export function virtualClock({ settle }: { readonly settle: () => Promise<void> }): VirtualClock {
  const events = heap();
  let now: Millis = 0;
  let order = 0;

  const after = (time: Millis, name: string, then: () => void): Timer => {
    const event: Event = {
      at: now + Math.max(0, time),
      order: order++,
      name,
      happen: then,
      cancel: () => {
        event.happen = undefined;
      },
    };
    events.push(event);
    return event;
  };

  const sleep = (time: Millis, name: string, signal?: AbortSignal): Promise<void> =>
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

  /** Runs the next event, unless it is later than `latest`. */
  const step = (latest: Millis): boolean => {
    const event = events.peek();
    if (!event || event.at > latest) return false;
    events.pop();
    now = event.at;
    const happen = event.happen;
    event.happen = undefined;
    happen?.();
    return true;
  };

  const pending = (): string[] => events.sorted().map((event) => event.name);

  return {
    now: () => now,
    wall: () => start + now,
    after,
    sleep,
    pending,
    async run(work, limit = day) {
      const latest = now + limit;
      let done = false;
      const over = (): void => {
        done = true;
      };
      work.then(over, over);
      for (;;) {
        await settle();
        if (done) return work;
        if (step(latest)) continue;
        const waiting = pending();
        throw new Hang(
          waiting.length
            ? `not done after ${limit} ms of virtual time; timers that wait: ${waiting.join(', ')}`
            : `not done, and nothing is left to happen (at ${now} ms of virtual time, no timer waits)`,
        );
      }
    },
    async runFor(time) {
      const latest = now + time;
      do await settle();
      while (step(latest));
      now = latest;
    },
    async idle() {
      do await settle();
      while (step(Number.POSITIVE_INFINITY));
    },
  };
}

/** A binary heap of events by time, then by order; cancelled ones leave when they come to the top. */
function heap() {
  const items: Event[] = [];
  const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

  const pop = (): void => {
    const last = items.pop();
    if (!last || items.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++;
      if (!before(items[child]!, last)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = last;
  };

  return {
    pop,
    push(event: Event): void {
      let at = items.length;
      items.push(event);
      while (at > 0) {
        const parent = (at - 1) >> 1;
        if (!before(event, items[parent]!)) break;
        items[at] = items[parent]!;
        at = parent;
      }
      items[at] = event;
    },
    peek(): Event | undefined {
      while (items[0] && !items[0].happen) pop();
      return items[0];
    },
    sorted: (): Event[] => items.filter((event) => event.happen).sort((a, b) => (before(a, b) ? -1 : 1)),
  };
}
