import type { Address } from '#machine/index.ts';

/** An IPv4 address as a number; NaN for anything else. */
export function numberOf(address: Address): number {
  const parts = address.split('.');
  if (parts.length !== 4) return Number.NaN;
  return parts.reduce(
    (sum, part) => sum * 256 + (/^\d{1,3}$/.test(part) && Number(part) < 256 ? Number(part) : NaN),
    0,
  );
}

/** Whether two addresses share their first `prefix` bits. */
export function sameSubnet(a: Address, b: Address, prefix: number): boolean {
  const size = 2 ** (32 - prefix);
  return Math.floor(numberOf(a) / size) === Math.floor(numberOf(b) / size);
}

/** The last address of a subnet: everybody in it. */
export function broadcastOf(address: Address, prefix: number): Address {
  const size = 2 ** (32 - prefix);
  const last = Math.floor(numberOf(address) / size) * size + size - 1;
  return [24, 16, 8, 0].map((shift) => Math.floor(last / 2 ** shift) % 256).join('.');
}

export const anyAddress: Address = '0.0.0.0';
export const isLoopback = (address: Address): boolean => address.startsWith('127.');
export const isMulticast = (address: Address): boolean => {
  const first = Number.parseInt(address, 10);
  return first >= 224 && first < 240;
};
