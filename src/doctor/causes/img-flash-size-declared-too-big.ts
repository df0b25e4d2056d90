import { above, type Cause } from '../cause.ts';
import { refusalStages, refused, silentRefusal, wouldHaveSaid } from './shared/space.ts';

export const imgFlashSizeDeclaredTooBig: Cause = {
  id: 'img-flash-size-declared-too-big',
  title: 'the sketch on the board was built for more flash than the chip has',
  met: 'sometimes',
  stops: [...refusalStages],
  only: { 'board.family': 'esp8266' },
  evidence: [
    refused,
    {
      proves: { 'device.error': 'flash-config' },
      strongly: {
        'connectback.largest-called': 0,
        'serial.says': 'flash-size-not-as-built',
      },
      supports: { 'history.worked-before': 'never' },
      against: {
        'connectback.largest-called': above(0),
        'fit.verdict': 'too-big',
        'device.error': ['not-enough-space', 'new-flash-config'],
        'trial.smaller-image': 'works',
      },
    },
  ],
  together: [
    silentRefusal,
    wouldHaveSaid,
    {
      grade: 'proves',
      of: ['running.flash-declared', 'board.flash-real'],
      when: (seen) => (seen.get('running.flash-declared') ?? 0) > (seen.get('board.flash-real') ?? Infinity),
      because: 'the sketch on the board was built for more flash than the chip has',
    },
    {
      grade: 'excludes',
      of: ['running.flash-declared', 'board.flash-real'],
      when: (seen) => (seen.get('running.flash-declared') ?? Infinity) <= (seen.get('board.flash-real') ?? 0),
      because: 'the chip has as much flash as the sketch on the board was built for',
    },
  ],
  fix: [
    'In the Tools menu choose the flash size that the chip really has (ESP-01: 512 KB or 1 MB; ESP-12: 4 MB).',
    'Upload once by cable with that setting, then switch the power off and on.',
    'From then on over the air.',
  ],
  test: 'By cable run `esptool.py flash_id`: it prints the real size.',
};
