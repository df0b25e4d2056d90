import type { Cause } from '../cause.ts';
import { callLost, neverCalled } from './shared/call-back.ts';

export const hostNatVmOrContainer: Cause = {
  id: 'host-nat-vm-or-container',
  title: 'the upload runs inside a container, WSL or virtual machine that the board cannot call back',
  met: 'sometimes',
  stops: ['connect-back', 'discover', 'invite'],
  evidence: [
    callLost,
    {
      strongly: {
        'host.confinement': ['container', 'wsl', 'vm-nat'],
        'net.source-address': 'virtual',
        'connectback.peer': 'gateway',
      },
      supports: {
        'discovery.raw-mdns': 'absent',
        'listener.from-peer': ['timed-out', 'refused', 'failed'],
        'net.arp': 'not-on-link',
        'connectback.syn': 'none',
        'connectback.largest-called': 0,
      },
      against: { 'history.worked-before': 'a-few-times' },
      excludes: {
        'host.confinement': ['none', 'vm-bridged', 'snap', 'flatpak'],
        'net.source-address': 'device-subnet',
        'listener.from-peer': 'accepted',
      },
    },
  ],
  together: [
    neverCalled,
    {
      grade: 'supports',
      of: ['host.confinement', 'connectback.tcp'],
      when: (seen) =>
        seen.is('host.confinement', 'container', 'wsl', 'vm-nat') && seen.is('connectback.tcp', 'timed-out'),
      because: 'from there the invitation goes out translated, and no call finds its way back',
    },
  ],
  fix: [
    'Run the upload on the computer itself, outside the container, WSL or virtual machine.',
    'Or put the inside on your network: mirrored networking for WSL, a bridged network for a virtual machine, `--network host` on a Linux Docker host.',
    'Or publish one TCP port and name it: `docker run -p 12345:12345 …` and `--host-port 12345`.',
  ],
  test: 'Run the same upload on the computer itself.',
};
