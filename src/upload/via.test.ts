import { expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { planTwoSteps } from './via.ts';

const image = (bytes: number) => makeEsp8266Image({ core: '2.3.0', bytes, flashBytes: 1024 * 1024, seed: bytes });
const board = { family: 'esp8266', core: '2.3.0', layout: '1M512', runningBytes: 253_168 } as const;

it('goes through a minimal firmware where the direct way is one sector short', () => {
  expect(planTwoSteps(image(236_000), image(253_168), board).problem).toBeUndefined();
});

it('is refused as a whole when the second step would not fit beside the minimal firmware', () => {
  const { problem } = planTwoSteps(image(236_000), image(400_000), board);
  expect(problem).toMatchObject({ code: 'img-8266-two-copies-dont-fit', what: expect.stringMatching(/^step 2/) });
});

it('is refused as a whole when the minimal firmware itself does not fit', () => {
  expect(planTwoSteps(image(253_168), image(236_000), board).problem?.what).toMatch(/^step 1/);
});

it("reckons the second step with the minimal firmware's own layout", () => {
  expect(planTwoSteps(image(236_000), image(400_000), board, '1M64').problem).toBeUndefined();
});
