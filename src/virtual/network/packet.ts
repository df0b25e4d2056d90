import type { Endpoint } from '#machine/index.ts';

/** What travels. An echo has its identifier in the ports, so that NAT treats it like the rest. */
export type Packet = { readonly from: Endpoint; readonly to: Endpoint; readonly hops?: number } & (
  | { readonly kind: 'udp'; readonly bytes: Uint8Array }
  | { readonly kind: 'tcp'; readonly segment: Segment }
  | { readonly kind: 'echo'; readonly reply: boolean; readonly sequence: number }
  /** ICMP: nobody listens there, or a firewall rejects it. */
  | { readonly kind: 'unreachable'; readonly about: Packet }
);

/** A TCP segment. Sequence numbers count from 0 (the SYN) and never wrap. */
export interface Segment {
  readonly seq: number;
  readonly ack?: number;
  readonly window: number;
  readonly data: Uint8Array;
  readonly syn?: boolean;
  readonly fin?: boolean;
  readonly rst?: boolean;
  /** Asks for an ACK: a zero-window probe. */
  readonly probe?: boolean;
}

export const nothing = new Uint8Array(0);

/** `192.168.1.2:8266`. */
export const print = ({ address, port }: Endpoint): string => `${address}:${port}`;

/** `from` to `to` on this side, as one key. */
export const pair = (near: Endpoint, far: Endpoint): string =>
  `${near.address}:${near.port} ${far.address}:${far.port}`;
