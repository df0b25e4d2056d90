import { describe, expect, it } from 'vitest';
import { isFactName } from '#values/facts.ts';
import { choose } from './choose.ts';
import { probes } from './questions.ts';
import { factsFrom } from './scenarios.fixture.ts';

const next = (words: string, can: Parameters<typeof choose>[1] = () => true, done?: ReadonlySet<string>) =>
  choose(factsFrom(words), can, done)?.probe.name;

describe('the next question', () => {
  const silent = 'board.family=esp32 attempt.tool-text=no-response-from-device image.kind=app';

  it('is one that separates what is left', () => {
    const choice = choose(factsFrom(silent), () => true);
    expect(choice?.information).toBeGreaterThan(0.1);
  });

  it('prefers what costs little: no person is asked while a probe can tell', () =>
    expect(choose(factsFrom(silent), () => true)?.probe.risk).toBe('harmless'));

  it('asks only what can be asked, and nothing twice', () => {
    const first = next(silent)!;
    expect(next(silent, undefined, new Set([first]))).not.toBe(first);
    expect(next(silent, ({ risk }) => risk === 'acts')).toMatch(/^(invite|invite-pattern|dry-run)$/);
  });

  it('asks the person when only they can know', () =>
    expect(
      next(
        'board.family=esp8266 attempt.stopped-in=restart after.restart=gone transfer.end=completed serial.boot-mode=1',
        ({ risk }) => risk === 'asks',
      ),
    ).toMatch(/^(history\.wire-since-power-on|person\.parts-on-boot-pins)$/));

  it('asks nothing more when one cause stands', () =>
    expect(next('listener.bind=in-use attempt.tool-text=listen-failed')).toBeUndefined());
});

it('probes have names of their own and yield facts of the vocabulary', () => {
  expect(new Set(probes.map(({ name }) => name)).size).toBe(probes.length);
  for (const { name, yields } of probes) expect(yields.every(isFactName), name).toBe(true);
});
