import type { Cause } from '../cause.ts';

export const devLoopNaps: Cause = {
  id: 'dev-loop-naps',
  title: 'the sketch naps in its loop, an update included',
  met: 'rarely',
  stops: ['transfer', 'invite'],
  evidence: [
    {
      strongly: { 'transfer.ping': 'bursts' },
      supports: {
        'sketch.lint.light-or-modem-sleep': true,
        'transfer.end': ['stall', 'completed'],
        'trial.sleep-off': 'works',
        'person.supply': 'battery',
        'invite.pattern': 'bursts',
      },
      against: { 'net.ping-pattern': 'saw-tooth', 'transfer.end': 'reboot' },
      excludes: { 'trial.sleep-off': 'fails', 'sketch.lint.light-or-modem-sleep': false },
    },
  ],
  fix: [
    'Do not sleep while an update is on its way: set a flag in onStart and look at it before esp_light_sleep_start().',
    'Upload by cable once.',
  ],
  test: 'Take the sleep call out of loop() for one try.',
};
