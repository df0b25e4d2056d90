import type { Cause } from '../cause.ts';
import { loopStages, ofThisSketch, starved, starvedTogether } from './shared/loop.ts';

export const skHandleMissingOrOnce: Cause = {
  id: 'sk-handle-missing-or-once',
  title: 'the sketch never calls ArduinoOTA.handle() in loop()',
  met: 'sometimes',
  stops: [...loopStages],
  evidence: [
    starved,
    {
      strongly: {
        'sketch.lint.handle-missing': true,
        'sketch.lint.handle-only-in-setup': true,
        'trial.right-after-reset': 'fails',
      },
      supports: { 'invite.pattern': 'never', 'history.worked-before': 'never' },
      against: {
        'invite.pattern': ['waits-for-a-free-loop', 'bursts', 'random', 'only-after-reset'],
        'trial.right-after-reset': 'works',
        'trial.server-up': 'works',
        'history.worked-before': ['a-few-times', 'regularly'],
      },
      excludes: { 'sketch.lint.handle-missing': false },
    },
  ],
  together: [
    ...starvedTogether,
    {
      grade: 'proves',
      of: ['sketch.lint.handle-missing', 'sketch.lint.handle-only-in-setup', 'attempt.stopped-in'],
      when: (seen) =>
        (seen.is('sketch.lint.handle-missing', true) || seen.is('sketch.lint.handle-only-in-setup', true)) &&
        seen.is('attempt.stopped-in', ...loopStages),
      because: 'without ArduinoOTA.handle() in loop() no core carries out an update',
    },
  ],
  assumes: ofThisSketch,
  fix: ['Put `ArduinoOTA.handle();` as the first line of loop().', 'Upload by cable once.'],
  test: 'Look for ArduinoOTA.handle() inside loop().',
};
