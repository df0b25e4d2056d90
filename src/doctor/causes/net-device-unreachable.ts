import type { Cause } from '../cause.ts';
import { offAir, unreachable } from './shared/presence.ts';

export const netDeviceUnreachable: Cause = {
  id: 'net-device-unreachable',
  title: 'no board is at that address: it is off, elsewhere, or has another address now',
  met: 'often',
  stops: ['invite', 'discover'],
  evidence: [
    unreachable,
    offAir,
    {
      strongly: { 'net.arp': ['silent', 'other-device'], 'discovery.listed': 'stale' },
      supports: {
        'net.other-address': ['dhcp-lease', 'other'],
        'net.lease': ['absent', 'other-address'],
        'discovery.raw-mdns': 'absent',
        'history.changed': ['address', 'router', 'place', 'access-point'],
      },
      against: {
        'net.other-address': 'previous-build',
        'net.ping': ['answered', 'lossy', 'awake-windows'],
        'net.device-segment': 'guest',
        'trial.other-network': 'works',
      },
    },
  ],
  fix: (seen) => [
    ...(seen.is('net.other-address', 'dhcp-lease', 'other')
      ? ['The board answers at another address: upload to that one.']
      : []),
    "Check that the board has power, and read its present address from your router's list of devices or from the serial monitor.",
    'Upload to that address.',
    'So that it stays: let the router give the board a fixed address (DHCP reservation).',
  ],
  test: 'Ping the address. No answer, and another address in the router list: that is it.',
};
