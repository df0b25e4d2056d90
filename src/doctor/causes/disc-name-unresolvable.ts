import type { Cause } from '../cause.ts';

export const discNameUnresolvable: Cause = {
  id: 'disc-name-unresolvable',
  title: 'this computer cannot turn the name of the board into an address',
  met: 'often',
  stops: ['discover', 'invite', 'prepare'],
  evidence: [
    {
      proves: { 'discovery.name-resolves': 'no', 'invite.sent': 'name-not-found' },
      strongly: { 'trial.by-address': 'works', 'attempt.tool-text': 'host-not-found' },
      supports: { 'args.target': ['dot-local', 'bare-name', 'domain-name'], 'attempt.tool-text': 'traceback' },
      excludes: {
        'args.target': ['ipv4', 'ipv6', 'serial-device'],
        'discovery.name-resolves': ['yes', 'several', 'other-board'],
        'trial.by-address': 'fails',
        'invite.reply': ['ok', 'auth', 'error'],
      },
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
