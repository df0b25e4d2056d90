import type { Cause } from '../cause.ts';

export const imgOtaDestroysFilesystem: Cause = {
  id: 'img-ota-destroys-filesystem',
  title: 'the new sketch keeps its files at another place, so the old ones are gone',
  met: 'seldom',
  stops: ['run', 'restart'],
  evidence: [
    {
      strongly: { 'after.filesystem': 'lost', 'running.layout-vs-new': 'differs' },
      supports: {
        'after.running-build': 'new',
        'history.changed': ['flash-menu', 'core-version', 'partition-table', 'board'],
      },
      against: { 'args.command': 'filesystem' },
      excludes: {
        'after.filesystem': 'intact',
        'after.running-build': ['old', 'new-then-old', 'new-on-other-board'],
        'running.layout-vs-new': 'same',
      },
    },
  ],
  fix: [
    'Set Flash Size (or the partition scheme) as it was and upload again: the files may still be there.',
    'Or upload the file system anew.',
    'Before the next change save the settings that the board keeps.',
  ],
  test: 'Compare Flash Size or partition scheme with that of the sketch before.',
};
