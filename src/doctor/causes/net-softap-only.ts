import type { Cause } from '../cause.ts';
import { unreachable } from './shared/presence.ts';

export const netSoftapOnly: Cause = {
  id: 'net-softap-only',
  title: 'the board is on its own access point, not on your network',
  met: 'sometimes',
  stops: ['invite', 'discover'],
  evidence: [
    // From the network that it is not on, it looks like a board that is off.
    unreachable,
    {
      strongly: { 'running.wifi-mode': 'ap', 'net.device-segment': 'own-access-point' },
      supports: {
        'net.arp': 'not-on-link',
        'discovery.raw-mdns': 'absent',
        'sketch.lint.ap-or-apsta': true,
        'net.lease': 'absent',
        'serial.last-sign': 'config-portal',
        'discovery.elsewhere': 'device-own-network',
      },
      against: { 'net.lease': 'present', 'running.wifi-mode': 'ap-and-station', 'net.device-online': true },
      excludes: {
        'running.wifi-mode': 'station',
        'net.arp': 'board',
        /* The segment is that of the address; a board that left it behind may have had it before. */
        'net.device-segment': (segment, seen) =>
          segment !== 'own-access-point' && seen.is('net.ping', 'answered', 'lossy', 'awake-windows'),
      },
    },
  ],
  fix: [
    "Connect this computer to the board's own Wi-Fi and upload to 192.168.4.1.",
    'Or let the sketch join your network (WIFI_STA) and upload by cable once.',
  ],
  test: "Look for the board's own Wi-Fi name, connect to it, and ping 192.168.4.1.",
};
