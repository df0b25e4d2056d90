import type { Cause } from '../cause.ts';
import { callLost, firewall, neverCalled } from './shared/call-back.ts';

export const hostFirewallLinux: Cause = {
  id: 'host-firewall-linux',
  title: "this computer's firewall turns the board away when it calls back",
  met: 'sometimes',
  stops: ['connect-back'],
  only: { 'host.os': 'linux' },
  evidence: [callLost, firewall],
  together: [neverCalled],
  fix: [
    'Choose a fixed port for the call back: `--host-port 12345` here, `-P 12345` with espota.py, `upload_flags = --host_port=12345` in PlatformIO.',
    'Allow that port from your network, for example `sudo ufw allow from 192.168.0.0/16 to any port 12345 proto tcp`.',
    'Upload again. A rule for UDP 8266 or 3232 does not help: the call back is TCP, to another port.',
  ],
  test: 'Stop the firewall for one upload (`sudo ufw disable`, later `sudo ufw enable`). If that upload works, it is the firewall.',
};
