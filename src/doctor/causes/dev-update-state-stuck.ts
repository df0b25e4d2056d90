import type { Cause } from '../cause.ts';

export const devUpdateStateStuck: Cause = {
  id: 'dev-update-state-stuck',
  title: 'an earlier update that broke off left the board in a half-way state',
  met: 'seldom',
  stops: ['verdict', 'connect-back', 'transfer', 'invite', 'authenticate'],
  evidence: [
    {
      proves: { 'device.error': 'already-running' },
      strongly: {
        'attempt.reproducible': 'first-works-then-fails',
        'trial.right-after-reset': 'works',
        'trial.after-power-cycle': 'works',
      },
      supports: { 'device.error': 'md5', 'history.wire-since-power-on': false, 'serial.first-error': 'begin' },
      against: {
        'sketch.lint.long-delay': true,
        'sketch.lint.blocking-cloud-loop': true,
        'history.wire-since-power-on': true,
        'after.restart': 'gone',
      },
      excludes: { 'trial.right-after-reset': 'fails', 'trial.after-power-cycle': 'fails' },
    },
  ],
  fix: [
    'Press reset, then upload.',
    'In a sketch with an updater of its own call Update.end() or Update.abort() on every error.',
    'Update the core: newer ones clean up by themselves.',
  ],
  test: 'Press reset and upload at once.',
};
