import type { Cause } from '../cause.ts';

export const discIdeStalePort: Cause = {
  id: 'disc-ide-stale-port',
  title: 'the IDE still shows a board at an address that it has left',
  met: 'sometimes',
  stops: ['discover', 'invite'],
  evidence: [
    {
      strongly: {
        'discovery.listed': 'stale',
        'trial.tool-restarted': 'works',
        'discovery.over-time': 'after-tool-restart',
      },
      supports: {
        'net.other-address': ['dhcp-lease', 'other'],
        'net.arp': ['silent', 'other-device'],
        'trial.by-address': 'works',
      },
      against: { 'args.target': [] },
      excludes: { 'trial.tool-restarted': 'fails', 'discovery.listed': 'no', 'net.other-address': 'none' },
    },
  ],
  fix: ['Close the IDE, start it again, and choose the port anew.', 'Or upload to the address that the board has now.'],
  test: 'Restart the IDE and look whether the address in the list changes.',
};
