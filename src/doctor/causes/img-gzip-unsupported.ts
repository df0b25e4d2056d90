import type { Cause } from '../cause.ts';
import { wrongFile } from './shared/file.ts';

export const imgGzipUnsupported: Cause = {
  id: 'img-gzip-unsupported',
  title: 'the file is compressed, and the core on the board cannot unpack it',
  met: 'rarely',
  stops: ['verdict', 'restart', 'transfer', 'invite'],
  only: { 'image.kind': 'gzip-app' },
  evidence: [
    wrongFile,
    {
      strongly: { 'image.kind': 'gzip-app' },
      supports: { 'device.error': 'magic', 'serial.eboot': 'copy-failed', 'after.restart': 'gone' },
      excludes: { 'device.error': ['not-enough-space', 'md5', 'bootstrap'] },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['image.kind', 'running.core-version', 'board.family'],
      when: (seen) =>
        seen.is('image.kind', 'gzip-app') &&
        seen.is('board.family', 'esp8266') &&
        seen.has('running.core-version') &&
        seen.coreAtLeast('2.7.0') === false,
      because: 'the file is compressed, and cores before 2.7.0 cannot unpack it',
    },
    {
      grade: 'against',
      of: ['image.kind', 'running.core-version'],
      when: (seen) => seen.has('running.core-version') && seen.coreAtLeast('2.7.0') === true,
      because: 'the core on the board can unpack compressed files',
    },
  ],
  fix: ['Send the plain .bin once. When a core of 2.7.0 or later runs on the board, compressed files work.'],
  test: 'Send the plain .bin instead of the .bin.gz.',
};
