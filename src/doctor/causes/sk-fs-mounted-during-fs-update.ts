import type { Cause } from '../cause.ts';

export const skFsMountedDuringFsUpdate: Cause = {
  id: 'sk-fs-mounted-during-fs-update',
  title: 'the file system is in use while it is being overwritten',
  met: 'seldom',
  stops: ['verdict', 'transfer', 'run', 'restart'],
  only: { 'args.command': 'filesystem' },
  evidence: [
    {
      strongly: { 'sketch.lint.fs-not-ended': true },
      supports: {
        'serial.first-error': 'end',
        'trial.other-command': 'works',
        'after.filesystem': 'lost',
        'attempt.tool-text': 'no-result',
        'args.command': 'filesystem',
      },
      excludes: {
        'sketch.lint.fs-not-ended': false,
        'trial.other-command': 'fails',
        'fit.verdict': 'too-big',
        'invite.reply': 'silence',
      },
    },
  ],
  fix: [
    'In ArduinoOTA.onStart() call LittleFS.end() (or SPIFFS.end()) when ArduinoOTA.getCommand() is U_FS (U_SPIFFS).',
    'Upload that sketch, then the file system again.',
  ],
  test: 'Look whether onStart ends the file system.',
};
