/** What dns-packet takes and gives, as far as we use it. */
export interface Packet {
  readonly type?: 'query' | 'response';
  readonly id?: number;
  readonly flags?: number;
  readonly questions?: readonly { readonly name: string; readonly type: string; readonly class?: string }[];
  readonly answers?: readonly PacketRecord[];
  readonly authorities?: readonly PacketRecord[];
  readonly additionals?: readonly PacketRecord[];
}

export interface PacketRecord {
  readonly name: string;
  readonly type: string;
  readonly class?: string;
  readonly ttl?: number;
  readonly flush?: boolean;
  readonly data?: unknown;
}

/** Throws on what it can't write. */
export function encode(packet: Packet): Uint8Array;
/** Throws on what it can't read. */
export function decode(bytes: Uint8Array): Packet;
