import type { Cause } from '../cause.ts';
import { callLost, firewall, neverCalled } from './shared/call-back.ts';

export const hostFirewallWindows: Cause = {
  id: 'host-firewall-windows',
  title: 'the Windows firewall turns the board away when it calls back',
  met: 'often',
  stops: ['connect-back'],
  only: { 'host.os': 'windows' },
  evidence: [
    callLost,
    firewall,
    { strongly: { 'host.network-category': 'public' }, against: { 'host.network-category': ['private', 'domain'] } },
  ],
  together: [neverCalled],
  fix: [
    'In Windows open Settings > Network & internet, choose the network you are on, and set it to Private.',
    'If Windows asks whether Python may communicate on private networks, allow it. If it was denied once: Windows Security > Firewall > Allow an app, tick Python under Private.',
    'Upload again.',
  ],
  test: 'Switch the Windows firewall off for one upload (and on again). If that upload works, it is the firewall.',
};
