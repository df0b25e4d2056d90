import type { Cause } from '../cause.ts';
import {
  arithmetic8266,
  assumed,
  noSketch,
  refusalStages,
  silentRefusal,
  tooBig,
  wouldHaveSaid,
} from './shared/space.ts';

export const img512kChip: Cause = {
  id: 'img-512k-chip',
  title: 'the flash chip has only 512 KB: two copies of a Wi-Fi sketch do not fit',
  met: 'seldom',
  stops: [...refusalStages],
  only: { 'board.family': 'esp8266', 'board.flash-real': 524288 },
  evidence: [
    tooBig,
    {
      strongly: {
        'board.flash-real': 524288,
        'fit.verdict': 'too-big',
        'running.flash-declared': 524288,
        'image.flash-declared': 524288,
      },
    },
  ],
  together: [
    silentRefusal,
    noSketch,
    wouldHaveSaid,
    {
      grade: 'proves',
      of: ['fit.verdict', 'board.flash-real'],
      when: (seen) => seen.is('fit.verdict', 'too-big') && seen.is('board.flash-real', 524288),
      because: 'the sum does not work out, and the flash chip has 512 KB',
    },
  ],
  assumes: assumed,
  arithmetic: arithmetic8266,
  fix: [
    'Update this board by cable: 512 KB hold a sketch of about 240 KB twice at most.',
    'Or replace the module by one with 1 MB or more (black ESP-01, ESP-01S, ESP-12).',
    'Or make the sketch smaller.',
  ],
  test: 'Ask the board for its flash size: ESP.getFlashChipRealSize() in a sketch, or `esptool.py flash_id` by cable.',
};
