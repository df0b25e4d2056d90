import type { Cause } from '../cause.ts';

export const devHeapExhausted: Cause = {
  id: 'dev-heap-exhausted',
  title: 'the board has too little free memory for an update',
  met: 'sometimes',
  stops: ['transfer', 'connect-back', 'invite', 'authenticate'],
  evidence: [
    {
      proves: { 'device.error': 'out-of-memory' },
      strongly: { 'running.heap': 'low', 'serial.crash': 'alloc-failed' },
      supports: {
        'trial.right-after-reset': 'works',
        'sketch.lint.tls-held': true,
        'running.heap': 'falling',
        'trial.minimal-sketch': 'works',
        'transfer.end': 'reboot',
        'invite.again-after-ok': 'after-reboot',
      },
      against: {
        'tool.method': 'http-pull',
        'serial.tls-error': ['alloc-failed', 'record-too-big'],
        'serial.reset-reason': ['brownout', 'task-watchdog'],
      },
      excludes: { 'running.heap': 'ample', 'trial.minimal-sketch': 'fails' },
    },
  ],
  fix: [
    'In ArduinoOTA.onStart() close secure connections (client.stop()), stop web servers and free large buffers.',
    'Upload right after a reset, before memory fills up.',
  ],
  test: 'Press reset and upload in the first seconds. If that works, memory runs out later.',
};
