// The real uploader against a virtual board, and what the attempt shows.
import { expect } from 'vitest';
import { type FlashJob, flash } from '#upload/index.ts';
import { validateFact } from '#values/facts.ts';
import { minutes } from '#values/index.ts';
import { type House, house, sketchOf, valuesOf, type Wish } from './probes/house.fixture.ts';
import { factsOfAttempt } from './transcript.ts';

export interface Job extends Partial<Omit<FlashJob, 'board'>> {
  readonly knowledge?: FlashJob['board']['knowledge'];
  readonly port?: number;
  readonly via?: FlashJob['board']['via'];
}

/** Uploads to a board in this house and tells what the attempt shows; every fact must be one of the vocabulary. */
export async function attempted(wish: Wish | House, job: Job = {}) {
  const place = 'clock' in wish ? wish : await house(wish);
  const { clock, host, target } = place;
  const { knowledge = {}, port = target.port, via = 'address', ...more } = job;
  const endpoint = { address: target.address, port };
  const flashed = await clock.run(
    flash(
      {
        file: sketchOf(90_000),
        command: 'sketch',
        board: { name: 'kitchen', endpoint, via, knowledge },
        wait: false,
        ...more,
      },
      host,
      () => {},
      new AbortController().signal,
    ),
    minutes(10),
  );
  const { attempt, delivery, plan } = flashed;
  const facts = factsOfAttempt(attempt, { command: more.command ?? 'sketch', delivery, plan, knowledge });
  for (const fact of facts) expect(validateFact(fact)).toMatchObject({ ok: true });
  expect(new Set(facts.map(({ fact }) => fact)).size).toBe(facts.length);
  return { place, facts, said: valuesOf(facts), plan, flashed };
}

