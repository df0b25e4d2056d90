import { above, type Cause } from '../cause.ts';

export const imgNewImageFlashSizeTooBig: Cause = {
  id: 'img-new-image-flash-size-too-big',
  title: 'the new file was built for more flash than the chip has',
  met: 'seldom',
  stops: ['verdict', 'transfer'],
  only: { 'board.family': 'esp8266' },
  evidence: [
    {
      proves: { 'device.error': 'new-flash-config' },
      supports: { 'transfer.stopped-at': above(99), 'transfer.end': 'completed', 'serial.first-error': 'end' },
      /* The board says this error. */
      against: { 'verdict.reply': 'none' },
      excludes: {
        'connectback.tcp': 'timed-out',
        'after.running-build': 'new',
        'device.error': ['not-enough-space', 'flash-config', 'magic', 'md5'],
      },
    },
  ],
  together: [
    {
      grade: 'strongly',
      of: ['image.flash-declared', 'board.flash-real'],
      when: (seen) => (seen.get('image.flash-declared') ?? 0) > (seen.get('board.flash-real') ?? Infinity),
      because: 'the file declares more flash than the chip has',
    },
    {
      grade: 'excludes',
      of: ['image.flash-declared', 'board.flash-real'],
      when: (seen) => (seen.get('image.flash-declared') ?? Infinity) <= (seen.get('board.flash-real') ?? 0),
      because: 'the file declares no more flash than the chip has',
    },
  ],
  fix: [
    'In the Tools menu choose the flash size that the chip really has, or the right board.',
    'Build again and upload.',
  ],
  test: 'Look at the file with `whyota inspect <file>` and compare its flash size with the chip.',
};
