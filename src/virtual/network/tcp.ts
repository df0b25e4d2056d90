import type { Clock, Endpoint, Tcp, TcpListenerEvents } from '#machine/index.ts';
import type { Millis } from '#values/index.ts';
import { anyAddress } from './addresses.ts';
import { Connection } from './connection.ts';
import { nothing, type Packet, pair } from './packet.ts';

/** How a TCP stack behaves, as far as the other side can tell. */
export interface TcpBehaviour {
  readonly mss: number;
  /** Bytes that may wait unread. */
  readonly window: number;
  /** Bytes that the stack takes from the program before they are acknowledged. */
  readonly sendBuffer: number;
  /** The first retransmission comes so much later than the answer usually does; each further one doubles it. */
  readonly retransmit: Millis;
  readonly retries: number;
  readonly synRetransmit: Millis;
  readonly synRetries: number;
  /** How long an ACK may wait for data to ride on; a second full segment sends it at once. 0: never waits. */
  readonly delayedAck: Millis;
}

/** Linux 6: TCP_RTO_MIN 200 ms, tcp_retries2 15, tcp_syn_retries 6 from 1 s, TCP_DELACK_MIN 40 ms. */
export const hostTcp: TcpBehaviour = {
  mss: 1460,
  window: 65_535,
  sendBuffer: 87_040,
  retransmit: 200,
  retries: 15,
  synRetransmit: 1000,
  synRetries: 6,
  delayedAck: 40,
};

/** lwIP as the ESP8266 core builds it ("higher bandwidth"): TCP_MSS 1460, TCP_WND 4 × MSS, TCP_SND_BUF 2 × MSS, TCP_MAXRTX 12,
 *  TCP_SYNMAXRTX 6; its timers tick in half seconds, so that the first retransmission comes after about 1.5 s. */
export const boardTcp: TcpBehaviour = {
  mss: 1460,
  window: 5840,
  sendBuffer: 2920,
  retransmit: 1500,
  retries: 12,
  synRetransmit: 1500,
  synRetries: 6,
  delayedAck: 0,
};

/** What the TCP of a node needs of it. */
export interface TcpPlace {
  readonly clock: Clock;
  readonly behaviour: TcpBehaviour;
  owns(address: string): boolean;
  sourceFor(address: string): string | undefined;
  freePort(taken: (port: number) => boolean): number;
  /** Sends; false when there is no route. */
  transmit(packet: Packet): boolean;
}

interface Listener {
  readonly local: Endpoint;
  readonly on: TcpListenerEvents;
}

/** The TCP of one node. */
export function tcpStack(place: TcpPlace) {
  const connections = new Map<string, Connection>();
  let listeners: Listener[] = [];

  const listenerFor = ({ address, port }: Endpoint): Listener | undefined =>
    listeners.find(({ local }) => local.port === port && (local.address === anyAddress || local.address === address));

  const taken = (port: number): boolean =>
    listeners.some(({ local }) => local.port === port) ||
    [...connections.values()].some(({ local }) => local.port === port);

  const open = (local: Endpoint, remote: Endpoint, window?: number): Connection => {
    const key = pair(local, remote);
    const made: Connection = new Connection({
      clock: place.clock,
      behaviour: window === undefined ? place.behaviour : { ...place.behaviour, window },
      local,
      remote,
      transmit: (segment) => place.transmit({ kind: 'tcp', from: local, to: remote, segment }),
      forget: () => {
        if (connections.get(key) === made) connections.delete(key);
      },
    });
    connections.set(key, made);
    return made;
  };

  const tcp: Tcp = {
    async listen({ address = anyAddress, port = 0 }, on) {
      if (address !== anyAddress && !place.owns(address)) return { kind: 'not-our-address', detail: 'EADDRNOTAVAIL' };
      const clash = ({ local }: Listener): boolean =>
        local.port === port && (local.address === address || [local.address, address].includes(anyAddress));
      if (port && listeners.some(clash)) return { kind: 'in-use', detail: 'EADDRINUSE' };
      const listener: Listener = { local: { address, port: port || place.freePort(taken) }, on };
      listeners.push(listener);
      return {
        local: listener.local,
        close() {
          listeners = listeners.filter((other) => other !== listener);
        },
      };
    },

    connect(to, { local, window }, on) {
      const address = local ?? place.sourceFor(to.address);
      const source = { address: address ?? anyAddress, port: place.freePort(taken) };
      const connection = open(source, to, window);
      connection.on(on);
      if (local !== undefined && !place.owns(local))
        connection.fail({ kind: 'not-our-address', detail: 'EADDRNOTAVAIL' });
      else if (address === undefined) connection.fail({ kind: 'unreachable', detail: 'ENETUNREACH' });
      else connection.call();
      return connection;
    },
  };

  return {
    tcp,
    count: () => ({
      listeners: listeners.length,
      connections: [...connections.values()].filter((one) => one.held).length,
    }),

    /** The power is gone: nothing is said to anyone. */
    clear() {
      for (const connection of connections.values()) connection.vanish();
      connections.clear();
      listeners = [];
    },

    listens: (to: Endpoint): boolean => listenerFor(to) !== undefined,
    knows: (near: Endpoint, far: Endpoint): boolean => connections.has(pair(near, far)),

    receive({ from, to, segment }: Packet & { kind: 'tcp' }): void {
      const known = connections.get(pair(to, from));
      const opening = segment.syn === true && segment.ack === undefined;
      if (known && !(opening && known.over)) {
        known.receive(segment);
        return;
      }
      if (segment.rst) return;
      const listener = opening ? listenerFor(to) : undefined;
      if (listener) {
        open(to, from).answer(segment, (connection) => {
          if (listeners.includes(listener)) listener.on.connection(connection);
          else connection.destroy();
        });
        return;
      }
      const end = segment.seq + segment.data.length + (segment.syn || segment.fin ? 1 : 0);
      const rst = { seq: segment.ack ?? 0, ack: end, window: 0, data: nothing, rst: true };
      place.transmit({ kind: 'tcp', from: to, to: from, segment: rst });
    },

    /** A packet of ours could not be delivered: the address does not answer ARP, or a firewall rejects it. */
    undelivered(about: Packet, kind: 'unreachable' | 'refused'): void {
      const detail = kind === 'refused' ? 'ECONNREFUSED' : 'EHOSTUNREACH';
      connections.get(pair(about.from, about.to))?.undelivered({ kind, detail });
    },
  };
}
