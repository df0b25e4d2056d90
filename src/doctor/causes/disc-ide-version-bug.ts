import type { Cause } from '../cause.ts';
import { heardNotListed } from './shared/listing.ts';

export const discIdeVersionBug: Cause = {
  id: 'disc-ide-version-bug',
  title: 'this release of the IDE does not list network ports as it should',
  met: 'seldom',
  stops: ['discover'],
  only: { 'tool.name': ['arduino-ide-1', 'arduino-ide', 'other'] },
  evidence: [
    heardNotListed,
    {
      strongly: {
        'history.changed': ['ide-version'],
        'trial.other-tool': 'works',
        'tool.version': ['1.6.5', '1.6.6', '1.8.5'],
      },
      supports: { 'tool.name': 'arduino-ide-1', 'discovery.name-legal': true },
      excludes: { 'discovery.name-legal': false, 'trial.other-tool': 'fails' },
    },
  ],
  fix: ['Install another release of the IDE (newer than 1.8.5).', 'Or upload to the numeric address.'],
  test: 'Look for the board with another release of the IDE on the same computer.',
};
