/** IPv4 and IPv6 addresses as text, and what people type as a target. */
import type { Address, Interface } from '#machine/index.ts';

/** The four bytes as a number; undefined when it is no IPv4 address. */
export function ipv4(address: string): number | undefined {
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address)?.slice(1).map(Number);
  if (!parts?.every((part) => part <= 255)) return undefined;
  return parts.reduce((whole, part) => whole * 256 + part, 0);
}

/** Whether it has the form of an IPv6 address (a scope behind `%` allowed). */
export function isIpv6(address: string): boolean {
  const [plain = ''] = address.split('%');
  const halves = plain.split('::');
  if (halves.length > 2 || !/^[0-9a-fA-F:.]+$/.test(plain)) return false;
  const groups = halves.flatMap((half) => (half ? half.split(':') : []));
  const tail = groups.at(-1);
  const dotted = tail !== undefined && ipv4(tail) !== undefined;
  const hex = dotted ? groups.slice(0, -1) : groups;
  const count = hex.length + (dotted ? 2 : 0);
  return hex.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

export const isAddress = (text: string): boolean => ipv4(text) !== undefined || isIpv6(text);

export const isLoopback = (address: Address): boolean => address.startsWith('127.') || address === '::1';

/** Whether the address lies in the IPv4 subnet of the interface. */
export function sameSubnet({ address, prefix }: Pick<Interface, 'address' | 'prefix'>, other: string): boolean {
  const [a, b] = [ipv4(address), ipv4(other)];
  const size = 2 ** (32 - prefix);
  return a !== undefined && b !== undefined && Math.floor(a / size) === Math.floor(b / size);
}

/** What `--to` says: `kitchen`, `kitchen.local`, `192.168.1.7`, `192.168.1.7:8266`, `[fe80::1]:3232`. */
export interface Target {
  readonly host: string;
  readonly isAddress: boolean;
  readonly port?: number;
}

export function parseTarget(text: string): Target {
  const trimmed = text.trim();
  if (isAddress(trimmed)) return { host: trimmed, isAddress: true };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|(.*?))(?::(\d{1,5}))?$/s.exec(trimmed) ?? [];
  const port = Number(digits);
  const host = bracketed ?? plain ?? '';
  if (digits === undefined) return { host, isAddress: isAddress(host) };
  if (port < 1 || port > 65535) return { host: trimmed, isAddress: false };
  return { host, isAddress: isAddress(host), port };
}
