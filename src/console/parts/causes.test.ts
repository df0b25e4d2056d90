import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { causesOf } from './causes.ts';

describe('a diagnosis from the hub', () => {
  it('is read as the doctor gives it', () => {
    const cause = { id: 'a', title: 'Too big', verdict: 'certain', because: ['x', 'x'], against: [], fix: ['smaller'] };
    const read = causesOf({ causes: [cause], next: { test: 'try once more' } });
    expect(read).toEqual({ causes: [{ ...cause, because: ['x'] }], nothingWrong: false, test: 'try once more' });
    expect(causesOf([cause]).causes).toHaveLength(1);
    expect(causesOf({ causes: [], nothingWrong: true }).nothingWrong).toBe(true);
  });

  it('gives texts alone, whatever comes', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (any, verdict) => {
        for (const given of [any, [any], { causes: any }, { causes: [{ title: 'x', verdict, because: any }] }])
          for (const { because, verdict: read } of causesOf(given).causes) {
            expect(because.every((each) => typeof each === 'string')).toBe(true);
            expect(['certain', 'likely', 'possible']).toContain(read);
          }
      }),
    );
  });
});
