import type { Address, Clock } from '#machine/index.ts';
import type { Random } from '#values/index.ts';
import { createNode, type NodeOptions, type VirtualNode } from './node.ts';
import { Segment } from './segment.ts';
import { boardTcp, hostTcp } from './tcp.ts';
import type { SegmentRules, Weather } from './weather.ts';

export interface VirtualNetwork {
  /** A computer: its TCP is Linux's. */
  host(options: NodeOptions): VirtualNode;
  /** A board: its TCP is lwIP's, with a small window. */
  board(options: NodeOptions): VirtualNode;
  /** Passes packets on between its interfaces; with `nat`, what is behind it is hidden from the segment of that name.
   *  Its own firewall drops everything unless it is given another. */
  router(options: NodeOptions & { readonly nat?: string }): VirtualNode;
  /** The rules of a segment; change them at any time. */
  segment(name?: string): SegmentRules;
  /** What DNS says, by lower-case name; change it at any time. */
  readonly names: Map<string, readonly Address[]>;
}

/** Makes a network that exists in virtual time. One seed, one history. `weather` is that of every segment without its
 *  own (default: 1 ms each way, nothing lost). */
export function virtualNetwork({
  clock,
  random,
  weather = { latency: 1 },
}: {
  readonly clock: Clock;
  readonly random: Random;
  readonly weather?: Weather;
}): VirtualNetwork {
  const segments = new Map<string, Segment>();
  const names = new Map<string, readonly Address[]>();
  let macs = 0;

  const segment = (name: string): Segment => {
    const known = segments.get(name) ?? new Segment(name, weather, { clock, random });
    segments.set(name, known);
    return known;
  };
  /** Locally administered, so that it is nobody's. */
  const mac = (): string => `02:00:00:00:${hex(macs >> 8)}:${hex(macs++ & 255)}`;
  const place = { clock, random, names, segment, mac };

  return {
    names,
    host: (options) => createNode(options, { ...place, behaviour: hostTcp }),
    board: (options) => createNode(options, { ...place, behaviour: boardTcp }),
    router: ({ nat, ...options }) =>
      createNode(
        { firewall: { tcp: 'drop', udp: 'drop' }, ...options },
        { ...place, behaviour: hostTcp, router: nat === undefined ? {} : { nat } },
      ),
    segment: (name = 'lan') => segment(name).rules,
  };
}

const hex = (byte: number): string => byte.toString(16).padStart(2, '0');
