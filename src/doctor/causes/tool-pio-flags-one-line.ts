import type { Cause } from '../cause.ts';

export const toolPioFlagsOneLine: Cause = {
  id: 'tool-pio-flags-one-line',
  title: 'several upload flags stand on one line in platformio.ini and were taken for one',
  met: 'seldom',
  stops: ['authenticate', 'invite', 'prepare'],
  only: { 'tool.name': 'platformio' },
  evidence: [
    {
      strongly: { 'args.auth-shape': 'has-flag' },
      supports: { 'auth.result': 'refused', 'attempt.tool-text': 'authentication-failed' },
      excludes: { 'args.auth-shape': ['absent', 'empty', 'plain', 'hex-32', 'hex-64', 'has-shell-character'] },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['tool.name', 'args.auth-shape'],
      when: (seen) => seen.is('tool.name', 'platformio') && seen.is('args.auth-shape', 'has-flag'),
      because: 'the password that was passed has swallowed another option',
    },
  ],
  fix: ['In platformio.ini write each flag on a line of its own, indented under `upload_flags =`.', 'Upload again.'],
  test: 'Put each flag on its own line and try once.',
};
