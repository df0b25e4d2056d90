// kill -9 with updates under way: the boards' own flash counters judge.
import { expect, it } from 'vitest';
import { killMany } from './hub-kill.fixture.ts';

it('loses nothing, flashes nothing twice and forgets nobody, whenever the hub is killed', {
  timeout: 240_000,
}, async () => {
  const seed = 33;
  const verdict = await killMany({ kills: 100, seed });
  expect(verdict, `seed ${seed}`).toMatchObject({ lost: 0, forgotten: 0, twice: 0, wrong: [] });
  expect(verdict.acknowledged).toBeGreaterThan(20);
  expect(verdict.ends['confirmed']).toBeGreaterThan(10);
});
