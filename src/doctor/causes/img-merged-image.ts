import type { Cause } from '../cause.ts';
import { wrongFile } from './shared/file.ts';

export const imgMergedImage: Cause = {
  id: 'img-merged-image',
  title: 'the file is a complete image for the cable (boot loader, table and sketch in one), not an update',
  met: 'sometimes',
  stops: ['verdict', 'transfer', 'prepare', 'restart', 'connect-back'],
  only: { 'board.family': ['esp32', 'rp2040'] },
  evidence: [
    wrongFile,
    {
      proves: { 'image.kind': 'merged' },
      strongly: { 'trial.other-file': 'works' },
      supports: { 'device.error': 'magic' },
      excludes: {
        'image.kind': [
          'app',
          'gzip-app',
          'filesystem',
          'bootloader',
          'partition-table',
          'elf',
          'web-page',
          'erased',
          'hex',
          'uf2',
          'unrecognised',
        ],
        'trial.other-file': 'fails',
      },
    },
  ],
  fix: [
    'Send the .bin without "merged" or "factory" in its name, often called "…ino.bin", "…-update.bin" or "…ota.bin".',
  ],
  test: 'Look at the file with `whyota inspect <file>`.',
};
