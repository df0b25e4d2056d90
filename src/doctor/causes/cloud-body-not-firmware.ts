import type { Cause } from '../cause.ts';
import { pulled } from './shared/pull.ts';

export const cloudBodyNotFirmware: Cause = {
  id: 'cloud-body-not-firmware',
  title: 'the server sends something else than the firmware (a web page, JSON, a login page)',
  met: 'seldom',
  stops: ['transfer', 'verdict', 'prepare', 'invite', 'connect-back'],
  evidence: [
    pulled,
    {
      strongly: { 'pull.body': ['web-page', 'json', 'shifted'], 'device.error': ['magic', 'chip-mismatch'] },
      supports: { 'pull.status': 200, 'pull.body': 'empty', 'pull.length': 'wrong', 'pull.server': 'reachable' },
      against: { 'pull.body': 'other-firmware' },
      excludes: { 'pull.body': 'firmware' },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['tool.method', 'pull.body', 'pull.status'],
      when: (seen) =>
        seen.is('tool.method', 'http-pull') &&
        seen.is('pull.body', 'web-page', 'json', 'shifted') &&
        (seen.get('pull.status') ?? 200) === 200,
      because: 'what the server sends is not a firmware',
    },
  ],
  fix: [
    'Download the address yourself and look at the file: the first byte must be 0xE9.',
    'Correct the server or proxy; GitHub needs the "raw" address.',
    'In the sketch check the first byte before Update.begin().',
  ],
  test: 'Download the address and look at the file with `whyota inspect <file>`.',
};
