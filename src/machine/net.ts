/** An IPv4 or IPv6 address in its usual text form, without port, brackets or scope. */
export type Address = string;

export interface Endpoint {
  readonly address: Address;
  readonly port: number;
}

/** What the operating system says when a socket cannot do something. `refused`: the other side is alive, the port closed. */
export type TroubleKind =
  | 'refused'
  | 'unreachable'
  | 'in-use'
  | 'not-our-address'
  | 'denied'
  | 'timed-out'
  | 'reset'
  | 'too-many'
  | 'other';

export interface Trouble {
  readonly kind: TroubleKind;
  /** The system's own words or code (`EADDRINUSE`), for the expert. */
  readonly detail: string;
}

/** One of this host's network interfaces with one of its addresses. */
export interface Interface {
  readonly name: string;
  readonly address: Address;
  /** `24` for 255.255.255.0. */
  readonly prefix: number;
  readonly family: 4 | 6;
  readonly loopback: boolean;
  readonly mac?: string;
}

/** Sends and receives datagrams. */
export interface Udp {
  /** Opens a socket. `connect` lets the system report a closed port (ICMP) and drops datagrams of others. `multicast`
   *  joins the group on the interface with the address `bind.address` and shares the port with other programs. */
  open(
    options: {
      readonly bind?: { readonly address?: Address; readonly port?: number };
      readonly connect?: Endpoint;
      readonly multicast?: { readonly group: Address; readonly interface: Address };
    },
    on: UdpEvents,
  ): Promise<UdpSocket | Trouble>;
}

export interface UdpEvents {
  datagram(bytes: Uint8Array, from: Endpoint): void;
  /** After `refused` and `unreachable` the socket goes on living. */
  trouble(trouble: Trouble): void;
}

export interface UdpSocket {
  readonly local: Endpoint;
  /** `to` is left out on a connected socket. Fire and forget: what the system says arrives at `trouble`. */
  send(bytes: Uint8Array, to?: Endpoint): void;
  close(): void;
}

/** Calls and answers TCP. */
export interface Tcp {
  listen(
    options: { readonly address?: Address; readonly port?: number },
    on: TcpListenerEvents,
  ): Promise<TcpListener | Trouble>;
  /** Starts to call. Success arrives at `connected`, failure at `closed` (with the trouble). `local` picks the source. */
  connect(to: Endpoint, options: { readonly local?: Address; readonly window?: number }, on: TcpEvents): TcpConnection;
}

export interface TcpListener {
  readonly local: Endpoint;
  close(): void;
}

export interface TcpListenerEvents {
  /** Somebody called. Give `on` the events; bytes wait until then. Use `destroy` to turn a stranger away. */
  connection(connection: TcpConnection): void;
  trouble(trouble: Trouble): void;
}

export interface TcpEvents {
  /** The call was answered (only for `connect`). */
  connected?(): void;
  /** There is something to `read`. */
  readable(): void;
  /** The other side will send no more (FIN); what it sent before may still wait to be read. */
  ended(): void;
  /** Over, for whatever reason; last event. Without trouble it was an orderly end. */
  closed(trouble?: Trouble): void;
  /** All bytes written have left our buffer for the system's. */
  drained?(): void;
  /** All bytes written were acknowledged by the other side's TCP (where the port can tell; else it comes with `drained`). */
  acknowledged?(): void;
}

/** A TCP connection. Reading is a pull, so that a slow reader's window closes as a slow board's does. */
export interface TcpConnection {
  readonly local: Endpoint;
  readonly remote: Endpoint;
  /** Sets the listeners; once, and for an accepted connection at once. */
  on(events: TcpEvents): void;
  /** Bytes that wait to be read, as far as the port knows. */
  readonly unread: number;
  /** Takes up to `most` (default: all) waiting bytes; empty when none wait. */
  read(most?: number): Uint8Array;
  write(bytes: Uint8Array): void;
  /** Bytes written and not yet handed to the system. */
  readonly unsent: number;
  /** Sends FIN after what is written. */
  end(): void;
  /** Ends it at once: with a RST where something is unsent or unread, so that the other side is freed. No `closed` follows. */
  destroy(): void;
}
