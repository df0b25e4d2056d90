import { useMemo, useSyncExternalStore } from 'react';
import { hrefOf, type Place, placeOf } from './place.ts';

const watch = (told: () => void): (() => void) => {
  addEventListener('hashchange', told);
  return () => removeEventListener('hashchange', told);
};

export function usePlace(): Place {
  const fragment = useSyncExternalStore(watch, () => location.hash);
  return useMemo(() => placeOf(fragment), [fragment]);
}

export const goTo = (place: Place): void => {
  location.hash = hrefOf(place);
};

/** The same, without a step in the browser's history: what was left must not come back. */
export const moveTo = (place: Place): void => location.replace(hrefOf(place));
