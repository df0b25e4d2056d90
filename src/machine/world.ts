import type { Clock } from './clock.ts';
import type { Dns, Neighbours, Ping, Random, Routes } from './host.ts';
import type { Tcp, Udp } from './net.ts';

/** What finding, flashing and probing need of the world; handed in at the top. */
export interface World {
  readonly clock: Clock;
  readonly random: Random;
  readonly udp: Udp;
  readonly tcp: Tcp;
  readonly dns: Dns;
  readonly routes: Routes;
  readonly ping: Ping;
  readonly neighbours: Neighbours;
}
