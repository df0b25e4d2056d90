import type { Cause } from '../cause.ts';
import { heardNotListed } from './shared/listing.ts';

export const discIde2Intermittent: Cause = {
  id: 'disc-ide2-intermittent',
  title: 'the search for boards in Arduino IDE 2 finds this one only now and then',
  met: 'sometimes',
  stops: ['discover'],
  only: { 'tool.name': ['arduino-ide-2', 'arduino-cli', 'arduino-ide', 'other'] },
  evidence: [
    heardNotListed,
    {
      strongly: { 'discovery.over-time': 'on-and-off', 'trial.ipv6-off': 'fails' },
      supports: {
        'tool.name': ['arduino-ide-2', 'arduino-cli'],
        'discovery.name-legal': true,
        'trial.by-address': 'works',
      },
      against: { 'discovery.over-time': 'never' },
      excludes: { 'discovery.name-legal': false, 'trial.ipv6-off': 'works' },
    },
  ],
  fix: [
    'Update the IDE, and switch network cards off that you do not use (virtual ones too).',
    'Or upload to the numeric address with `whyota flash`.',
  ],
  test: 'Look for the board with `whyota find`. Seen there but not in the IDE: it is the IDE.',
};
