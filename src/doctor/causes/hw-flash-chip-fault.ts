import type { Cause } from '../cause.ts';

export const hwFlashChipFault: Cause = {
  id: 'hw-flash-chip-fault',
  title: 'the flash chip of this board fails',
  met: 'seldom',
  stops: ['transfer', 'verdict', 'restart'],
  evidence: [
    {
      strongly: { 'device.error': ['flash-write', 'flash-erase', 'flash-read'], 'trial.other-board': 'works' },
      supports: {
        'transfer.stop-pattern': 'same-place',
        'trial.by-wire': 'fails',
        'transfer.end': 'error-text',
        'attempt.reproducible': 'every-time',
      },
      against: {
        'trial.by-wire': 'works',
        'transfer.stop-pattern': 'random',
        'serial.reset-reason': 'brownout',
        'fit.verdict': 'too-big',
        'trial.other-supply': 'works',
      },
      excludes: { 'trial.other-board': 'fails', 'connectback.tcp': 'timed-out' },
    },
  ],
  together: [
    {
      grade: 'strongly',
      of: ['device.error', 'transfer.stop-pattern'],
      when: (seen) =>
        seen.is('device.error', 'flash-write', 'flash-erase', 'flash-read') &&
        seen.is('transfer.stop-pattern', 'same-place'),
      because: 'writing the flash fails at the same place each time',
    },
  ],
  fix: [
    'Replace the module.',
    'Before that try: flash frequency 40 MHz, flash mode DOUT, a newer core (PUYA chips need one), a better supply.',
  ],
  test: 'Write the same file by cable: if that fails at the same place, it is the chip.',
};
