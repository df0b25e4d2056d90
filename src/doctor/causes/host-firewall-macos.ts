import type { Cause } from '../cause.ts';
import { callLost, firewall, neverCalled } from './shared/call-back.ts';

export const hostFirewallMacos: Cause = {
  id: 'host-firewall-macos',
  title: 'the macOS firewall turns the board away when it calls back',
  met: 'sometimes',
  stops: ['connect-back'],
  only: { 'host.os': 'macos' },
  evidence: [callLost, firewall],
  together: [neverCalled],
  fix: [
    'Open System Settings > Network > Firewall > Options.',
    'Set the Python that your IDE uses to "Allow incoming connections"; it may be listed once for each Python version.',
    'Upload again.',
  ],
  test: 'Switch the firewall off for one upload. If that upload works, it is the firewall.',
};
