import type { Clock, Endpoint, Trouble, Udp, UdpEvents } from '#machine/index.ts';
import { anyAddress, isMulticast } from './addresses.ts';
import { type Packet, pair } from './packet.ts';

interface Socket {
  readonly local: Endpoint;
  readonly remote?: Endpoint;
  readonly multicast?: { readonly group: string; readonly interface: string };
  readonly on: UdpEvents;
}

/** What the UDP of a node needs of it. */
export interface UdpPlace {
  readonly clock: Clock;
  owns(address: string): boolean;
  /** The address that packets to `address` leave with. */
  sourceFor(address: string): string | undefined;
  freePort(taken: (port: number) => boolean): number;
  /** Sends; false when there is no route. `via` names the interface for group traffic. */
  transmit(packet: Packet, via?: string): boolean;
}

const noRoute: Trouble = { kind: 'unreachable', detail: 'ENETUNREACH' };

/** The UDP of one node. */
export function udpStack(place: UdpPlace) {
  let sockets: Socket[] = [];
  /** Whom this node sent to: a firewall lets their answers in. */
  const spokenTo = new Set<string>();

  const clashes = (port: number, address: string, shared: boolean): boolean =>
    sockets.some(
      ({ local, multicast }) =>
        local.port === port &&
        !(shared && multicast) &&
        (local.address === address || local.address === anyAddress || address === anyAddress),
    );

  const udp: Udp = {
    async open({ bind, connect, multicast }, on) {
      const wanted = multicast ? anyAddress : (bind?.address ?? anyAddress);
      if (wanted !== anyAddress && !place.owns(wanted)) return { kind: 'not-our-address', detail: 'EADDRNOTAVAIL' };
      if (multicast && !place.owns(multicast.interface)) return { kind: 'not-our-address', detail: 'EADDRNOTAVAIL' };
      if (bind?.port && clashes(bind.port, wanted, multicast !== undefined))
        return { kind: 'in-use', detail: 'EADDRINUSE' };
      const address = connect && wanted === anyAddress ? place.sourceFor(connect.address) : wanted;
      if (address === undefined) return noRoute;
      const port = bind?.port || place.freePort((port) => clashes(port, anyAddress, false));
      const local = { address, port };
      const socket: Socket = { local, on, ...(connect && { remote: connect }), ...(multicast && { multicast }) };
      sockets.push(socket);

      return {
        local,
        send(bytes, to) {
          const target = connect ?? to;
          if (!target || !sockets.includes(socket)) return;
          const source = address === anyAddress ? (multicast?.interface ?? place.sourceFor(target.address)) : address;
          const from = { address: source ?? anyAddress, port };
          spokenTo.add(pair({ address: anyAddress, port }, target));
          const sent = source && place.transmit({ kind: 'udp', from, to: target, bytes: bytes.slice() }, source);
          if (!sent) tell(socket, noRoute);
        },
        close() {
          sockets = sockets.filter((other) => other !== socket);
        },
      };
    },
  };

  const tell = (socket: Socket, trouble: Trouble): void => {
    place.clock.after(0, 'udp trouble', () => {
      if (sockets.includes(socket)) socket.on.trouble(trouble);
    });
  };

  return {
    udp,
    count: () => sockets.length,
    clear() {
      sockets = [];
      spokenTo.clear();
    },
    expects: (near: Endpoint, far: Endpoint): boolean =>
      spokenTo.has(pair({ address: anyAddress, port: near.port }, far)),

    /** Gives a datagram to whoever listens; false when nobody does. `at` is the address of the interface it came in by. */
    receive(packet: Packet & { kind: 'udp' }, at: string): boolean {
      const { from, to, bytes } = packet;
      const group = isMulticast(to.address);
      const toOne = !group && place.owns(to.address);
      const hears = ({ local, remote, multicast }: Socket): boolean => {
        if (local.port !== to.port) return false;
        if (remote && (remote.address !== from.address || remote.port !== from.port)) return false;
        if (group) return multicast?.group === to.address && multicast.interface === at;
        return !toOne || local.address === anyAddress || local.address === to.address;
      };
      const hearers = sockets.filter(hears);
      // The most exact match gets a unicast datagram; a port that several share gives it to the last that came.
      const exact = (socket: Socket): number => (socket.remote ? 2 : 0) + (socket.local.address === anyAddress ? 0 : 1);
      const chosen = toOne
        ? hearers
            .reverse()
            .sort((a, b) => exact(b) - exact(a))
            .slice(0, 1)
        : hearers;
      for (const socket of chosen) socket.on.datagram(bytes, from);
      return chosen.length > 0 || !toOne;
    },

    /** ICMP: only a connected socket is told. */
    refused(about: Packet): void {
      for (const { local, remote, on } of sockets) {
        if (local.port !== about.from.port || remote?.address !== about.to.address || remote.port !== about.to.port)
          continue;
        on.trouble({ kind: 'refused', detail: 'ECONNREFUSED' });
      }
    },
  };
}
