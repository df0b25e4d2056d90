/** Through which network card does the invitation leave, and is the board on that network? */

import { ipv4, isLoopback, sameSubnet } from '#discovery/index.ts';
import type { Address, Interface } from '#machine/index.ts';
import type { FactValue } from '#values/facts.ts';
import { hostQuestions } from '../questions.ts';
import { found, type HostProbe, unable } from './probe.ts';

export const route: HostProbe = {
  name: 'route-lookup',
  ...hostQuestions['route-lookup'],
  async run({ world, target }) {
    const { address } = target;
    if (isLoopback(address)) return unable('the board is on this computer');
    const way = await world.routes.to(address);
    if (!way) return unable(`this computer has no route to ${address}`);
    const links = world.routes.interfaces();
    const link = links.find((one) => one.address === way.source);
    const leaves = sourceOf({ ...way, target: address, link, links });
    const segment = segmentOf({ target: address, link, onLink: onLink(link, address) });
    return [
      ...(leaves ? [found('net.source-address', leaves)] : []),
      ...(segment ? [found('net.device-segment', ...segment)] : []),
      ...(link ? [found('host.ipv6-on-lan', hasIpv6(links, link.name))] : []),
    ];
  },
};

const onLink = (link: Interface | undefined, address: Address): boolean =>
  link !== undefined && !link.loopback && sameSubnet(link, address);

/** Interfaces of VPN programs, by the names that they give them. */
const vpnNames =
  /^(tun|utun|tap|wg|ppp|tailscale|zt|nordlynx|proton|ipsec|gpd)|wireguard|openvpn|tailscale|zerotier|vpn/i;
/** Networks that exist inside this computer only. */
const virtualNames =
  /^(docker\d|br-[0-9a-f]{12}|veth[0-9a-f]|virbr|vmnet|vboxnet|lxcbr|lxdbr|cni|podman)|^vEthernet \((WSL|Default Switch)/i;

interface Leaving {
  readonly source: Address;
  readonly gateway?: Address;
  readonly name?: string;
  readonly target: Address;
  readonly link: Interface | undefined;
  readonly links: readonly Interface[];
}

export function sourceOf({
  source,
  gateway,
  name,
  target,
  link,
  links,
}: Leaving): FactValue<'net.source-address'> | undefined {
  if (onLink(link, target)) return 'device-subnet';
  const called = name ?? link?.name ?? '';
  if (vpnNames.test(called)) return 'vpn';
  if (virtualNames.test(called) || isInsideNetwork(source, gateway)) return 'virtual';
  if (!isPrivate(source)) return 'public';
  // With one network card alone, the board is simply on another network.
  const lans = links.filter(({ loopback, family, name }) => !loopback && family === 4 && !virtualNames.test(name));
  return isPrivate(target) && lans.length > 1 ? 'other-lan' : undefined;
}

/** Docker's first bridge, and the network that VirtualBox and QEMU make up for a guest. */
const isInsideNetwork = (source: Address, gateway: Address | undefined): boolean =>
  source.startsWith('172.17.') || (source.startsWith('10.0.2.') && (gateway === undefined || gateway === '10.0.2.2'));

interface Lying {
  readonly target: Address;
  readonly link: Interface | undefined;
  readonly onLink: boolean;
}

/** The access point that a board opens itself, on all ESP cores unless the sketch says otherwise. */
const ownAccessPoint = '192.168.4.1';

export function segmentOf({ target, onLink }: Lying): [FactValue<'net.device-segment'>, boolean?] | undefined {
  if (onLink) return target === ownAccessPoint ? ['own-access-point', true] : ['same'];
  if (ipv4(target) === undefined) return undefined;
  if (target === ownAccessPoint) return ['own-access-point', true];
  return isPrivate(target) ? ['routed-subnet'] : ['behind-nat', true];
}

/** Addresses for use inside (RFC 1918), self-assigned ones (RFC 3927) and carriers' (RFC 6598). */
export function isPrivate(address: Address): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number);
  return (
    a === 10 ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128)
  );
}

/** Global and unique local addresses; link-local ones route nowhere. */
const hasIpv6 = (links: readonly Interface[], name: string): boolean =>
  links.some(
    (one) => one.name === name && one.family === 6 && /^([23][0-9a-f]{3}|f[cd][0-9a-f]{2}):/i.test(one.address),
  );
