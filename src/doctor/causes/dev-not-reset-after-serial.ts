import type { Cause } from '../cause.ts';

export const devNotResetAfterSerial: Cause = {
  id: 'dev-not-reset-after-serial',
  title: 'the board was flashed by cable and has not been reset since',
  met: 'often',
  stops: ['restart', 'invite', 'authenticate', 'verdict'],
  only: { 'board.family': 'esp8266' },
  evidence: [
    {
      proves: { 'device.error': 'bootstrap' },
      strongly: {
        'serial.boot-mode': 1,
        'history.wire-since-power-on': true,
        'trial.after-power-cycle': 'works',
        'after.restart': 'gone',
      },
      supports: {
        'person.parts-on-boot-pins': false,
        'attempt.reproducible': ['alternates', 'first-works-then-fails'],
        'transfer.end': 'completed',
        'verdict.reply': 'ok',
        'attempt.tool-text': 'success',
      },
      against: { 'person.parts-on-boot-pins': true, 'sketch.lint.strap-pins': true },
      excludes: {
        'history.wire-since-power-on': false,
        'trial.after-power-cycle': 'fails',
        'serial.boot-mode': 3,
        'after.running-build': ['new', 'new-on-other-board'],
        'device.error': ['not-enough-space', 'magic', 'md5', 'flash-config', 'signature'],
      },
    },
  ],
  together: [
    {
      grade: 'strongly',
      of: ['serial.boot-mode', 'transfer.end'],
      when: (seen) => seen.is('serial.boot-mode', 1) && seen.is('transfer.end', 'completed'),
      because: 'the update arrived whole, and the restart after it went back to upload mode',
    },
    {
      grade: 'proves',
      of: ['device.error', 'person.parts-on-boot-pins'],
      when: (seen) => seen.is('device.error', 'bootstrap') && seen.is('person.parts-on-boot-pins', false),
      because: 'the board says that it was started in upload mode, and nothing holds its boot pins',
    },
  ],
  // The updater looks at the boot mode only, and a part that holds GPIO0 down makes the same one (Updater.cpp @ 2.4.0).
  assumes: (seen) =>
    seen.is('person.parts-on-boot-pins', false) || seen.is('history.wire-since-power-on', true)
      ? undefined
      : 'assuming nothing that is wired to GPIO0 or GPIO2 holds it down while the board starts',
  fix: [
    'Take the programming wire off GPIO0.',
    'Switch the power off and on once, or press reset.',
    'Upload again. Do this once after every upload by cable.',
  ],
  test: 'Switch the power off and on once, then upload again.',
};
