import type { Cause } from '../cause.ts';
import { callLost, neverCalled } from './shared/call-back.ts';

export const netNatBetween: Cause = {
  id: 'net-nat-between',
  title: 'a router that translates addresses stands between, so the board calls the router instead of this computer',
  met: 'seldom',
  stops: ['connect-back', 'invite'],
  evidence: [
    callLost,
    {
      strongly: { 'net.device-segment': 'behind-nat', 'connectback.peer': 'gateway', 'net.source-address': 'public' },
      // From this side a router that translates looks like any other.
      supports: {
        'net.arp': 'not-on-link',
        'net.device-segment': 'routed-subnet',
        'net.ping': 'answered',
        'discovery.raw-mdns': 'absent',
      },
      against: {
        'history.worked-before': 'a-few-times',
        'host.confinement': ['container', 'wsl', 'vm-nat'],
      },
      excludes: {
        'net.device-segment': ['same', 'guest', 'own-access-point'],
        'connectback.peer': 'device',
        'net.arp': 'board',
      },
    },
  ],
  together: [neverCalled],
  fix: [
    'Do the upload from inside the network that the board is in.',
    'From outside use a VPN that does not translate addresses, or let the board fetch its update by HTTP.',
  ],
  test: 'Connect this computer behind the same router as the board for one upload.',
};
