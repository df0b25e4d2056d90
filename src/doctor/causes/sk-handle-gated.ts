import type { Cause } from '../cause.ts';
import { loopStages, starved, starvedTogether } from './shared/loop.ts';

export const skHandleGated: Cause = {
  id: 'sk-handle-gated',
  title: 'the sketch looks after OTA only under a condition that is seldom true',
  met: 'sometimes',
  stops: [...loopStages],
  evidence: [
    starved,
    {
      strongly: { 'sketch.lint.handle-conditional': true, 'invite.pattern': 'bursts' },
      supports: { 'attempt.reproducible': 'sometimes', 'sketch.lint.handle-missing': false },
      against: { 'invite.pattern': ['waits-for-a-free-loop', 'never'] },
      excludes: { 'sketch.lint.handle-conditional': false },
    },
  ],
  together: [...starvedTogether],
  fix: [
    'Move ArduinoOTA.handle() out of the if, timer or mode: first line of loop(), unconditionally.',
    'To get it onto the board, upload while the condition holds, or by cable.',
  ],
  test: 'Look what stands around ArduinoOTA.handle() in the sketch.',
};
