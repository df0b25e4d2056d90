import type { Address, Clock, Interface, Neighbour, World } from '#machine/index.ts';
import type { Millis, Random } from '#values/index.ts';
import { anyAddress, broadcastOf, isLoopback, isMulticast, sameSubnet } from './addresses.ts';
import { type Firewall, firewallSays } from './firewall.ts';
import { Nat } from './nat.ts';
import type { Packet } from './packet.ts';
import { pinger } from './ping.ts';
import type { Nic, Segment } from './segment.ts';
import { type TcpBehaviour, tcpStack } from './tcp.ts';
import { udpStack } from './udp.ts';
import type { Link } from './weather.ts';

export interface NicOptions {
  readonly address: Address;
  /** Default 24. */
  readonly prefix?: number;
  readonly mac?: string;
  /** The segment it is plugged into, by name (default `lan`). */
  readonly segment?: string;
  readonly name?: string;
  readonly link?: Link;
}

export interface NodeOptions {
  readonly name: string;
  /** In the order in which routing prefers them. */
  readonly interfaces: readonly NicOptions[];
  /** The next hop for everything that is not on a link. */
  readonly gateway?: Address;
  readonly firewall?: Firewall;
  readonly tcp?: Partial<TcpBehaviour>;
}

/** A host, board or router on the virtual network: the ports of a machine, and the hand that can reach behind them. */
export interface VirtualNode extends World {
  readonly name: string;
  /** May be changed at any time. */
  firewall: Firewall;
  /** The link of the interface with this address (default: the first); its weather may be changed at any time. */
  link(address?: Address): Link;
  readonly powered: boolean;
  /** Without power a node is silent at once, and has forgotten every socket when it comes back. */
  power(on: boolean): void;
  /** Sockets that are open: all zero where nothing leaks. */
  sockets(): { readonly udp: number; readonly listeners: number; readonly connections: number };
}

/** What the network gives a node. */
export interface NodePlace {
  readonly clock: Clock;
  readonly random: Random;
  readonly behaviour: TcpBehaviour;
  readonly names: ReadonlyMap<string, readonly Address[]>;
  segment(name: string): Segment;
  /** Passes packets on; with `nat`, hides what is behind it from the segment of that name. */
  readonly router?: { readonly nat?: string };
  mac(): string;
}

/** How long Linux tries to resolve an address before it gives up (three ARP requests a second apart). */
const arpTimeout: Millis = 3060;
/** How long an answer to ARP is believed. */
const arpLifetime: Millis = 60_000;
const mostHops = 16;
const firstPort = 49_152;

interface ArpEntry {
  readonly nic: Nic | undefined;
  readonly until: Millis;
}

interface Route {
  readonly nic: Nic;
  readonly gateway?: Address;
}

/** The most exact subnet wins, the first of equals; else the gateway. */
function findRoute(nics: readonly Nic[], to: Address, gateway: Address | undefined): Route | undefined {
  const onLink = (address: Address): Nic | undefined =>
    nics.filter((nic) => sameSubnet(nic.address, address, nic.prefix)).sort((a, b) => b.prefix - a.prefix)[0];
  const direct = onLink(to);
  if (direct || gateway === undefined) return direct && { nic: direct };
  const nic = onLink(gateway);
  return nic && { nic, gateway };
}

