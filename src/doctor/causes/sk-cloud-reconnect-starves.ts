import type { Cause } from '../cause.ts';
import { describe } from '../describe.ts';
import type { Seen } from '../seen.ts';
import { loopStages, starved, starvedTogether } from './shared/loop.ts';

/** Blynk.begin() is such a loop too, inside the library (blynk-library 0.4.8, BlynkSimpleEsp8266.h). */
const waits = ['sketch.lint.blocking-cloud-loop', 'sketch.lint.blynk-begin-owns-wifi'] as const;
const waitsForServer = (seen: Seen): boolean => waits.some((rule) => seen.is(rule, true));

export const skCloudReconnectStarves: Cause = {
  id: 'sk-cloud-reconnect-starves',
  title: 'the sketch waits for its server (Blynk, MQTT, web) and does not look after OTA meanwhile',
  met: 'often',
  stops: [...loopStages],
  evidence: [
    starved,
    {
      strongly: {
        'running.server-link': 'down',
        'trial.server-up': 'works',
        'serial.last-sign': 'server-connect',
      },
      supports: {
        'attempt.reproducible': ['sometimes', 'first-works-then-fails'],
        'trial.right-after-reset': 'works',
        'history.worked-before': 'a-few-times',
      },
      against: {
        'sketch.lint.blocking-cloud-loop': (waits, seen) => !waits && !waitsForServer(seen),
        'invite.reply': 'port-unreachable',
      },
      excludes: { 'running.server-link': 'up', 'trial.server-up': 'fails' },
    },
  ],
  together: [
    ...starvedTogether,
    {
      grade: 'strongly',
      of: waits,
      when: waitsForServer,
      because: (seen) => describe(seen.fact(waits.find((rule) => seen.is(rule, true)) ?? waits[0])!),
    },
  ],
  fix: [
    'Use Blynk.config(auth) and Blynk.connect(3000) instead of Blynk.begin(), and try again from loop() every 30 seconds; with MQTT likewise.',
    'Call ArduinoOTA.handle() first in loop(), and in every loop that waits for a server.',
    'If the server is gone for good, `whyota hub --rescue` takes its place: it answers the board, so that loop() runs again and the board can be flashed over the air.',
    'Else, to get the new sketch onto the board: press reset and upload in the first seconds, or use the cable. `whyota sketch --new` writes a sketch that does this right.',
  ],
  test: 'Look whether the app shows the board as online. If uploads work while it is online and fail while it is not, this is it.',
};
