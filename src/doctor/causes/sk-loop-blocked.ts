import { above, type Cause, under } from '../cause.ts';
import type { Seen } from '../seen.ts';
import { loopStages, starved, starvedTogether } from './shared/loop.ts';

/** Where the sketch waits for its server, that is the long wait, and a cause of its own. */
const ownWait = (waits: boolean, seen: Seen): boolean => waits && !seen.is('sketch.lint.blocking-cloud-loop', true);

export const skLoopBlocked: Cause = {
  id: 'sk-loop-blocked',
  title: 'the loop of the sketch waits for so long that it misses the upload',
  met: 'often',
  stops: [...loopStages],
  evidence: [
    starved,
    {
      strongly: {
        'sketch.lint.long-delay': ownWait,
        'sketch.lint.endless-loop': true,
        'invite.pattern': ['waits-for-a-free-loop'],
        'trial.right-after-reset': 'works',
        'sketch.longest-wait': (ms, seen) => ms > 1000 && ownWait(true, seen),
      },
      supports: {
        'attempt.reproducible': 'sometimes',
        'invite.latency': above(1000),
        'invite.pattern': 'random',
        'sketch.lint.long-delay': true,
        'sketch.longest-wait': above(1000),
        'history.changed': ['sketch-code'],
      },
      against: {
        'trial.server-up': 'works',
        'sketch.lint.handle-missing': true,
        'invite.pattern': ['never', 'alternates'],
        'running.server-link': 'down',
        'sketch.longest-wait': under(300),
        'sketch.lint.blocking-cloud-loop': true,
      },
      excludes: { 'sketch.lint.long-delay': false },
    },
  ],
  together: [...starvedTogether],
  fix: [
    'Replace delay() in loop() by a clock: `if (millis() - last > 5000) { last = millis(); … }`.',
    'Where waiting cannot be avoided, call ArduinoOTA.handle() while you wait.',
    'To get the new sketch onto the board: press reset and upload within the first seconds, or use the cable.',
  ],
  test: 'Press reset and upload at once. If that works, the loop is too busy later.',
};
