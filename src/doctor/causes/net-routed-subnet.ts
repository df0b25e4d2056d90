import type { Cause } from '../cause.ts';
import { callLost, neverCalled } from './shared/call-back.ts';

export const netRoutedSubnet: Cause = {
  id: 'net-routed-subnet',
  title: 'board and computer are in different networks, and the router does not let the board call back',
  met: 'sometimes',
  stops: ['connect-back', 'discover'],
  evidence: [
    callLost,
    {
      strongly: {
        'net.device-segment': 'routed-subnet',
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
        'net.source-address': ['virtual', 'vpn', 'other-lan'],
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
