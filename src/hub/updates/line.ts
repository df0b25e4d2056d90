/** The line of those that want a transfer: so many at a time, first come, first served; some come later. */
import type { Clock } from '#machine/index.ts';
import { type Millis, millis, seconds } from '#values/index.ts';

export interface Line {
  queue(id: string, device: string): void;
  /** Puts it in line after a while, or sooner when its device is heard of. */
  later(id: string, device: string, wait: Millis): void;
  heard(device: string): void;
  cancel(id: string): Promise<'in-line' | 'broken-off' | undefined>;
  /** Nothing is being worked on. */
  idle(): Promise<void>;
}

export interface LineSetting {
  readonly clock: Clock;
  readonly parallel: number;
  readonly closing: AbortSignal;
  /** Never rejects. */
  readonly work: (id: string, stop: AbortSignal) => Promise<void>;
}

interface Later {
  readonly id: string;
  readonly at: Millis;
  readonly asked: Millis;
  /** Nobody has heard of its device since. */
  readonly isBlind: boolean;
}

/** A board that connects again and again is not called each time. */
const soonest = seconds(3);

export function openLine({ clock, parallel, closing, work }: LineSetting): Line {
  const inLine = new Map<string, string>();
  /** By device: it has one update at a time. */
  const later = new Map<string, Later>();
  const working = new Map<
    string,
    { readonly stop: AbortController; readonly done: Promise<void>; readonly isBlind: boolean }
  >();
  let timer: { readonly at: Millis; readonly cancel: () => void } | undefined;

  /** Those that are called although nobody heard of them: they have to leave places to others. */
  const blind = new Map<string, string>();
  const mostBlind = Math.ceil(parallel / 2);

  const pump = (): void => {
    while (working.size < parallel && !closing.aborted) {
      const [id] = inLine.keys();
      const [other] = blind.keys();
      if (id !== undefined) {
        inLine.delete(id);
        begin(id, false);
      } else if (other !== undefined && [...working.values()].filter((one) => one.isBlind).length < mostBlind) {
        blind.delete(other);
        begin(other, true);
      } else return;
    }
  };
  const begin = (id: string, isBlind: boolean): void => {
    const stop = new AbortController();
    const done = work(id, stop.signal).finally(() => {
      working.delete(id);
      pump();
    });
    working.set(id, { stop, done, isBlind });
  };
  const queue = (id: string, device: string): void => {
    inLine.set(id, device);
    pump();
  };
  const sweep = (): void => {
    timer = undefined;
    const now = clock.now();
    for (const [device, { id, at, isBlind }] of later)
      if (at <= now) {
        later.delete(device);
        (isBlind ? blind : inLine).set(id, device);
      }
    pump();
    for (const { at } of later.values()) wakeAt(at);
  };
  const wakeAt = (at: Millis): void => {
    if (closing.aborted || (timer && timer.at <= at)) return;
    timer?.cancel();
    const { cancel } = clock.after(millis(at - clock.now()), 'the next call to a board that is away', sweep);
    timer = { at, cancel };
  };
  closing.addEventListener('abort', () => {
    timer?.cancel();
    for (const { stop } of working.values()) stop.abort();
  });

  return {
    queue,
    later(id, device, wait) {
      const asked = clock.now();
      const at = millis(asked + wait);
      later.set(device, { id, asked, at, isBlind: true });
      wakeAt(at);
    },
    heard(device) {
      const one = later.get(device);
      if (!one) return;
      const at = millis(Math.min(one.at, Math.max(clock.now(), one.asked + soonest)));
      later.set(device, { ...one, at, isBlind: false });
      wakeAt(at);
    },
    async cancel(id) {
      if (inLine.delete(id) || blind.delete(id)) return 'in-line';
      for (const [device, one] of later)
        if (one.id === id) {
          later.delete(device);
          return 'in-line';
        }
      const under = working.get(id);
      under?.stop.abort();
      await under?.done;
      return under && 'broken-off';
    },
    async idle() {
      await Promise.all([...working.values()].map(({ done }) => done));
    },
  };
}
