import { above, type Cause, under } from '../cause.ts';
import { starved } from './shared/loop.ts';

export const skHandlePolledTooSlowly: Cause = {
  id: 'sk-handle-polled-too-slowly',
  title: 'the sketch looks after OTA too seldom',
  met: 'seldom',
  stops: ['invite', 'authenticate', 'connect-back', 'transfer'],
  evidence: [
    starved,
    {
      strongly: { 'sketch.lint.handle-in-slow-task': true },
      supports: { 'invite.latency': above(100), 'attempt.reproducible': 'sometimes', 'invite.pattern': 'random' },
      against: { 'invite.latency': under(50), 'attempt.reproducible': 'every-time' },
      excludes: { 'sketch.lint.handle-in-slow-task': false, 'connectback.tcp': [] },
    },
  ],
  fix: [
    'Call ArduinoOTA.handle() every 1 to 5 milliseconds, in loop() or in an ordinary task.',
    'Never call it from an interrupt or a Ticker.',
  ],
  test: 'Shorten the delay of the task that calls handle() to 2 ms.',
};
