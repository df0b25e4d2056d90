import type { Cause } from '../cause.ts';

export const discNameUnresolvable: Cause = {
  id: 'disc-name-unresolvable',
  title: 'this computer cannot turn the name of the board into an address',
  met: 'often',
  stops: ['discover', 'invite', 'prepare'],
  evidence: [
    {
      strongly: {
        'trial.by-address': 'works',
        'attempt.tool-text': 'host-not-found',
        'discovery.name-resolves': 'no',
        'invite.sent': 'name-not-found',
      },
      supports: { 'args.target': ['dot-local', 'bare-name', 'domain-name'], 'attempt.tool-text': 'traceback' },
      excludes: {
        'args.target': ['ipv4', 'ipv6', 'serial-device'],
        'discovery.name-resolves': ['yes', 'several', 'other-board'],
        'trial.by-address': 'fails',
        'invite.reply': ['ok', 'auth', 'error'],
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['discovery.name-resolves', 'trial.by-address'],
      when: (seen) => seen.is('discovery.name-resolves', 'no') && seen.is('trial.by-address', 'works'),
      because: 'the name leads nowhere, and the numeric address works',
    },
  ],
  assumes: (seen) =>
    seen.is('net.arp', 'silent') || seen.is('net.ping', 'silent')
      ? 'assuming the board is on the network at all'
      : undefined,
  fix: [
    "Upload to the numeric address; your router's list of devices shows it.",
    'To use names, install an mDNS resolver: Bonjour on older Windows, avahi and libnss-mdns on Linux.',
  ],
  test: 'Upload once to the numeric address.',
};