export function createNode(options: NodeOptions, place: NodePlace): VirtualNode {
  const { clock, random } = place;
  const arp = new Map<Address, ArpEntry>();
  const nics: Nic[] = [];
  const nat = place.router?.nat === undefined ? undefined : new Nat();
  let powered = true;
  let nextPort = firstPort + Math.floor(random() * 8192);

  const owns = (address: Address): boolean => isLoopback(address) || nics.some((nic) => nic.address === address);

  const freePort = (taken: (port: number) => boolean): number => {
    do nextPort = nextPort >= 65_535 ? firstPort : nextPort + 1;
    while (taken(nextPort));
    return nextPort;
  };

  const routes = new Map<Address, Route | undefined>();

  /** The interface and next hop towards an address. */
  const route = (to: Address): Route | undefined => {
    if (!routes.has(to)) routes.set(to, findRoute(nics, to, options.gateway));
    return routes.get(to);
  };

  const sourceFor = (to: Address): Address | undefined => {
    if (isLoopback(to)) return '127.0.0.1';
    if (owns(to)) return to;
    if (isMulticast(to) || to === '255.255.255.255') return nics[0]?.address;
    return route(to)?.nic.address;
  };

  /** Who answers for an address on a link; a stale answer is believed until it is too old. */
  const resolve = (nic: Nic, address: Address): Nic | undefined => {
    const known = arp.get(address);
    if (known?.nic && known.until > clock.now()) return known.nic;
    const answers = nic.segment.answering(nic, address);
    // Two with one address: whoever answers first.
    const chosen = answers[answers.length > 1 ? Math.floor(random() * answers.length) : 0];
    arp.set(address, { nic: chosen, until: clock.now() + arpLifetime });
    return chosen;
  };

  const send = (packet: Packet): boolean => {
    const way = route(packet.to.address);
    if (!way) return false;
    const next = resolve(way.nic, way.gateway ?? packet.to.address);
    if (next) way.nic.segment.carry(way.nic, next, packet);
    else clock.after(arpTimeout, 'arp', () => powered && tcp.undelivered(packet, 'unreachable'));
    return true;
  };

  const transmit = (packet: Packet, via?: Address): boolean => {
    if (!powered) return true;
    const to = packet.to.address;
    const group = isMulticast(to);
    if (group && via !== undefined && isLoopback(via)) {
      clock.after(0, 'loopback', () => powered && deliver(packet, via));
      return true;
    }
    const wide = nics.find((nic) => to === nic.broadcast);
    if (group || wide || to === '255.255.255.255') {
      const out = wide ?? nics.find((nic) => nic.address === via) ?? nics[0];
      if (!out) return false;
      out.segment.flood(out, packet, group);
      if (group) clock.after(0, 'multicast loop', () => powered && arrive(out, packet));
      return true;
    }
    if (owns(to)) {
      clock.after(0, 'loopback', () => powered && deliver(packet, to));
      return true;
    }
    return send(packet);
  };

  const udp = udpStack({ clock, owns, sourceFor, freePort, transmit });
  const tcp = tcpStack({
    clock,
    behaviour: { ...place.behaviour, ...options.tcp },
    owns,
    sourceFor,
    freePort,
    transmit,
  });
  const ping = pinger({ clock, sourceFor, transmit });

  /** A packet has come in by an interface. */
  const arrive = (nic: Nic, packet: Packet): void => {
    const { address } = packet.to;
    const forUs = owns(address) || isMulticast(address) || address === nic.broadcast;
    if (forUs || address === '255.255.255.255') {
      const inside = nat?.inward(packet);
      if (inside) forward(inside);
      else guard(nic, packet);
    } else if (place.router) forward(packet);
  };

  const forward = (packet: Packet): void => {
    const hops = (packet.hops ?? 0) + 1;
    const out = route(packet.to.address)?.nic;
    if (!out || hops > mostHops) return;
    const hidden = nat && out.segment.name === place.router?.nat ? nat.outward(packet, out.address) : packet;
    send({ ...hidden, hops });
  };

  /** The firewall's word on what comes from outside; what answers our own packets passes. */
  const guard = (nic: Nic, packet: Packet): void => {
    const says = firewallSays(node.firewall, packet);
    const verdict = says !== 'allow' && isAnswer(packet) ? 'allow' : says;
    if (verdict === 'allow') deliver(packet, nic.address);
    else if (verdict === 'reject') unreachable(packet);
  };

  const isAnswer = (packet: Packet): boolean =>
    packet.kind === 'unreachable' ||
    (packet.kind === 'echo' && packet.reply) ||
    (packet.kind === 'udp' && udp.expects(packet.to, packet.from)) ||
    (packet.kind === 'tcp' && tcp.knows(packet.to, packet.from));

  const unreachable = (about: Packet): void => {
    transmit({ kind: 'unreachable', from: about.to, to: about.from, about });
  };

  const deliver = (packet: Packet, at: Address): void => {
    switch (packet.kind) {
      case 'udp':
        if (!udp.receive(packet, at)) unreachable(packet);
        break;
      case 'tcp':
        tcp.receive(packet);
        break;
      case 'echo':
        if (packet.reply) ping.replied(packet);
        else transmit({ ...packet, from: packet.to, to: packet.from, reply: true });
        break;
      case 'unreachable':
        if (packet.about.kind === 'udp') udp.refused(packet.about);
        else tcp.undelivered(packet.about, 'refused');
    }
  };

  for (const [
    i,
    { address, prefix = 24, mac = place.mac(), segment = 'lan', name, link },
  ] of options.interfaces.entries()) {
    const plugged = place.segment(segment);
    const nic: Nic = {
      name: name ?? `eth${i}`,
      address,
      prefix,
      broadcast: broadcastOf(address, prefix),
      mac,
      link: link ?? {},
      segment: plugged,
      router: place.router !== undefined,
      powered: () => powered,
      arrive: (packet) => powered && arrive(nic, packet),
      last: new Map(),
    };
    nics.push(nic);
    plugged.nics.push(nic);
  }

  const loopback: Interface = { name: 'lo', address: '127.0.0.1', prefix: 8, family: 4, loopback: true };

  const node: VirtualNode = {
    name: options.name,
    firewall: options.firewall ?? {},
    clock,
    random: { bytes: (count) => Uint8Array.from({ length: count }, () => Math.floor(random() * 256)) },
    udp: udp.udp,
    tcp: tcp.tcp,
    dns: {
      async lookup(name) {
        if (/^\d+(\.\d+){3}$/.test(name)) return [name];
        return place.names.get(name.toLowerCase().replace(/\.$/, '')) ?? [];
      },
    },
    routes: {
      interfaces: () => [
        loopback,
        ...nics.map(({ name, address, prefix, mac }) => ({
          name,
          address,
          prefix,
          mac,
          family: 4 as const,
          loopback: false,
        })),
      ],
      async to(address) {
        const source = sourceFor(address);
        if (source === undefined) return undefined;
        if (owns(address)) return { source, name: 'lo' };
        const { nic, gateway } = route(address) ?? {};
        return { source, ...(nic && { name: nic.name }), ...(gateway !== undefined && { gateway }) };
      },
    },
    ping,
    neighbours: {
      table: async (): Promise<readonly Neighbour[]> =>
        [...arp].map(([address, { nic }]) => (nic ? { address, mac: nic.mac } : { address })),
    },
    link(address) {
      const nic = address === undefined ? nics[0] : nics.find((nic) => nic.address === address);
      if (!nic) throw new Error(`${options.name} has no interface ${address ?? anyAddress}`);
      return nic.link;
    },
    get powered() {
      return powered;
    },
    power(on) {
      powered = on;
      if (on) return;
      udp.clear();
      tcp.clear();
      arp.clear();
    },
    sockets: () => ({ udp: udp.count(), ...tcp.count() }),
  };
  return node;
}
