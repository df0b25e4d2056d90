import type { Millis } from '#values/index.ts';

/** Tells the time and waits. Every wait has a name, so that a hang can say what it waits for. */
export interface Clock {
  /** Milliseconds since some start, never going back: for durations. */
  now(): Millis;
  /** Milliseconds since 1970: for what people read. */
  wall(): number;
  /** Calls `then` once after `time`, unless cancelled. */
  after(time: Millis, name: string, then: () => void): Timer;
  /** Resolves after `time`, or at once when the signal is aborted (it does not reject). */
  sleep(time: Millis, name: string, signal?: AbortSignal): Promise<void>;
}

export interface Timer {
  cancel(): void;
}
