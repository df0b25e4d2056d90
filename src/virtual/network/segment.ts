import type { Address, Clock } from '#machine/index.ts';
import type { Millis, Random } from '#values/index.ts';
import type { Packet } from './packet.ts';
import { atBeacon, cross, type Link, type SegmentRules, type Weather } from './weather.ts';

/** A network interface, plugged into a segment. */
export interface Nic {
  readonly name: string;
  readonly address: Address;
  readonly prefix: number;
  /** The last address of its subnet: everybody in it. */
  readonly broadcast: Address;
  readonly mac: string;
  readonly link: Link;
  readonly segment: Segment;
  readonly router: boolean;
  powered(): boolean;
  arrive(packet: Packet): void;
  /** When the last packet to each other interface arrives: what comes later on this way is not earlier there. */
  readonly last: Map<Nic, Millis>;
}

/** A broadcast domain: a cable, a switch, a Wi-Fi. */
export class Segment {
  readonly name: string;
  readonly nics: Nic[] = [];
  readonly rules: SegmentRules;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #usual: Weather;

  constructor(name: string, usual: Weather, place: { readonly clock: Clock; readonly random: Random }) {
    this.name = name;
    this.rules = {};
    this.#usual = usual;
    this.#clock = place.clock;
    this.#random = place.random;
  }

  /** Those who answer ARP for an address. */
  answering(asking: Nic, address: Address): Nic[] {
    return this.nics.filter((nic) => nic.address === address && nic.powered() && this.#may(asking, nic));
  }

  carry(from: Nic, to: Nic, packet: Packet): void {
    if (!this.#may(from, to)) return;
    const { clock, random } = { clock: this.#clock, random: this.#random };
    const stretches = [from.link.out, this.rules.weather ?? this.#usual, to.link.in];
    for (const { delay, late } of cross(stretches, random)) {
      let at = clock.now() + delay;
      if (!late) {
        at = Math.max(at, from.last.get(to) ?? 0);
        from.last.set(to, at);
      }
      at = atBeacon(at, to.link.beacon);
      clock.after(at - clock.now(), `${packet.kind} packet`, () => to.arrive(packet));
    }
  }

  /** To everybody else. */
  flood(from: Nic, packet: Packet, group: boolean): void {
    if (group && this.rules.multicast === 'filtered') return;
    for (const nic of this.nics) if (nic !== from) this.carry(from, nic, packet);
  }

  #may(a: Nic, b: Nic): boolean {
    return !this.rules.isolation || a.router || b.router;
  }
}
