import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAddress, parseTarget, sameSubnet } from './addresses.ts';

describe('a target as people type it', () => {
  it.each([
    ['kitchen', { host: 'kitchen', isAddress: false }],
    [' kitchen.local ', { host: 'kitchen.local', isAddress: false }],
    ['kitchen:3232', { host: 'kitchen', isAddress: false, port: 3232 }],
    ['living room', { host: 'living room', isAddress: false }],
    ['192.168.1.7', { host: '192.168.1.7', isAddress: true }],
    ['192.168.1.7:8266', { host: '192.168.1.7', isAddress: true, port: 8266 }],
    ['fe80::1', { host: 'fe80::1', isAddress: true }],
    ['[fe80::1]:3232', { host: 'fe80::1', isAddress: true, port: 3232 }],
    ['[fe80::1]', { host: 'fe80::1', isAddress: true }],
    ['192.168.1.7:0', { host: '192.168.1.7:0', isAddress: false }],
    ['192.168.1.700', { host: '192.168.1.700', isAddress: false }],
  ])('%s', (typed, target) => {
    expect(parseTarget(typed)).toEqual(target);
  });

  it('is read whatever it is', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (typed) => void parseTarget(typed)));
  });
});

describe('addresses', () => {
  it('are told from names', () => {
    fc.assert(fc.property(fc.ipV4(), (address) => isAddress(address)));
    fc.assert(fc.property(fc.ipV6(), (address) => isAddress(address)));
    for (const other of ['', '1.2.3', '1.2.3.4.5', '256.1.1.1', ':', 'abc', '1:2:3', '1::2::3', '12345::'])
      expect(isAddress(other), other).toBe(false);
  });

  it('share a subnet when their first bits are the same', () => {
    expect(sameSubnet({ address: '10.0.0.2', prefix: 24 }, '10.0.0.255')).toBe(true);
    expect(sameSubnet({ address: '10.0.0.2', prefix: 24 }, '10.0.1.2')).toBe(false);
    expect(sameSubnet({ address: '10.0.0.2', prefix: 0 }, '200.0.1.2')).toBe(true);
    expect(sameSubnet({ address: '10.0.0.2', prefix: 24 }, 'fe80::1')).toBe(false);
  });
});
