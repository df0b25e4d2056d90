import { lookup } from 'node:dns/promises';
import type { Dns } from '#machine/index.ts';

/** Asks the system's resolver, hosts file and all; an unknown name has no addresses. IPv4 first: boards speak it. */
export const dns: Dns = {
  async lookup(name) {
    try {
      const found = await lookup(name, { all: true, order: 'ipv4first' });
      return [...new Set(found.map(({ address }) => address))];
    } catch {
      return [];
    }
  },
};
