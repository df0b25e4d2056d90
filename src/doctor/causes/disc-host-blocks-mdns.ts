import type { Cause } from '../cause.ts';
import { notHeard } from './shared/listing.ts';

export const discHostBlocksMdns: Cause = {
  id: 'disc-host-blocks-mdns',
  title: 'this computer does not let announcements of boards in',
  met: 'sometimes',
  stops: ['discover'],
  evidence: [
    notHeard,
    {
      strongly: { 'discovery.elsewhere': 'any-host', 'trial.other-host': 'works', 'trial.firewall-off': 'works' },
      supports: {
        'host.firewall.inbound': ['blocked', 'default-deny'],
        'host.network-category': 'public',
        'history.changed': ['firewall-or-antivirus'],
      },
      excludes: {
        'discovery.elsewhere': ['same-access-point-only', 'device-own-network', 'nowhere'],
        'trial.other-host': 'fails',
        'trial.firewall-off': 'fails',
      },
    },
  ],
  fix: [
    'Allow incoming UDP port 5353 (mDNS) on this computer; in Windows set the network to Private.',
    'Or do without the list: upload to the numeric address.',
  ],
  test: 'Look for the board from a phone or another computer. Seen there: this computer blocks it.',
};
