import type { Cause } from '../cause.ts';
import { wrongFile } from './shared/file.ts';

export const toolWrongArtifact: Cause = {
  id: 'tool-wrong-artifact',
  title: 'the file that was sent is not the one for updates',
  met: 'sometimes',
  stops: ['prepare', 'invite', 'connect-back', 'transfer', 'verdict', 'restart'],
  evidence: [
    wrongFile,
    {
      proves: { 'image.kind': ['bootloader', 'partition-table', 'elf', 'hex', 'uf2'] },
      strongly: { 'trial.other-file': 'works' },
      supports: { 'device.error': ['magic', 'not-enough-space'] },
      against: { 'image.kind': ['web-page', 'erased', 'unrecognised', 'empty'] },
      excludes: { 'image.kind': ['app', 'gzip-app', 'merged', 'filesystem'], 'trial.other-file': 'fails' },
    },
  ],
  fix: [
    'Send the .bin that lies next to the .elf in the build folder, named after the sketch.',
    'Not the .elf, not "bootloader", not "partitions", not "merged".',
  ],
  test: 'Look at the file with `whyota inspect <file>`.',
};
