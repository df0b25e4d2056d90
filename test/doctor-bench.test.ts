// A slice of `npm run bench -- doctor`, as a guard against regressions; the whole of it prints the figures of the docs.
import { expect, test } from 'vitest';
import { type Played, playSeed } from '../bench/doctor/scenario.ts';
import { figuresOf } from '../bench/doctor/score.ts';

const played: Played[] = [];
for (let seed = 1; seed <= 150; seed++) played.push(await playSeed(seed));
const figures = figuresOf(played);

test('most single faults are named first, more of them among the first three', () => {
  expect(figures.top1).toBeGreaterThan(0.7);
  expect(figures.top3).toBeGreaterThan(0.82);
});

test('what is called certain is right', () => {
  expect(figures.certain.wrongSeeds).toEqual([]);
  expect(figures.certain.all).toBeGreaterThan(20);
});

test('where nothing is wrong, nothing is named', () => {
  expect(figures.nothingWrong.right).toBe(figures.nothingWrong.all);
});

test('a diagnosis adds at most 15 seconds to a failed upload, 2 where arithmetic settles it', () => {
  expect(figures.addedSeconds.most).toBeLessThanOrEqual(15);
  expect(figures.addedSeconds.mostSettled).toBeLessThanOrEqual(2);
});

test('the same seed gives the same scenario', async () => {
  const [again, once] = [await playSeed(7), played[6]!];
  expect(again.truth).toEqual(once.truth);
  expect(again.facts).toEqual(once.facts);
});
