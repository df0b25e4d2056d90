import type { Clock } from '#machine/index.ts';
import type { Attempt, AttemptEvent, Recorded } from './events.ts';

export interface Recorder {
  /** Stamps an event, keeps it and hands it to whoever watches. */
  record(event: AttemptEvent): void;
  readonly attempt: Attempt;
}

/** Keeps one attempt. Of `acknowledged` only the newest in each hundredth is kept; the watcher sees all. */
export function recorder(clock: Pick<Clock, 'now' | 'wall'>, watch: (event: Recorded) => void = () => {}): Recorder {
  const start = clock.now();
  const events: Recorded[] = [];
  const attempt: Attempt = { began: clock.wall(), events };
  return {
    attempt,
    record(event) {
      const recorded: Recorded = { ...event, at: clock.now() - start };
      const last = events.at(-1);
      if (
        recorded.kind === 'acknowledged' &&
        last?.kind === 'acknowledged' &&
        Math.floor((100 * last.bytes) / last.total) === Math.floor((100 * recorded.bytes) / recorded.total)
      )
        events[events.length - 1] = recorded;
      else events.push(recorded);
      watch(recorded);
    },
  };
}
