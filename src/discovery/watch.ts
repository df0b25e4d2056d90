/** Hears whether a board is there again after its update. */
import type { Address } from '#machine/index.ts';
import { type Service, sameName } from '#protocols/mdns/index.ts';
import { readers, serviceTypes } from './firmwares.ts';
import { type BrowseWorld, openBrowser } from './links.ts';

export interface Watched {
  readonly address: Address;
  /** Found by its name, a board may come back with another address. */
  readonly name?: string | undefined;
}

export interface WatchEvents {
  /** It spoke: an announcement, or an answer. `build` is what it says it runs, where it says so. */
  seen(build: string | undefined, service: Service): void;
  /** It said goodbye, or was not heard for as long as its records hold. */
  gone(): void;
}

/** Browses until the signal; resolves when it listens. */
export async function watch(world: BrowseWorld, watched: Watched, on: WatchEvents, signal: AbortSignal): Promise<void> {
  const isIt = ({ name, addresses, sender }: Service): boolean =>
    addresses.includes(watched.address) ||
    (watched.name === undefined ? sender === watched.address : sameName(name, watched.name));
  const browser = await openBrowser(
    world,
    { services: serviceTypes },
    {
      tell(event) {
        if (event.kind === 'host' || !isIt(event.service)) return;
        if (event.kind === 'gone') on.gone();
        else on.seen(buildOf(event.service), event.service);
      },
    },
  );
  if (signal.aborted) browser.close();
  else signal.addEventListener('abort', () => browser.close(), { once: true });
}

/** A `build` in the TXT record is a sketch's own doing; else what the firmware announces as its version. */
const buildOf = (service: Service): string | undefined =>
  service.txt['build'] || readers[service.type]?.(service)?.version;
