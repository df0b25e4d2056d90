/** Where a target leads: a typed address, a board's mDNS name, a host name, or what is remembered. */
import type { Address, Endpoint, World } from '#machine/index.ts';
import { type Millis, millis, type Result, seconds } from '#values/index.ts';
import { isAddress, parseTarget, sameSubnet, type Target } from './addresses.ts';
import type { Device } from './devices.ts';
import { type Family, otaPorts, serviceTypes } from './firmwares.ts';
import { type BrowseTrouble, type BrowseWorld, openBrowser } from './links.ts';
import { baseName, isNamed } from './names.ts';
import { interrupted, nameUnresolvable, notArduinoOta, sharedName, unreadableTarget } from './problems.ts';

export type ResolveWorld = BrowseWorld & Pick<World, 'dns' | 'neighbours'>;

export interface ResolvedEndpoint extends Endpoint {
  readonly via: 'address' | 'mdns' | 'dns' | 'memory';
  /** The port is a family's usual one: nobody said it. */
  readonly guessed: boolean;
}

export interface Resolved {
  readonly name: string;
  /** Best first; never empty. */
  readonly endpoints: readonly ResolvedEndpoint[];
  /** Where the board announced itself. */
  readonly device?: Device;
}

export interface ResolveOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long mDNS may take before the name counts as unknown. */
  readonly time?: Millis | undefined;
  /** Narrows the usual ports down, where the family is known. */
  readonly family?: Family | undefined;
  /** Where this name led before: used when nothing else knows it. */
  readonly remembered?: readonly Endpoint[] | undefined;
}

const patience = seconds(4);
/** Once anything knows the name, mDNS gets this long to know an OTA service of that name: two rounds of questions. */
const patienceForMore = millis(1500);
/** Another board of that name, or another address, answers within this. */
const settling = millis(150);

export async function resolve(
  world: ResolveWorld,
  typed: string,
  options: ResolveOptions = {},
): Promise<Result<Resolved>> {
  const target = parseTarget(typed);
  if (!target.isAddress && !isName(target.host)) return { ok: false, problem: unreadableTarget(typed) };
  if (target.isAddress)
    return {
      ok: true,
      value: { name: target.host, endpoints: places([target.host], 'address', target.port, options) },
    };
  return resolveName(world, target, options);
}

/** What a board at this address announces; undefined when nothing does within `time`. */
export async function identifyAddress(
  world: BrowseWorld,
  address: Address,
  { time = seconds(1), signal }: { readonly time?: Millis; readonly signal?: AbortSignal | undefined } = {},
): Promise<Device | undefined> {
  const isIt = (device: Device): boolean => device.addresses.includes(address);
  const { devices } = await lookAround(world, {
    time,
    signal,
    enough: (all) => all.some((one) => isIt(one) && one.flashable),
  });
  const all = devices.filter(isIt);
  return all.find(({ flashable }) => flashable) ?? all[0];
}

async function resolveName(world: ResolveWorld, target: Target, options: ResolveOptions): Promise<Result<Resolved>> {
  const base = baseName(target.host);
  const { signal, time = patience } = options;
  let fromDns: readonly Address[] = [];
  const asked = world.dns.lookup(target.host).then(
    (addresses) => {
      fromDns = addresses.filter(isAddress);
    },
    () => {},
  );
  const seen = await lookAround(world, {
    time,
    signal,
    host: `${base}.local`,
    enough: (devices) => devices.some((device) => device.flashable && isNamed(device, base)),
    settledFor: ({ devices, hosts }, waited) => {
      // `kitchen.lan` is a matter for DNS alone; other names may be known to both, and mDNS knows the port too.
      if (fromDns.length > 0 && base.includes('.')) return true;
      if (waited < patienceForMore) return false;
      return fromDns.length > 0 || hosts.length > 0 || devices().some((device) => isNamed(device, base));
    },
  });
  if (signal?.aborted) return { ok: false, problem: interrupted };

  const named = seen.devices.filter((device) => isNamed(device, base));
  if (named.length > 0) return fromDevices(base, named, target, world, options);
  if (seen.hosts.length === 0 && fromDns.length === 0) await lastWord(asked, world);
  const { remembered = [] } = options;
  const endpoints = [
    ...places(onLinkFirst(seen.hosts, world), 'mdns', target.port, options),
    ...places(without(fromDns, seen.hosts), 'dns', target.port, options),
  ];
  if (endpoints.length === 0)
    for (const { address, port } of remembered)
      endpoints.push({ address, port: target.port ?? port, via: 'memory', guessed: false });
  if (endpoints.length > 0) return { ok: true, value: { name: base, endpoints } };
  return { ok: false, problem: nameUnresolvable(target.host, seen.devices, seen.troubles) };
}

