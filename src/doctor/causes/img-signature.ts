import type { Cause } from '../cause.ts';
import { wrongFile } from './shared/file.ts';

export const imgSignature: Cause = {
  id: 'img-signature',
  title: 'the board takes signed files only, and this one is not signed with its key',
  met: 'seldom',
  stops: ['verdict', 'transfer'],
  evidence: [
    wrongFile,
    {
      proves: { 'device.error': 'signature' },
      strongly: { 'running.wants-signature': true, 'image.signature': ['other-key', 'wrong-form'] },
      supports: { 'image.signature': 'absent', 'serial.first-error': 'end' },
      /* The board says this error. */
      against: { 'verdict.reply': 'none' },
      excludes: {
        'running.wants-signature': false,
        'image.signature': 'right-key',
        'device.error': ['magic', 'md5', 'not-enough-space', 'bootstrap', 'chip-mismatch'],
        'connectback.tcp': 'timed-out',
      },
    },
  ],
  fix: [
    'Build with the same private.key beside the sketch, and send the signed file.',
    'Delete old .signed files in the build folder.',
    'If the key is lost, upload once by cable.',
  ],
  test: 'Look for private.key and public.key in the folder of the sketch.',
};
