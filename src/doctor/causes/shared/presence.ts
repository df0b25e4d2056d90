/** Whether the board is on the network at all. */
import type { Evidence } from '../../cause.ts';

/** Nothing at the address answers. */
export const unreachable: Evidence = {
  strongly: { 'net.arp': 'silent' },
  supports: {
    'net.ping': 'silent',
    'invite.reply': 'silence',
    'attempt.tool-text': ['no-answer', 'no-response-from-the-esp'],
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