async function fromDevices(
  base: string,
  named: readonly Device[],
  target: Target,
  world: ResolveWorld,
  options: ResolveOptions,
): Promise<Result<Resolved>> {
  const device = named.find(({ flashable }) => flashable) ?? named[0]!;
  const alike = named.filter(({ flashable }) => flashable === device.flashable);
  const twins = await twinsOf(alike, world);
  if (twins) return { ok: false, problem: sharedName(device.name, twins) };
  // WLED can run ArduinoOTA without announcing it; the others never do.
  if (!device.flashable && target.port === undefined && device.firmware !== 'WLED')
    return { ok: false, problem: notArduinoOta(device) };
  const family = device.family ?? options.family;
  const addresses = alike.filter(({ port }) => port === device.port).flatMap((one) => one.addresses);
  const endpoints = places(onLinkFirst(addresses, world), 'mdns', target.port ?? device.port, { family });
  return { ok: true, value: { name: base, device, endpoints } };
}

/** DNS may be slower than mDNS; it gets one second more. */
async function lastWord(asked: Promise<void>, { clock }: Pick<World, 'clock'>): Promise<void> {
  const answered = new AbortController();
  void asked.then(() => answered.abort());
  await clock.sleep(seconds(1), 'DNS', answered.signal);
}

const without = (addresses: readonly Address[], others: readonly Address[]): readonly Address[] =>
  addresses.filter((address) => !others.includes(address));

interface LookOptions {
  readonly time: Millis;
  readonly signal?: AbortSignal | undefined;
  readonly host?: string;
  /** Ends the search, after a moment for more of the same. */
  readonly enough: (devices: readonly Device[]) => boolean;
  /** Whether to settle for less, after so long. */
  readonly settledFor?: (
    found: { readonly devices: () => readonly Device[]; readonly hosts: readonly Address[] },
    waited: Millis,
  ) => boolean;
}

/** Browses until there is enough, the time is up or the signal is aborted. */
async function lookAround(
  world: BrowseWorld,
  { time, signal, host, enough, settledFor }: LookOptions,
): Promise<{
  readonly devices: readonly Device[];
  readonly hosts: readonly Address[];
  readonly troubles: readonly BrowseTrouble[];
}> {
  const { clock } = world;
  const hosts: Address[] = [];
  const troubles: BrowseTrouble[] = [];
  const start = clock.now();
  let enoughAt: Millis | undefined;
  let news = false;
  const browser = await openBrowser(
    world,
    { services: serviceTypes, hosts: host ? [host] : [] },
    {
      tell(event) {
        if (event.kind === 'host' && !hosts.includes(event.address)) hosts.push(event.address);
        if (event.kind === 'seen') news = true;
      },
      trouble: (trouble) => troubles.push(trouble),
    },
  );
  const waited = (): Millis => millis(clock.now() - start);
  while (!signal?.aborted && waited() < time && !settledFor?.({ devices: browser.devices, hosts }, waited())) {
    await clock.sleep(millis(25), 'a board to answer', signal);
    if (news && enoughAt === undefined && enough(browser.devices())) enoughAt = clock.now();
    news = false;
    if (enoughAt !== undefined && clock.now() - enoughAt >= settling) break;
  }
  browser.close();
  return { devices: browser.devices(), hosts, troubles };
}

/** Boards of one name whose hardware addresses differ; undefined while they may be one board with several addresses. */
async function twinsOf(
  named: readonly Device[],
  world: Pick<World, 'neighbours'>,
): Promise<readonly { address: Address; mac: string }[] | undefined> {
  if (named.length < 2) return undefined;
  const table = await world.neighbours.table().catch(() => undefined);
  const found = new Map<string, Address>();
  for (const { addresses, mac } of named)
    for (const address of addresses) {
      const known = mac ?? table?.find((one) => one.address === address)?.mac;
      if (known && !found.has(known)) found.set(known, address);
    }
  return found.size < 2 ? undefined : [...found].map(([mac, address]) => ({ address, mac }));
}

function places(
  addresses: readonly Address[],
  via: ResolvedEndpoint['via'],
  port: number | undefined,
  { family }: Pick<ResolveOptions, 'family'>,
): ResolvedEndpoint[] {
  const ports = port !== undefined ? [port] : family ? [otaPorts[family]] : Object.values(otaPorts);
  return addresses.flatMap((address) =>
    ports.map((candidate) => ({ address, port: candidate, via, guessed: port === undefined })),
  );
}

/** Addresses that this host reaches without a router come first, and IPv4 before IPv6: the cores listen on IPv4. */
function onLinkFirst(addresses: readonly Address[], { routes }: Pick<World, 'routes'>): Address[] {
  const links = routes.interfaces();
  const rank = (address: Address): number =>
    links.some((link) => sameSubnet(link, address)) ? 0 : address.includes(':') ? 2 : 1;
  return [...new Set(addresses)].sort((a, b) => rank(a) - rank(b));
}

/** Anything printable may be an instance's name. */
const isName = (host: string): boolean =>
  host.length > 0 && host.length <= 253 && !/[\u0000-\u001f\u007f]/.test(host) && !/:\d+$/.test(host);
