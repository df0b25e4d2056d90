import type { Cause } from '../cause.ts';

export const authOldUploaderNewDevice: Cause = {
  id: 'auth-old-uploader-new-device',
  title: 'the uploader is too old for the way this board checks its password',
  met: 'seldom',
  stops: ['authenticate', 'invite'],
  only: { 'board.family': 'esp32' },
  evidence: [
    {
      strongly: { 'auth.nonce-length': 64, 'tool.auth-schemes': 'md5' },
      supports: {
        'auth.result': 'no-reply',
        'attempt.tool-text': 'no-answer-to-authentication',
        'attempt.reproducible': 'every-time',
        'tool.name': 'platformio',
        'trial.other-tool': 'works',
        'history.changed': ['core-version'],
      },
      excludes: {
        'tool.auth-schemes': 'md5-and-sha256',
        'auth.nonce-length': 32,
        'auth.result': 'accepted',
        'invite.reply': 'ok',
      },
    },
  ],
  together: [
    {
      grade: 'proves',
      of: ['auth.nonce-length', 'tool.auth-schemes'],
      when: (seen) =>
        seen.is('auth.nonce-length', 64) && seen.is('tool.auth-schemes', 'md5') && !seen.is('auth.result', 'refused'),
      because: 'the board sends the new challenge of 64 digits, and this uploader knows only the old one',
    },
  ],
  fix: [
    'Update the ESP32 package (espota.py of 3.3.1 or later); in PlatformIO update the platform.',
    'Or use `whyota flash`, which knows both ways.',
  ],
  test: 'Upload once with `whyota flash` and the same password.',
};
