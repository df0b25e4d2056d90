import type { Cause } from '../cause.ts';
import { offAir, unreachable } from './shared/presence.ts';

export const skWifiNeverStarted: Cause = {
  id: 'sk-wifi-never-started',
  title: 'the sketch does not get onto Wi-Fi',
  met: 'sometimes',
  stops: ['invite', 'discover', 'restart', 'run'],
  evidence: [
    unreachable,
    offAir,
    {
      strongly: {
        // It may join later: that is another mistake.
        'sketch.joins-wifi': (joins, seen) => !joins && !seen.is('sketch.lint.begin-before-wifi', true),
        'serial.last-sign': 'wifi-wait',
        'net.lease': 'absent',
        'after.restart': 'runs-without-network',
      },
      supports: { 'net.arp': 'silent', 'serial.last-sign': 'nothing', 'sketch.lint.wifi-wait-forever': true },
      against: { 'net.other-address': ['previous-build', 'dhcp-lease', 'other'], 'history.changed': ['address'] },
      excludes: {
        'net.lease': ['present', 'other-address'],
        'net.ping': ['answered', 'lossy'],
        'serial.last-sign': ['ip-printed', 'ready', 'server-connect', 'config-portal'],
        'running.server-link': 'up',
        'net.arp': 'board',
      },
    },
  ],
  fix: [
    'Check network name and password in the sketch, letter by letter: capitals count, and the network must be 2.4 GHz.',
    'Let the sketch print WiFi.localIP() and read it in the serial monitor.',
    'Upload the corrected sketch by cable.',
  ],
  test: "Look for the board in the router's list of devices: not there means not on Wi-Fi.",
};
