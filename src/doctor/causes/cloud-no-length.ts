import type { Cause } from '../cause.ts';
import { pulled } from './shared/pull.ts';

export const cloudNoLength: Cause = {
  id: 'cloud-no-length',
  title: 'the server does not say how long the file is, so the board does not begin',
  met: 'rarely',
  stops: ['transfer', 'prepare', 'invite', 'connect-back'],
  evidence: [
    pulled,
    {
      strongly: { 'pull.length': 'absent' },
      supports: { 'pull.body': 'firmware', 'pull.status': 200 },
      excludes: { 'pull.length': ['right', 'wrong'] },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['tool.method', 'pull.length', 'pull.body'],
      when: (seen) =>
        seen.is('tool.method', 'http-pull') && seen.is('pull.length', 'absent') && seen.is('pull.body', 'firmware'),
      because: 'the firmware is there, but without a Content-Length the updater cannot begin',
    },
  ],
  fix: ['Let the server send a Content-Length: serve a plain file, switch chunked transfer and compression off.'],
  test: 'Run `curl -sI <address>`: is there a Content-Length line?',
};
