import type { Cause } from '../cause.ts';

export const toolPasswordNotQuoted: Cause = {
  id: 'tool-password-not-quoted',
  title: 'the password was torn apart on the command line',
  met: 'seldom',
  stops: ['prepare', 'authenticate'],
  evidence: [
    {
      strongly: { 'args.auth-shape': ['has-space', 'has-shell-character'], 'sketch.lint.password-shell-chars': true },
      supports: { 'attempt.tool-text': 'usage-error', 'trial.other-tool': 'works' },
      excludes: {
        'args.auth-shape': ['absent', 'empty', 'plain', 'hex-32', 'hex-64', 'has-flag'],
        // The command line tells what was given; the sketch, what should have been.
        'sketch.lint.password-shell-chars': (found, seen) =>
          !found && !seen.is('args.auth-shape', 'has-space', 'has-shell-character'),
      },
    },
  ],
  fix: [
    'Choose a password of letters and digits only, put it into the sketch, and upload by cable once.',
    'Or use `whyota flash`, which passes any password unharmed.',
  ],
  test: 'Try the same password with `whyota flash`.',
};
