import type { Cause } from '../cause.ts';

export const skOtherWorkDuringUpdate: Cause = {
  id: 'sk-other-work-during-update',
  title: 'the sketch goes on with its other work during the update',
  met: 'sometimes',
  stops: ['transfer', 'verdict'],
  evidence: [
    {
      strongly: { 'trial.minimal-sketch': 'works', 'running.heap': 'falling' },
      supports: {
        'sketch.stops-work-on-start': false,
        'attempt.reproducible': 'different-each-time',
        'transfer.end': ['stall', 'error-text', 'reboot'],
        'transfer.stop-pattern': 'random',
        'trial.right-after-reset': 'works',
      },
      against: {
        'sketch.lint.ble-active': true,
        'sketch.lint.isr-not-iram': true,
        'sketch.lint.uart-device': true,
        'sketch.lint.light-or-modem-sleep': true,
        'sketch.lint.tls-held': true,
        'sketch.lint.timers-running': true,
        'trial.other-supply': 'works',
        'transfer.stop-pattern': ['same-place', 'same-time'],
        'sketch.lint.heavy-callback': true,
      },
      excludes: {
        'sketch.stops-work-on-start': true,
        /* It does no other work. */
        'sketch.stock-example': true,
        'trial.minimal-sketch': 'fails',
        'transfer.end': 'completed',
        'connectback.tcp': 'timed-out',
      },
    },
  ],
  fix: [
    'In ArduinoOTA.onStart() stop what else runs: web server, MQTT, sensors, tasks, the file system.',
    'Set a flag there and let loop() do nothing but ArduinoOTA.handle() while it is set.',
    'Upload by cable once, or right after a reset.',
  ],
  test: 'Put a bare OTA sketch (BasicOTA) on the board and update that one over the air.',
};
