import { formatNumber } from '#values/index.ts';
import type { Cause } from '../cause.ts';
import { longerThanAny8266, longest8266, wrongFile } from './shared/file.ts';

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
  together: [
    {
      grade: 'proves',
      of: ['image.size', 'board.family'],
      when: longerThanAny8266,
      because: (seen) =>
        `the file has ${formatNumber(seen.get('image.size')!)} bytes, and the longest sketch of an ESP8266 has ${formatNumber(longest8266)}`,
    },
  ],
  fix: [
    'Send the .bin that lies next to the .elf in the build folder, named after the sketch.',
    'Not the .elf, not "bootloader", not "partitions", not "merged".',
  ],
  test: 'Look at the file with `whyota inspect <file>`.',
};
