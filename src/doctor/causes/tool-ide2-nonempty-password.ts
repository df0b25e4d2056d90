import type { Cause } from '../cause.ts';

export const toolIde2NonemptyPassword: Cause = {
  id: 'tool-ide2-nonempty-password',
  title: 'Arduino IDE 2 does not accept an empty password, and this board has none',
  met: 'sometimes',
  stops: ['prepare'],
  only: { 'tool.name': ['arduino-ide-2', 'arduino-ide', 'other'] },
  evidence: [
    {
      strongly: { 'tool.asks-password': true },
      supports: {
        'tool.name': 'arduino-ide-2',
        'invite.reply': 'ok',
        'sketch.password-form': 'none',
        'sketch.lint.no-ota-password': true,
        'discovery.auth-upload': 'no',
      },
      /* The uploader was started, so the IDE had its password. */
      against: { 'attempt.tool-text': ['usage-error', 'invalid-value', 'traceback'] },
      excludes: { 'invite.reply': 'auth', 'discovery.auth-upload': 'yes', 'tool.asks-password': false },
    },
  ],
  fix: [
    'Type any character into the password dialog; a board without a password ignores it.',
    'Better: give the sketch a password with ArduinoOTA.setPassword().',
  ],
  test: 'Type one letter as the password and upload.',
};
