import type { Cause } from '../cause.ts';

export const devNewImageCrashes: Cause = {
  id: 'dev-new-image-crashes',
  title: 'the update arrived, and the new sketch crashes when it starts',
  met: 'sometimes',
  stops: ['run', 'restart'],
  evidence: [
    {
      strongly: { 'after.restart': 'cycles', 'serial.eboot': 'copied', 'serial.crash-place': 'user-code' },
      supports: {
        'after.running-build': 'new',
        'serial.reset-reason': ['exception', 'soft-watchdog'],
        'attempt.tool-text': 'success',
        'serial.crash': [
          'null-access',
          'stack',
          'alignment',
          'other',
          'alloc-failed',
          'divide-by-zero',
          'illegal-instruction',
        ],
        'after.restart': 'runs-without-network',
        'transfer.end': 'completed',
        'history.changed': ['sketch-code', 'library'],
      },
      against: { 'after.restart': 'gone', 'serial.reset-reason': ['brownout', 'hardware-watchdog'] },
      excludes: {
        'after.running-build': ['old', 'new-on-other-board'],
        'after.restart': ['none', 'returns'],
        'serial.eboot': ['copy-failed', 'load-failed'],
        'serial.crash': 'none',
        'serial.boot-mode': 1,
        'transfer.end': ['stall', 'reboot', 'closed', 'error-text'],
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['serial.eboot', 'serial.reset-reason', 'serial.crash'],
      when: (seen) =>
        seen.is('serial.eboot', 'copied') &&
        (seen.is('serial.reset-reason', 'exception', 'soft-watchdog') || seen.has('serial.crash')) &&
        !seen.is('serial.crash', 'none'),
      because: 'the new sketch was put in place and then crashed',
    },
  ],
  assumes: () => 'assuming the crash came after the copy, not before',
  fix: [
    'Upload a sketch by cable that is known to work.',
    'Read the serial log of the new one: the crash names the place (decode it with the exception decoder).',
    'Next time keep the first minute free for OTA: a new sketch that crashes later can then be replaced over the air.',
  ],
  test: 'Ping the board: answers that come and go in a rhythm mean that it restarts again and again.',
};
