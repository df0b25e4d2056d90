/** A board that is there but not in the list of ports. */
import type { Evidence } from '../../cause.ts';

/** The announcement is on the network, the tool drops it. */
export const heardNotListed: Evidence = {
  strongly: { 'discovery.raw-mdns': 'seen' },
  supports: { 'discovery.listed': 'no', 'trial.other-tool': 'works' },
  excludes: { 'discovery.raw-mdns': 'absent', 'discovery.listed': 'yes' },
};

/** The announcement does not reach this computer. */
export const notHeard: Evidence = {
  strongly: { 'discovery.raw-mdns': 'absent', 'trial.by-address': 'works' },
  supports: { 'discovery.listed': 'no', 'invite.reply': ['ok', 'auth'], 'net.ping': 'answered' },
  against: { 'trial.by-address': 'fails', 'invite.reply': 'silence', 'net.ping': 'silent' },
  excludes: {
    'discovery.raw-mdns': 'seen',
    'discovery.listed': 'yes',
    /* A board that is not there announces nothing. */
    'net.arp': 'silent',
    'after.restart': 'gone',
  },
};
