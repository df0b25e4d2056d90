import type { Cause } from '../cause.ts';

export const netWeakSignal: Cause = {
  id: 'net-weak-signal',
  title: 'the Wi-Fi link to the board is too poor for a transfer',
  met: 'often',
  stops: ['transfer', 'invite', 'connect-back', 'verdict'],
  evidence: [
    {
      strongly: {
        'net.ping': 'lossy',
        'net.signal': ['weak', 'swinging'],
        'trial.closer': 'works',
        'transfer.stop-pattern': 'random',
      },
      supports: {
        'net.ping-pattern': 'spikes',
        'transfer.end': ['stall', 'closed'],
        'transfer.ping': ['spikes', 'lost'],
        'attempt.reproducible': ['sometimes', 'different-each-time'],
        'history.changed': ['place'],
        'person.parts-near-antenna': false,
      },
      against: {
        'transfer.end': 'reboot',
        'transfer.stop-pattern': ['same-place', 'same-time', 'at-start'],
        'transfer.ping': 'steady',
        'person.parts-near-antenna': true,
        'sketch.lint.ble-active': true,
        'trial.other-board': 'works',
        'device.error': ['magic', 'not-enough-space', 'signature', 'bootstrap'],
      },
      excludes: {
        'net.signal': 'good',
        'trial.closer': 'fails',
        // What was lost last may have been the board's answer.
        'transfer.end': (end, seen) => end === 'completed' && !seen.is('verdict.reply', 'none'),
      },
    },
  ],
  fix: [
    'Bring the board within two metres of the access point for the upload, or bring the access point to it.',
    'Set the router to a fixed, quiet 2.4 GHz channel (1, 6 or 11).',
    'Try again; a smaller image has a better chance.',
  ],
  test: 'Upload once with the board next to the access point.',
};
