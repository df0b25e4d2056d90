import type { Clock } from '#machine/index.ts';
import { millis } from '#values/index.ts';

/** The same clock, so many times faster: what takes a board or a hub seconds then takes a test moments. */
export const hasty = (clock: Clock, times: number): Clock => ({
  now: () => millis(clock.now() * times),
  wall: clock.wall,
  after: (time, name, then) => clock.after(millis(time / times), name, then),
  sleep: (time, name, signal) => clock.sleep(millis(time / times), name, signal),
});
