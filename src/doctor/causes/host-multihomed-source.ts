import type { Cause } from '../cause.ts';
import { callLost, neverCalled } from './shared/call-back.ts';

export const hostMultihomedSource: Cause = {
  id: 'host-multihomed-source',
  title: 'the invitation leaves through another network (VPN or second card), so the board calls the wrong address',
  met: 'sometimes',
  stops: ['connect-back', 'invite'],
  evidence: [
    callLost,
    {
      strongly: { 'net.source-address': ['other-lan', 'vpn', 'virtual'], 'connectback.syn': 'other-interface' },
      supports: { 'connectback.syn': 'none', 'connectback.peer': 'other', 'trial.firewall-off': 'fails' },
      against: {
        'history.worked-before': 'a-few-times',
        'host.confinement': ['container', 'wsl', 'vm-nat'],
        'connectback.syn': 'seen-not-accepted',
      },
      excludes: { 'net.source-address': 'device-subnet' },
    },
  ],
  together: [neverCalled],
  fix: [
    'Disconnect the VPN, or switch the virtual network card off (VirtualBox, Hyper-V, VMware, Tailscale).',
    'With cable and Wi-Fi at once: leave only the one that the board is on.',
    'Upload again.',
  ],
  test: 'Disconnect the VPN and every second network card for one upload.',
};
