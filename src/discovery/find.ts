import type { Timer } from '#machine/index.ts';
import { type Millis, millis } from '#values/index.ts';
import type { Device } from './devices.ts';
import { serviceTypes } from './firmwares.ts';
import { type BrowseTrouble, type BrowseWorld, openBrowser } from './links.ts';

export interface FindOptions {
  /** How long to listen. */
  readonly time: Millis;
  readonly signal?: AbortSignal | undefined;
  /** Called for each device as it comes, and again when more is known of it. */
  readonly seen?: (device: Device) => void;
  readonly trouble?: (trouble: BrowseTrouble) => void;
}

/** Answers come in bursts: look once a burst is in. */
const settling = millis(10);

/** Listens on every interface for boards; resolves with all of them, by name. An aborted signal ends it early. */
export async function find(world: BrowseWorld, options: FindOptions): Promise<readonly Device[]> {
  const told = new Map<string, string>();
  const tellNews = (): void => {
    for (const device of browser.devices()) {
      const key = `${device.name}|${device.addresses[0]}|${device.port ?? ''}`;
      const words = JSON.stringify(device);
      if (told.get(key) === words) continue;
      told.set(key, words);
      options.seen?.(device);
    }
  };
  let look: Timer | undefined;
  const browser = await openBrowser(
    world,
    { services: serviceTypes },
    {
      tell: ({ kind }) => {
        if (kind !== 'seen' || look) return;
        look = world.clock.after(settling, 'sightings to settle', () => {
          look = undefined;
          tellNews();
        });
      },
      ...(options.trouble && { trouble: options.trouble }),
    },
  );
  await world.clock.sleep(options.time, 'boards to answer', options.signal);
  look?.cancel();
  tellNews();
  const devices = browser.devices();
  browser.close();
  return devices;
}
