import type { Millis, Random } from '#values/index.ts';

/** What a stretch of network does to packets. Every part is optional; change it at any time. Shares are 0 to 1. */
export interface Weather {
  loss?: number;
  duplicate?: number;
  /** This share of packets is late by up to `late` and is overtaken; all others keep their order. */
  reorder?: number;
  late?: Millis;
  /** One way. */
  latency?: Millis;
  /** Up to so much more, evenly spread. */
  jitter?: Millis;
}

/** The stretch between one network interface and its segment, each way by itself: `{ in: { loss: 1 } }` hears nothing. */
export interface Link {
  in?: Weather;
  out?: Weather;
  /** Wi-Fi power save: the access point keeps what is sent to a sleeping station until a beacon; the time between two
   *  (102.4 ms, times the listen interval). */
  beacon?: Millis;
}

/** A broadcast domain and its rules. */
export interface SegmentRules {
  weather?: Weather;
  /** `filtered`: multicast is not passed on (IGMP snooping without a querier, many meshes). */
  multicast?: 'filtered' | undefined;
  /** Clients reach the router only, not one another (guest Wi-Fi). */
  isolation?: boolean;
}

const usuallyLate: Millis = 20;

/** One packet meets the weather of the stretches it crosses: the delay of each copy that arrives, none when it is lost. */
export function cross(stretches: readonly (Weather | undefined)[], random: Random): { delay: Millis; late: boolean }[] {
  let delay = 0;
  let copies = 1;
  let late = false;
  for (const weather of stretches) {
    if (!weather) continue;
    if (weather.loss && random() < weather.loss) return [];
    if (weather.duplicate && random() < weather.duplicate) copies++;
    delay += weather.latency ?? 0;
    if (weather.jitter) delay += weather.jitter * random();
    if (weather.reorder && random() < weather.reorder) {
      late = true;
      delay += (weather.late ?? usuallyLate) * random();
    }
  }
  return Array.from({ length: copies }, () => ({ delay, late }));
}

/** When a sleeping station hears something that arrives at `time`. */
export const atBeacon = (time: Millis, beacon: Millis | undefined): Millis =>
  beacon ? Math.ceil(time / beacon) * beacon : time;
