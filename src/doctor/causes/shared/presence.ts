/** Whether the board is on the network at all. */
import type { Evidence, Together } from '../../cause.ts';
import type { Seen } from '../../seen.ts';

/** Nothing at the address answers. */
export const unreachable: Evidence = {
  strongly: { 'net.arp': 'silent' },
  supports: {
    'net.ping': 'silent',
    'invite.reply': 'silence',
  },
  against: { 'net.ping': ['answered', 'lossy'], 'discovery.listed': 'yes', 'discovery.raw-mdns': 'seen' },
  excludes: {
    'net.arp': 'board',
    'invite.reply': ['ok', 'auth', 'error', 'port-unreachable'],
    'connectback.tcp': 'accepted',
  },
};

/** The board itself is not on the network: nobody reaches it, it reaches nobody. */
export const offAir: Evidence = {
  strongly: { 'net.device-online': false, 'net.from-elsewhere': 'unreachable' },
  excludes: { 'net.device-online': true, 'net.from-elsewhere': 'reachable' },
};

/** A board that is there reports a port on which nobody listens (ICMP, RFC 1122 4.1.3.1). WhyOTA hears that; espota.py does not. */
export const listensInSilence = (seen: Seen): boolean =>
  seen.is('invite.reply', 'silence') &&
  seen.is('net.ping', 'answered') &&
  seen.is('net.device-segment', 'same') &&
  seen.is('tool.name', 'whyota');

/** Nobody listens: WhyOTA hears the report of it, for espota.py that is a silence like any other. */
export const closedPort: Evidence = {
  strongly: { 'invite.reply': 'port-unreachable' },
  supports: {
    'invite.reply': (reply, seen) => reply === 'silence' && !seen.is('tool.name', 'whyota'),
    'net.from-elsewhere': 'reachable',
  },
};

export const somebodyListens: Together = {
  grade: 'against',
  of: ['invite.reply', 'net.ping'],
  when: listensInSilence,
  because: 'the board is there and would have said that the port is closed',
};
