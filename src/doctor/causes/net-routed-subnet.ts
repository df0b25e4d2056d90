import type { Cause } from '../cause.ts';
import type { Seen } from '../seen.ts';
import { callLost, neverCalled } from './shared/call-back.ts';

/** A VPN or a second card leads there; that the board is in another network follows from it. */
const otherWays = ['virtual', 'vpn', 'other-lan'] as const;
const leavesElsewhere = (seen: Seen): boolean => seen.is('net.source-address', ...otherWays);

export const netRoutedSubnet: Cause = {
  id: 'net-routed-subnet',
  title: 'board and computer are in different networks, and the router does not let the board call back',
  met: 'sometimes',
  stops: ['connect-back', 'discover'],
  evidence: [
    callLost,
    {
      strongly: {
        'net.device-segment': (segment, seen) => segment === 'routed-subnet' && !leavesElsewhere(seen),
        'discovery.over-time': 'only-with-forwarding',
      },
      supports: {
        'net.arp': 'not-on-link',
        'net.ping': 'answered',
        'connectback.tcp': ['timed-out', 'late'],
        'connectback.syn': 'none',
        'listener.from-peer': 'timed-out',
        'discovery.raw-mdns': 'absent',
        'net.http': 'answers',
        'history.changed': ['router', 'router-setting'],
      },
      against: {
        'history.worked-before': 'a-few-times',
        'host.confinement': ['container', 'wsl', 'vm-nat'],
        'net.source-address': [...otherWays],
        'connectback.syn': 'seen-not-accepted',
        'connectback.peer': 'gateway',
      },
      excludes: {
        'net.device-segment': ['same', 'own-access-point'],
        'net.arp': ['board', 'other-device'],
        'connectback.tcp': ['accepted', 'closed-at-once'],
      },
    },
  ],
  together: [neverCalled],
  fix: [
    "Upload from a computer in the board's own network.",
    "Or allow TCP from the board's network to this computer on one port, and use it: `--host-port 12345` (espota.py: `-P 12345`).",
    'To see the board in the IDE, let the router relay mDNS between the two networks.',
  ],
  test: "Connect this computer to the board's network for one upload.",
};
