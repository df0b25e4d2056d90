import type { Cause } from '../cause.ts';

export const hwGpioStrapAtReset: Cause = {
  id: 'hw-gpio-strap-at-reset',
  title: 'something wired to a boot pin keeps the board from starting after the update',
  met: 'sometimes',
  stops: ['restart'],
  evidence: [
    {
      strongly: {
        'person.parts-on-boot-pins': true,
        'trial.boot-pins-free': 'works',
        'serial.boot-mode': (mode) => mode !== 3,
      },
      supports: {
        'after.restart': 'gone',
        'sketch.lint.strap-pins': true,
        'history.wire-since-power-on': false,
        'trial.after-power-cycle': 'fails',
        'trial.other-supply': 'fails',
        'attempt.reproducible': 'every-time',
      },
      against: {
        'history.wire-since-power-on': true,
        'trial.after-power-cycle': 'works',
        'serial.eboot': ['copy-failed', 'load-failed'],
        'attempt.reproducible': ['alternates', 'first-works-then-fails'],
      },
      excludes: {
        'person.parts-on-boot-pins': false,
        'trial.boot-pins-free': 'fails',
        'serial.boot-mode': 3,
        'after.restart': ['returns', 'none'],
        'transfer.end': ['stall', 'reboot', 'closed'],
      },
    },
  ],
  fix: [
    'Take the part off GPIO0, GPIO2 or GPIO15 (ESP32: 0, 2, 5, 12, 15) and move it to another pin.',
    'If it must stay: pull GPIO0 and GPIO2 up with 10 kΩ, GPIO15 down, and let the part not pull against that at the start.',
  ],
  test: 'Lift the board off its carrier or unplug the part, and switch the power on.',
};
