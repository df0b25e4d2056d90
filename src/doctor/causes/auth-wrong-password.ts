import type { Cause } from '../cause.ts';
import { challenge } from './shared/password.ts';

export const authWrongPassword: Cause = {
  id: 'auth-wrong-password',
  title: 'the password is not the one in the sketch that runs on the board',
  met: 'often',
  stops: ['authenticate'],
  evidence: [
    challenge,
    {
      strongly: { 'auth.accepted-form': 'previous-password', 'history.changed': ['password'] },
      supports: {
        'attempt.reproducible': 'every-time',
        'sketch.password-form': 'plain',
      },
      against: {
        'args.auth-shape': ['has-flag', 'has-space', 'has-shell-character'],
        'sketch.password-form': ['upper-case-hash', 'other-hash', 'md5-hash'],
        'sketch.lint.hash-format': true,
        'sketch.lint.setters-after-begin': true,
      },
      excludes: { 'auth.accepted-form': ['plain', 'md5-of-it', 'sha256-of-it', 'first-set-value'] },
    },
  ],
  fix: [
    'Use the password of the sketch that is on the board now, not of the one you are about to send.',
    'The IDE remembers an old one: restart it and it asks again.',
    'If the password is lost, upload once by cable.',
  ],
  test: 'Try the password of the sketch that you uploaded before this one.',
};
