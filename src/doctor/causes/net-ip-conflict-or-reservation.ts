import type { Cause } from '../cause.ts';

export const netIpConflictOrReservation: Cause = {
  id: 'net-ip-conflict-or-reservation',
  title: 'the address of the board belongs to something else as well',
  met: 'seldom',
  stops: ['invite', 'connect-back', 'discover', 'transfer', 'verdict'],
  evidence: [
    {
      proves: { 'net.arp': 'two-macs' },
      strongly: { 'net.lease': ['other-address', 'reserved-for-other'] },
      supports: {
        'invite.reply': ['silence', 'port-unreachable'],
        'attempt.reproducible': 'sometimes',
        'net.ping': 'lossy',
        'net.arp': 'other-device',
      },
      against: { 'net.arp': 'silent' },
    },
  ],
  fix: [
    'Choose an address that the router neither gives out nor keeps for another device, or let the router choose.',
    'Upload once by cable with that address.',
  ],
  test: 'Switch the board off and ping its address. If something still answers, the address is taken.',
};
