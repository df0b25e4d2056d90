import type { Cause } from '../cause.ts';

export const netApQuirk: Cause = {
  id: 'net-ap-quirk',
  title: 'this access point breaks the exchange, though another one does not',
  met: 'seldom',
  stops: ['connect-back', 'transfer', 'invite', 'discover'],
  evidence: [
    {
      strongly: { 'trial.other-network': 'works', 'history.changed': ['access-point', 'router'] },
      supports: {
        'trial.other-host': 'fails',
        'trial.other-board': 'fails',
        'net.signal': 'good',
        'net.device-segment': 'same',
        'history.changed': ['router-setting'],
      },
      against: {
        'net.signal': ['weak', 'swinging'],
        'net.device-segment': ['guest', 'routed-subnet', 'behind-nat'],
        'net.arp': 'silent',
        'trial.closer': 'works',
        'trial.other-board': 'works',
        'trial.other-host': 'works',
      },
      excludes: { 'trial.other-network': 'fails', 'fit.verdict': 'too-big' },
    },
  ],
  fix: [
    'Update the access point, and switch its extra filters off ("airtime fairness", "multicast filter", "IoT protection").',
    'Or do uploads over another access point or a phone hotspot.',
  ],
  test: 'Put computer and board on a phone hotspot and try again.',
};
