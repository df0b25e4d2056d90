import type { Cause } from '../cause.ts';
import { wrongFile } from './shared/file.ts';

export const imgBadMagic: Cause = {
  id: 'img-bad-magic',
  title: 'the file does not begin like a firmware',
  met: 'sometimes',
  stops: ['verdict', 'transfer', 'prepare', 'invite'],
  evidence: [
    wrongFile,
    {
      proves: { 'image.kind': ['web-page', 'erased', 'unrecognised', 'empty'] },
      strongly: { 'device.error': 'magic' },
      against: {
        'image.kind': ['merged', 'bootloader', 'partition-table', 'elf', 'hex', 'uf2', 'filesystem'],
        'tool.method': ['http-pull'],
        'pull.body': ['web-page', 'json', 'shifted'],
      },
      excludes: {
        'image.kind': ['app'],
        'device.error': ['not-enough-space', 'md5', 'signature', 'bootstrap', 'chip-mismatch'],
      },
    },
  ],
  fix: [
    'Send the .bin that your build wrote, named after the sketch. It begins with the byte 0xE9.',
    'If you downloaded it, download it again: what you have may be a web page.',
  ],
  test: 'Look at the file with `whyota inspect <file>`.',
};
