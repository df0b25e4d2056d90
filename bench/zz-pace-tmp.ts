import { meet } from '#protocols/espota/channel.fixture.ts';
import { profileOf } from '#protocols/espota/profiles.ts';
import { seeded } from '#values/index.ts';

const image = new Uint8Array(400_000);
for (const id of ['esp8266@2.3.0'])
  for (const flash of [0, 12])
    for (const rtt of [0, 5, 20, 50, 100]) {
      const row = [];
      for (const window of [2144, 2920, 5840]) {
        const run = (fixedBurst?: number) => {
          const m = meet({
            random: seeded(1),
            image,
            profile: profileOf(id)!,
            delay: rtt / 2,
            window,
            flash,
            known: true,
            delayedAck: 40,
            ...(fixedBurst && { fixedBurst }),
          });
          return m.endedAt - m.calledAt;
        };
        const us = run();
        const all = [1460, 2920, 5840, 400000].map(run);
        const best = Math.min(...all);
        row.push(`${us.toFixed(0)} best ${(us / best).toFixed(2)}`);
      }
      console.log(id, 'flash', flash, 'rtt', rtt, row.join(' | '));
    }
