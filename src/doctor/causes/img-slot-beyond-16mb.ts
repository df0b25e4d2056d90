import { above, type Cause } from '../cause.ts';
import { slipped } from './shared/restart.ts';

export const imgSlotBeyond16mb: Cause = {
  id: 'img-slot-beyond-16mb',
  title: 'the second place for sketches lies above 16 MB, from where the chip cannot start',
  met: 'rarely',
  stops: ['restart', 'run'],
  only: { 'board.family': 'esp32' },
  evidence: [
    slipped,
    {
      strongly: { 'build.second-slot-end': above(16777216) },
      supports: { 'after.running-build': 'old' },
      excludes: { 'build.second-slot-end': (end) => end <= 16777216 },
    },
  ],
  fix: [
    'In the partition table keep both sketches below 16 MB (0x1000000) and put files above.',
    'Upload once by cable.',
  ],
  test: 'Add offset and size of the second app partition: more than 0x1000000 is this.',
};
