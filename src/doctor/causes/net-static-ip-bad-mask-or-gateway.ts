import type { Cause } from '../cause.ts';
import { ofThisSketch } from './shared/loop.ts';

export const netStaticIpBadMaskOrGateway: Cause = {
  id: 'net-static-ip-bad-mask-or-gateway',
  title: 'the fixed address in the sketch has a wrong mask or gateway, so answers go astray',
  met: 'seldom',
  stops: ['invite', 'connect-back', 'discover'],
  evidence: [
    {
      strongly: { 'sketch.lint.wifi-config-args': true },
      supports: {
        'net.arp': 'board',
        'net.ping': ['lossy', 'silent'],
        'net.device-online': false,
        'invite.reply': 'silence',
      },
      against: { 'build.address': 'dhcp' },
      excludes: { 'sketch.lint.wifi-config-args': false },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['sketch.lint.wifi-config-args', 'invite.reply', 'connectback.tcp'],
      when: (seen) =>
        seen.is('sketch.lint.wifi-config-args', true) &&
        (seen.is('invite.reply', 'silence') || seen.is('connectback.tcp', 'timed-out')),
      because: 'the addresses in WiFi.config() do not go together, and answers of the board get lost',
    },
    {
      grade: 'strongly',
      of: ['net.arp', 'net.ping'],
      when: (seen) => seen.is('net.arp', 'board') && seen.is('net.ping', 'silent'),
      because: 'the board is on the link but its answers to ping do not arrive',
    },
  ],
  assumes: ofThisSketch,
  fix: [
    'Take WiFi.config() out of the sketch and try with an address from the router.',
    'To keep a fixed address, use this order: WiFi.config(address, gateway, mask, dns), with mask 255.255.255.0 in most homes.',
    'Upload once by cable, then over the air.',
  ],
  test: 'Comment WiFi.config() out, upload by cable, and try over the air.',
};
