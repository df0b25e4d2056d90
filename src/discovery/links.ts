/** Drives the mDNS browser over every interface of this host, loopback included. */
import type { Interface, Trouble, UdpSocket, World } from '#machine/index.ts';
import {
  type BrowserEvent,
  type BrowserOptions,
  type BrowserTelling,
  browse,
  browsing,
  mdnsGroup,
  mdnsPort,
  servicesSeen,
} from '#protocols/mdns/index.ts';
import { sameSubnet } from './addresses.ts';
import { type Device, devicesOf } from './devices.ts';

export type BrowseWorld = Pick<World, 'clock' | 'udp' | 'routes'>;

/** Something that makes finding boards less sure. */
export interface BrowseTrouble {
  /** Name of the interface. */
  readonly link: string;
  readonly trouble: Trouble;
  /** `alone`: port 5353 could not be shared, so only boards that answer the asker alone are found on this link. `deaf`: this
   *  link can't be used at all. */
  readonly means: 'alone' | 'deaf';
}

export interface Browsing {
  devices(): Device[];
  close(): void;
}

export async function openBrowser(
  world: BrowseWorld,
  options: Pick<BrowserOptions, 'services' | 'hosts'>,
  on: { tell(event: BrowserTelling): void; trouble?: (trouble: BrowseTrouble) => void },
): Promise<Browsing> {
  const { clock, udp, routes } = world;
  const interfaces = routes.interfaces();
  const own = interfaces.map(({ address }) => address);
  const links = interfaces.filter(({ family }) => family === 4);
  const sockets: UdpSocket[] = [];
  let alone = 0;
  let state = browsing(options);
  let listening = false;
  let timer: { cancel(): void } | undefined;

  const happen = (event: BrowserEvent): void => {
    if (!listening) return;
    const [next, effects] = browse(state, event);
    state = next;
    for (const effect of effects) {
      if (!listening) return;
      if (effect.do === 'send')
        for (const socket of sockets) socket.send(effect.bytes, { address: mdnsGroup, port: mdnsPort });
      else if (effect.do === 'tell') on.tell(effect.event);
      else {
        timer?.cancel();
        const wait = Math.max(0, effect.at - clock.now());
        timer = clock.after(wait, 'next mDNS query', () => happen({ kind: 'woke', now: clock.now() }));
      }
    }
  };

  const open = (link: Interface, port: number): Promise<UdpSocket | Trouble> =>
    udp.open(
      { bind: { port }, multicast: { group: mdnsGroup, interface: link.address } },
      {
        datagram: (bytes, from) =>
          happen({
            kind: 'datagram',
            now: clock.now(),
            bytes,
            from: from.address,
            link: heardOn(links, link, from.address),
          }),
        // A link without a route to the group stays quiet; the others go on.
        trouble: () => {},
      },
    );
  await Promise.all(
    links.map(async (link) => {
      let socket = await open(link, mdnsPort);
      if ('kind' in socket) {
        const trouble = socket;
        socket = await open(link, 0);
        on.trouble?.({ link: link.name, trouble, means: 'kind' in socket ? 'deaf' : 'alone' });
        if ('kind' in socket) return;
        alone++;
      }
      sockets.push(socket);
    }),
  );
  state = browsing({ ...options, unicast: alone > 0 && alone === sockets.length });
  listening = true;
  happen({ kind: 'start', now: clock.now() });

  return {
    devices: () => devicesOf(servicesSeen(state), own),
    close() {
      listening = false;
      timer?.cancel();
      for (const socket of sockets) socket.close();
    },
  };
}

/** Sockets that share a port hear each other's interfaces: the sender's subnet says which link it came over. */
const heardOn = (links: readonly Interface[], own: Interface, from: string): string =>
  (sameSubnet(own, from) ? own : (links.find((link) => sameSubnet(link, from)) ?? own)).name;
