/** Sightings in, devices out: which services are one board, and what it runs. */
import type { Address } from '#machine/index.ts';
import { fold, type Service, sameName } from '#protocols/mdns/index.ts';
import { isLoopback } from './addresses.ts';
import { type Family, type FirmwareKind, httpPushPort, type Reading, readers } from './firmwares.ts';

/** A board on the network. All texts are fit for a terminal. */
export interface Device {
  readonly name: string;
  /** `kitchen.local` */
  readonly host?: string;
  /** IPv4 first, loopback last. */
  readonly addresses: readonly string[];
  /** Where it takes updates: ArduinoOTA's UDP port. */
  readonly port?: number;
  readonly firmware: FirmwareKind;
  readonly version?: string;
  /** What it says that it was built from: a `build` in a TXT record is a sketch's own doing. */
  readonly build?: string;
  readonly family?: Family;
  readonly chip?: string;
  readonly board?: string;
  /** Twelve lower-case hex digits. */
  readonly mac?: string;
  /** Whether an update needs a password; undefined: not announced. */
  readonly passwordNeeded?: boolean;
  /** Whether WhyOTA can flash it now; `whyNot` says why it can't. */
  readonly flashable: boolean;
  readonly whyNot?: string;
  /** Interfaces of this host on which it was heard. */
  readonly links: readonly string[];
  readonly services: readonly string[];
}

/** Text from the network, without what could move the cursor, turn the writing round or fill the screen. */
export function forTerminal(text: string): string {
  const clean = text.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, '\ufffd');
  const letters = [...clean];
  return letters.length > 80 ? `${letters.slice(0, 79).join('')}…` : clean;
}

/** `own`: the addresses of this host, which announces itself with another one on each of its interfaces. */
export function devicesOf(services: readonly Service[], own: readonly Address[] = []): Device[] {
  const hosts = Map.groupBy(services, ({ host }) => fold(host ?? ''));
  return [...hosts.values()]
    .flatMap((services) => boardsOf(services, own))
    .flatMap(device)
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
}

/** Parts the services of one host name into boards: two boards may bear the same name. */
function boardsOf(services: readonly Service[], own: readonly Address[]): Service[][] {
  let boards: Service[][] = [];
  for (const service of services) {
    const homes = boards.filter(
      (board) =>
        board.some((other) => belongTogether(service, other, own)) &&
        !board.some((other) => areTwoBoards(service, other)),
    );
    boards = [...boards.filter((board) => !homes.includes(board)), [...homes.flat(), service]];
  }
  return boards;
}

/** At one address, or this computer on several links. */
function belongTogether(a: Service, b: Service, own: readonly Address[]): boolean {
  if (a.addresses.some((address) => b.addresses.includes(address))) return true;
  const isHere = ({ addresses }: Service): boolean =>
    addresses.some((address) => isLoopback(address) || own.includes(address));
  return isHere(a) && isHere(b) && !a.links.some((link) => b.links.includes(link));
}

/** Two OTA services at one address are two boards: simulated ones, or ones behind a forwarder. */
const areTwoBoards = (a: Service, b: Service): boolean =>
  a.type === b.type && !(sameName(a.name, b.name) && a.port === b.port);

function device(services: readonly Service[]): Device[] {
  const read = services.flatMap((service) => {
    const reading = readers[service.type]?.(service);
    return reading ? [{ service, reading }] : [];
  });
  // The most telling first: what the board runs is what its own service says, not what its web page is called.
  const order = Object.keys(readers);
  read.sort((a, b) => order.indexOf(a.service.type) - order.indexOf(b.service.type));
  const addresses = [...new Set(services.flatMap((service) => service.addresses))].sort((a, b) => rank(a) - rank(b));
  if (read.length === 0 || addresses.length === 0) return [];
  const of = <K extends keyof Reading>(key: K): Reading[K] | undefined =>
    read.find(({ reading }) => reading[key] !== undefined)?.reading[key];
  const words = (key: 'version' | 'board' | 'chip'): string | undefined => {
    const value = of(key);
    return value ? forTerminal(value) : undefined;
  };
  const arduino = services.find(({ type }) => type === '_arduino._tcp');
  const firmware = read.find(({ reading }) => reading.firmware !== 'ArduinoOTA')?.reading.firmware ?? 'ArduinoOTA';
  const mac = of('mac')
    ?.replace(/[^0-9a-fA-F]/g, '')
    .toLowerCase();
  const whyNot = arduino
    ? arduino.port === httpPushPort
      ? 'it takes updates by HTTP (the ArduinoOTA library of J. Andrassy)'
      : undefined
    : `${firmware} takes updates its own way`;
  const first = read[0]!.service;
  const build = services.find(({ txt }) => txt['build'])?.txt['build'];
  const known: Partial<Device> = withoutUndefined({
    host: first.host && forTerminal(first.host),
    port: arduino?.port,
    version: words('version'),
    build: build && forTerminal(build),
    family: of('family'),
    chip: words('chip'),
    board: words('board'),
    mac: mac?.length === 12 ? mac : undefined,
    passwordNeeded: of('password'),
    whyNot,
  });
  return [
    {
      name: forTerminal(first.name),
      addresses,
      firmware,
      flashable: whyNot === undefined,
      links: [...new Set(services.flatMap(({ links }) => links))].sort(),
      services: [...new Set(services.map(({ type }) => type))].sort(),
      ...known,
    },
  ];
}

const rank = (address: Address): number => (isLoopback(address) ? 2 : address.includes(':') ? 1 : 0);

function withoutUndefined<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
