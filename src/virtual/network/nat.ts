import type { Address, Endpoint } from '#machine/index.ts';
import { type Packet, print } from './packet.ts';

/** Address translation of a home router: what goes out gets the router's address and a port of its own, what comes back
 *  to that port goes in. Nothing else does: there is no mapping for it. */
export class Nat {
  readonly #ports = new Map<string, number>();
  readonly #inside = new Map<string, Endpoint>();
  #next = 40_000;

  outward(packet: Packet, address: Address): Packet {
    const key = `${packet.kind} ${print(packet.from)}`;
    let port = this.#ports.get(key);
    if (port === undefined) {
      port = this.#next++;
      this.#ports.set(key, port);
      this.#inside.set(`${packet.kind} ${port}`, packet.from);
    }
    return { ...packet, from: { address, port } };
  }

  /** The packet as it goes on inside; undefined when there is no mapping. */
  inward(packet: Packet): Packet | undefined {
    const kind = packet.kind === 'unreachable' ? packet.about.kind : packet.kind;
    const to = this.#inside.get(`${kind} ${packet.to.port}`);
    if (!to) return undefined;
    return packet.kind === 'unreachable' ? { ...packet, to, about: { ...packet.about, from: to } } : { ...packet, to };
  }
}
