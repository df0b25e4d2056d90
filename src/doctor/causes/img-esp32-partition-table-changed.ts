import type { Cause } from '../cause.ts';

export const imgEsp32PartitionTableChanged: Cause = {
  id: 'img-esp32-partition-table-changed',
  title: 'the new build has another partition table, which does not travel over the air',
  met: 'sometimes',
  stops: ['connect-back', 'transfer', 'restart', 'run', 'verdict'],
  only: { 'board.family': 'esp32' },
  evidence: [
    {
      strongly: {
        'running.layout-vs-new': 'differs',
        'history.changed': ['partition-table'],
        'trial.by-wire': 'works',
      },
      supports: {
        'fit.verdict': 'too-big',
        'device.error': ['not-enough-space', 'no-partition'],
        'history.changed': ['board', 'flash-menu'],
        'serial.first-error': 'begin',
        'invite.again-after-ok': 'at-once',
        'history.worked-before': 'until-a-change',
      },
      against: { 'history.changed': ['core-version'] },
      excludes: { 'running.layout-vs-new': 'same' },
    },
  ],
  fix: ['Upload once by cable: boot loader and partition table go with it.', 'From then on over the air.'],
  test: 'Compare Tools > Partition Scheme (or the .csv) with that of the last upload by cable.',
};
