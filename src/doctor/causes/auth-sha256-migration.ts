import type { Cause } from '../cause.ts';
import { challenge } from './shared/password.ts';

export const authSha256Migration: Cause = {
  id: 'auth-sha256-migration',
  title: 'the new ESP32 core checks passwords in a new way, and the stored MD5 hash no longer fits',
  met: 'seldom',
  stops: ['authenticate'],
  only: { 'board.family': 'esp32' },
  evidence: [
    challenge,
    {
      strongly: {
        'sketch.password-form': 'md5-hash',
        'history.changed': ['core-version'],
        'trial.other-core': 'works',
      },
      supports: { 'auth.nonce-length': 64, 'history.worked-before': 'until-a-change', 'history.changed': ['library'] },
      against: { 'sketch.password-form': 'plain' },
      excludes: { 'auth.nonce-length': 32, 'trial.other-core': 'fails', 'auth.result': ['accepted', 'no-reply'] },
    },
  ],
  fix: [
    'In the sketch use ArduinoOTA.setPassword("…") with the plain password, or a SHA-256 hash of it.',
    'Update the library that sets the hash, if it is not you.',
    'Upload by cable once.',
  ],
  test: 'Look in the sketch or its libraries for setPasswordHash() with 32 hex digits.',
};
