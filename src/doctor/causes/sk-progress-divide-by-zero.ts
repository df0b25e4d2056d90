import { above, type Cause } from '../cause.ts';

export const skProgressDivideByZero: Cause = {
  id: 'sk-progress-divide-by-zero',
  title: 'the progress callback divides by zero for a very small file, and the board restarts',
  met: 'rarely',
  stops: ['transfer', 'connect-back'],
  evidence: [
    {
      strongly: { 'serial.crash': 'divide-by-zero', 'sketch.lint.progress-div-zero': true },
      supports: { 'serial.crash-place': 'ota-callback', 'transfer.end': 'reboot' },
      excludes: { 'image.size': above(99), 'sketch.lint.progress-div-zero': false, 'fit.verdict': 'too-big' },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['image.size', 'sketch.lint.progress-div-zero', 'transfer.end'],
      when: (seen) =>
        (seen.get('image.size') ?? 100) < 100 &&
        seen.is('sketch.lint.progress-div-zero', true) &&
        seen.is('transfer.end', 'reboot'),
      because: 'a file under 100 bytes makes total/100 zero, and the sketch divides by it',
    },
  ],
  fix: [
    'Write `progress * 100 / total` instead of `progress / (total / 100)`.',
    'Send a real sketch: the file is far too small to be one.',
  ],
  test: 'Look at the size of the file: under 100 bytes is no sketch.',
};
