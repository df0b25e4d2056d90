import type { Cause } from '../cause.ts';
import { heardNotListed } from './shared/listing.ts';

export const discIpv6Preferred: Cause = {
  id: 'disc-ipv6-preferred',
  title: 'the IDE looks for boards over IPv6, and this one answers over IPv4',
  met: 'seldom',
  stops: ['discover'],
  evidence: [
    heardNotListed,
    {
      strongly: { 'trial.ipv6-off': 'works', 'discovery.answers-over': 'ipv4' },
      supports: { 'host.ipv6-on-lan': true, 'discovery.over-time': 'never' },
      against: { 'discovery.over-time': 'on-and-off' },
      excludes: {
        'trial.ipv6-off': 'fails',
        'host.ipv6-on-lan': false,
        'discovery.answers-over': ['ipv6', 'both'],
        'discovery.name-legal': false,
      },
    },
  ],
  fix: [
    "Switch IPv6 off in the settings of this computer's network card, restart the IDE, and look again.",
    'Or upload to the numeric (IPv4) address.',
  ],
  test: 'Switch IPv6 off on this computer for one try.',
};
