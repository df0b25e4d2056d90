// The two halves meet. What must hold for every seed: the board has exactly the host's bytes, or both know that it failed.
// One exception no protocol without a last acknowledgement can avoid: the verdict is lost after the last byte was sent. Then the
// host says `no-verdict`, which claims neither; nor does `cancelled`, when the person interrupts the wait for the verdict.
import { describe, expect, it } from 'vitest';
import { type Random, seeded } from '#values/index.ts';
import { meet, type Weather } from './channel.fixture.ts';
import { profileIds, profileOf } from './profiles.ts';

/** Every run of the host ends by then: four rounds of invitations and answers, the wait for a call, stalls, the verdict. */
const longestRun = 400_000;
const runs = 250;
/** Real milliseconds for one profile's runs on a busy machine; they take about a thousand on a quiet one. */
const patience = 120_000;

const pick = <T>(random: Random, ...of: readonly T[]): T => of[Math.floor(random() * of.length)]!;

function anyWeather(id: string, random: Random): Weather {
  const profile = profileOf(id)!;
  const size = Math.floor(random() * (random() < 0.2 ? 90_000 : 12_000)) + 4096;
  const image = Uint8Array.from({ length: size }, () => Math.floor(random() * 256));
  // The rounds of ESP32's SHA-256 scheme cost real time: fewer of those runs have a password.
  const password = random() < (profile.nonceLength === 64 ? 0.03 : 0.5) ? 'secret' : undefined;
  const rough = random() < 0.7;
  return {
    random,
    image,
    profile,
    known: random() < 0.5,
    ...(password && { boardPassword: password }),
    ...(random() < 0.9 && (password || random() < 0.3) && { hostPassword: random() < 0.8 ? 'secret' : 'wrong' }),
    loss: rough ? random() * 0.3 : 0,
    doubled: rough ? random() * 0.2 : 0,
    truncated: rough ? random() * 0.05 : 0,
    delay: pick(random, 0.1, 2, 10, 50),
    jitter: rough ? pick(random, 0, 5, 300, 1500) : 0,
    window: pick(random, 2144, 2920, 5840),
    ...(random() < 0.4 && {
      cutAfter: Math.floor(random() * size * 1.1),
      cut: pick(random, 'end', 'reset', 'silence'),
    }),
    ...(random() < 0.05 && { callBlocked: true }),
    ...(random() < 0.1 && { callsAfter: random() * 30_000 }),
    ...(random() < 0.1 && { loopBlockedUntil: random() * 30_000 }),
    ...(random() < 0.1 && { beginError: { kind: pick(random, 'not-enough-space', 'bootstrap', 'no-filesystem') } }),
    ...(random() < 0.1 && { writeErrorAt: Math.floor(random() * size) }),
    ...(random() < 0.1 && { finishError: { kind: pick(random, 'magic', 'could-not-activate', 'signature') } }),
    ...(random() < 0.05 && { cancelAt: random() * 5000 }),
    flash: pick(random, 0, 0, 1, 25),
    delayedAck: pick(random, 0, 40),
  };
}

describe('host and board over a hostile channel', () => {
  it.each(profileIds)(
    '%s: has all the bytes, or both know that it failed',
    (id) => {
      const chosen = Number(process.env['SEED'] ?? 0);
      for (let seed = chosen || 1; seed <= (chosen || runs); seed++) {
        const random = seeded(seed * 7919 + profileIds.indexOf(id));
        const weather = anyWeather(id, random);
        const why = `${id} with SEED=${seed}`;
        const { ending, endedAt, board, told, connectionLeft } = meet(weather);
        expect(endedAt, why).toBeLessThan(longestRun);
        if (ending.kind === 'stored') expect(board.stored, why).toEqual(weather.image);
        if (board.stored)
          expect(['stored', 'no-verdict', 'cancelled'], `${why}: ${ending.kind}`).toContain(ending.kind);
        if (board.stored) expect(board.stored, why).toEqual(weather.image);
        // Only a network that swallows everything can leave a board waiting for more.
        if (weather.cut !== 'silence') expect(connectionLeft, why).toBe(false);
        let before = 0;
        for (const event of told)
          if (event.kind === 'acknowledged') {
            expect(event.bytes, why).toBeGreaterThan(before - 1);
            if (event.bytes === event.total) expect(ending.kind, why).toBe('stored');
            before = event.bytes;
          }
      }
    },
    patience,
  );
});

describe('host and board over a good channel', () => {
  const image = Uint8Array.from({ length: 100_000 }, (_, i) => i * 7);
  const good = (id: string, more: Partial<Weather> = {}): Weather => ({
    random: seeded(5),
    image,
    profile: profileOf(id)!,
    ...more,
  });

  it.each(profileIds)('%s stores the image', (id) => {
    expect(meet(good(id)).ending).toEqual({ kind: 'stored' });
    expect(meet(good(id, { known: true })).ending).toEqual({ kind: 'stored' });
  });
  it.each(profileIds)('%s takes the right password and refuses a wrong one', (id) => {
    expect(meet(good(id, { boardPassword: 'x', hostPassword: 'x' })).ending).toEqual({ kind: 'stored' });
    expect(meet(good(id, { boardPassword: 'x', hostPassword: 'y' })).ending).toEqual({ kind: 'wrong-password' });
    const none = meet(good(id, { boardPassword: 'x' }));
    expect(none.ending).toEqual({ kind: 'password-needed' });
    expect(none.board.phase).toBe('idle');
  });
});
