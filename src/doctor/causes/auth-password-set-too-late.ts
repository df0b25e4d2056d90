import type { Cause } from '../cause.ts';
import { challenge } from './shared/password.ts';

export const authPasswordSetTooLate: Cause = {
  id: 'auth-password-set-too-late',
  title: 'the sketch sets its password after OTA has begun, so the first one stays',
  met: 'seldom',
  stops: ['authenticate'],
  evidence: [
    challenge,
    {
      strongly: {
        'sketch.lint.setters-after-begin': true,
        'auth.accepted-form': 'first-set-value',
        'discovery.name-as-configured': false,
      },
      excludes: {
        'sketch.lint.setters-after-begin': false,
        'auth.accepted-form': ['plain', 'previous-password', 'md5-of-it', 'sha256-of-it'],
      },
    },
  ],
  fix: [
    'In the sketch move setPassword(), setHostname() and setPort() before ArduinoOTA.begin().',
    'This time use the password that was set first, or none; or upload by cable.',
  ],
  test: 'Look whether a set…() call comes after ArduinoOTA.begin().',
};
