import type { Clock, Timer } from '#machine/index.ts';
import type { Millis } from '#values/index.ts';

/** The timers of one stretch of a board's life: all fall silent together when the power goes or the chip resets. */
export class Timers {
  readonly #clock: Clock;
  readonly #running = new Set<Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(time: Millis, name: string, then: () => void): Timer {
    const timer = this.#clock.after(time, name, () => {
      this.#running.delete(timer);
      then();
    });
    this.#running.add(timer);
    return {
      cancel: () => {
        this.#running.delete(timer);
        timer.cancel();
      },
    };
  }

  cancelAll(): void {
    for (const timer of this.#running) timer.cancel();
    this.#running.clear();
  }
}
