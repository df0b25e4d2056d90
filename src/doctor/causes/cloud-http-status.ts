import type { Cause } from '../cause.ts';
import { pulled } from './shared/pull.ts';

export const cloudHttpStatus: Cause = {
  id: 'cloud-http-status',
  title: 'the server does not give the firmware out (redirect, not found, error)',
  met: 'sometimes',
  stops: ['prepare', 'transfer', 'invite', 'discover', 'connect-back'],
  evidence: [
    pulled,
    {
      strongly: { 'pull.status': (status) => status !== 200 },
      supports: { 'pull.server': 'reachable', 'attempt.tool-text': 'http-error' },
      against: { 'serial.tls-error': ['alloc-failed', 'record-too-big'], 'pull.body': ['web-page', 'json'] },
      excludes: { 'pull.status': 200 },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['tool.method', 'pull.status'],
      when: (seen) => seen.is('tool.method', 'http-pull') && (seen.get('pull.status') ?? 200) >= 300,
      because: (seen) => `the server answered the board with ${seen.get('pull.status')}`,
    },
  ],
  fix: (seen) => [
    ...((seen.get('pull.status') ?? 0) >= 300 && (seen.get('pull.status') ?? 0) < 400
      ? ['The server redirects: use the final address, or switch redirects on (setFollowRedirects).']
      : []),
    'Open the address in a browser: does it give the file, and is it spelt right? Host and path are separate arguments; the host has no "http://".',
    'Correct the address in the sketch.',
  ],
  test: 'Fetch the address with `curl -v --http1.0 <address>` and look at the first line of the answer.',
};
