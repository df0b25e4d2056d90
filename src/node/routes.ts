import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Address, Commands, Environment, Interface, Routes } from '#machine/index.ts';

const readingTakes = 3000;

/** The system's way to an address. The source is what a connected socket gets (no packet is sent); the gateway is what
 *  the system's own tool says. */
export const routes = (commands: Commands, os: Environment['os']): Routes => ({
  interfaces: interfacesNow,
  async to(address) {
    const source = await sourceFor(address);
    if (source === undefined) return undefined;
    const name = interfacesNow().find((one) => one.address === source)?.name;
    const gateway = await gatewayFor(address, commands, os);
    return { source, ...(name !== undefined && { name }), ...(gateway !== undefined && { gateway }) };
  },
});

function interfacesNow(): Interface[] {
  const found: Interface[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces()))
    for (const { address, family, internal, mac, cidr } of addresses ?? [])
      found.push({
        name,
        address: address.split('%')[0]!,
        prefix: Number(cidr?.split('/')[1] ?? (family === 'IPv6' ? 128 : 32)),
        family: family === 'IPv6' ? 6 : 4,
        loopback: internal,
        ...(mac && mac !== '00:00:00:00:00:00' && { mac }),
      });
  return found;
}

function sourceFor(address: Address): Promise<Address | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    const end = (source?: Address): void => {
      socket.close();
      resolve(source);
    };
    socket.once('error', () => end());
    socket.connect(9, address, () => end(socket.address().address.split('%')[0]!));
  });
}

async function gatewayFor(address: Address, commands: Commands, os: Environment['os']): Promise<Address | undefined> {
  const run = (program: string, ...words: string[]) => commands.run(program, words, { timeout: readingTakes });
  if (os === 'linux') return gatewayInIpRoute((await run('ip', 'route', 'get', address))?.out ?? '');
  if (os === 'macos') return gatewayInBsdRoute((await run('route', '-n', 'get', address))?.out ?? '');
  return undefined;
}

/** iproute2 `ip route get`: `8.8.8.8 via 192.168.1.1 dev eth0 src …`; on the link there is no `via`. */
export const gatewayInIpRoute = (out: string): Address | undefined =>
  /\bvia (?:inet6? )?([0-9a-fA-F.:]+)/.exec(out)?.[1];

/** macOS `route -n get`: a line `gateway: 192.168.1.1`; on the link it is an interface (`link#6`) or missing. */
export const gatewayInBsdRoute = (out: string): Address | undefined => /^\s*gateway: ([0-9.]+)\s*$/m.exec(out)?.[1];
