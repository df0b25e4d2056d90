import type { Cause } from '../cause.ts';
import type { Seen } from '../seen.ts';
import { unreachable } from './shared/presence.ts';

/** That others reach it says something only where this computer does not. */
const silentFromHere = (seen: Seen): boolean => seen.is('net.ping', 'silent') || seen.is('net.arp', 'silent');

export const netClientIsolation: Cause = {
  id: 'net-client-isolation',
  title: 'the router keeps Wi-Fi devices apart (client isolation or guest network)',
  met: 'sometimes',
  stops: ['invite', 'discover'],
  evidence: [
    unreachable,
    {
      strongly: {
        'net.device-online': true,
        'net.from-elsewhere': (place, seen) => place === 'reachable' && silentFromHere(seen),
        'trial.other-network': 'works',
      },
      supports: {
        // A phone on the same Wi-Fi is kept apart as well; a computer on the cable is not.
        'net.from-elsewhere': ['reachable', 'unreachable'],
        'discovery.raw-mdns': 'absent',
        'net.lease': 'present',
        'running.server-link': 'up',
      },
      against: {
        'net.device-online': false,
        'net.arp': 'other-device',
        'net.other-address': ['previous-build', 'dhcp-lease', 'other'],
      },
      excludes: { 'trial.other-network': 'fails', 'net.ping': 'answered' },
    },
  ],
  together: [
    // Most isolation is within one segment, so that any other one is no disappointment.
    {
      grade: 'strongly',
      of: ['net.device-segment'],
      when: (seen) => seen.is('net.device-segment', 'guest'),
      because: 'the board is in a guest network',
    },
  ],
  fix: [
    'In the router, switch "client isolation", "AP isolation" or "guests may not see each other" off.',
    'Or put computer and board on the same network that is not a guest network.',
    'Upload again.',
  ],
  test: 'Put computer and board on a phone hotspot and try again. If that works, the router keeps them apart.',
};
