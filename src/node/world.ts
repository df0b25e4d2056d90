import type { World } from '#machine/index.ts';
import { clock } from './clock.ts';
import { commands } from './commands.ts';
import { dns } from './dns.ts';
import { environment } from './environment.ts';
import { neighbours } from './neighbours.ts';
import { ping } from './ping.ts';
import { random } from './random.ts';
import { routes } from './routes.ts';
import { tcp } from './tcp.ts';
import { udp } from './udp.ts';

/** This machine. */
export function realWorld(): World {
  const { os } = environment;
  return {
    clock,
    random,
    udp,
    tcp,
    dns,
    routes: routes(commands, os),
    ping: ping(commands, os),
    neighbours: neighbours(commands, os),
  };
}
