import { type Cause, under } from '../cause.ts';

export const imgMd5Mismatch: Cause = {
  id: 'img-md5-mismatch',
  title: 'the bytes on the board are not the bytes that were sent',
  met: 'sometimes',
  stops: ['verdict', 'transfer'],
  evidence: [
    {
      strongly: { 'device.error': 'md5' },
      supports: {
        'transfer.end': 'completed',
        'image.intact': true,
        'attempt.reproducible': ['sometimes', 'every-time'],
      },
      against: {
        'transfer.end': ['stall', 'reboot', 'closed'],
        'transfer.stopped-at': under(95),
        /* The board says this error. */
        'verdict.reply': 'none',
        'attempt.reproducible': 'first-works-then-fails',
        'trial.right-after-reset': 'works',
        'serial.reset-reason': 'brownout',
        'sketch.lint.update-api-misuse': true,
        'trial.other-supply': 'works',
      },
      excludes: {
        'device.error': [
          'magic',
          'not-enough-space',
          'signature',
          'bootstrap',
          'flash-write',
          'flash-erase',
          'flash-read',
        ],
        'connectback.tcp': 'timed-out',
        'after.running-build': 'new',
        /* The board says OK when the sum is right. */
        'verdict.reply': ['ok', 'ok-with-count'],
      },
    },
  ],
  fix: [
    'Upload again, right after a reset.',
    'If it comes back at random: better supply, shorter cable. If it comes back every time: update the uploader, or suspect the flash chip.',
  ],
  test: 'Upload the same file three times: always, or only now and then?',
};
