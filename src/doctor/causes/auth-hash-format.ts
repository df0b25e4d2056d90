import type { Cause } from '../cause.ts';
import { ofThisSketch } from './shared/loop.ts';
import { challenge } from './shared/password.ts';

export const authHashFormat: Cause = {
  id: 'auth-hash-format',
  title: 'the password hash in the sketch has the wrong form, so no password fits',
  met: 'seldom',
  stops: ['authenticate'],
  evidence: [
    challenge,
    {
      strongly: {
        'sketch.lint.hash-format': true,
        'sketch.password-form': ['upper-case-hash', 'other-hash'],
        'auth.accepted-form': ['md5-of-it', 'sha256-of-it'],
        'args.auth-shape': ['hex-32', 'hex-64'],
      },
      supports: { 'auth.accepted-form': 'none', 'history.worked-before': 'never' },
      against: { 'auth.nonce-length': 64, 'history.changed': ['core-version'] },
      excludes: {
        'sketch.password-form': ['plain', 'none'],
        'auth.accepted-form': ['plain', 'previous-password', 'first-set-value'],
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['sketch.password-form', 'auth.result'],
      when: (seen) =>
        seen.is('sketch.password-form', 'upper-case-hash', 'other-hash') && seen.is('auth.result', 'refused'),
      because: 'the library compares letter by letter, and this is not the hash in lower case',
    },
  ],
  assumes: ofThisSketch,
  fix: [
    'In the sketch use ArduinoOTA.setPassword("…") with the plain password and drop setPasswordHash().',
    'Upload by cable once.',
    'If you keep the hash: 32 hex digits in small letters (MD5), or 64 (SHA-256) from ESP32 core 3.3.1 on.',
  ],
  test: 'Look at setPasswordHash(): capital letters or another length than 32 or 64 is this.',
};
