import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hrefOf, type Place, placeOf } from './index.ts';

describe('a place in the console', () => {
  it.each([
    { page: 'devices' },
    { page: 'device', id: 'a1b2' },
    { page: 'flash', to: [] },
    { page: 'flash', to: ['a1', 'b2'], firmware: 'c3' },
    { page: 'batch', id: 'b1' },
    { page: 'update', id: 'u1' },
    { page: 'firmware' },
    { page: 'first-flash' },
    { page: 'why' },
    { page: 'settings' },
    { page: 'start', secret: 'Abc-123' },
  ] satisfies Place[])('$page comes back from its link', (place) => {
    expect(placeOf(hrefOf(place))).toEqual(place);
  });

  it('is the list of devices for any other fragment', () => {
    for (const fragment of ['', '#', '#/', '#/nowhere', '#/update/<b>', '#/devices/../x'])
      expect(placeOf(fragment)).toEqual({ page: 'devices' });
  });

  it('is some place for every fragment', () => {
    fc.assert(
      fc.property(fc.string(), (fragment) => {
        expect(placeOf(fragment).page).toBeTypeOf('string');
      }),
    );
  });
});
