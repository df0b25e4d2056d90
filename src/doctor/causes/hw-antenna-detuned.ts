import type { Cause } from '../cause.ts';

export const hwAntennaDetuned: Cause = {
  id: 'hw-antenna-detuned',
  title: 'something next to the antenna spoils the Wi-Fi of this board',
  met: 'seldom',
  stops: ['transfer', 'invite', 'verdict'],
  evidence: [
    {
      strongly: { 'person.parts-near-antenna': true, 'trial.other-board': 'works' },
      supports: {
        'net.signal': ['weak', 'swinging'],
        'net.ping': 'lossy',
        'transfer.end': 'stall',
        'transfer.stop-pattern': 'random',
        'transfer.ping': ['spikes', 'lost'],
        'trial.closer': 'works',
        'history.changed': ['wiring', 'place'],
      },
      against: { 'transfer.end': 'reboot', 'transfer.stop-pattern': ['same-place', 'same-time'] },
      excludes: {
        'person.parts-near-antenna': false,
        'net.signal': 'good',
        'trial.other-board': 'fails',
        'transfer.end': 'completed',
      },
    },
  ],
  fix: [
    'Move metal, batteries, displays and wires at least 2 cm away from the antenna end of the module.',
    'Upload again.',
  ],
  test: 'Take the board out of its box, hold it free, and upload.',
};
