/** Core versions, as far as this protocol needs to compare them. */

/** Families that take an update by espota. */
export type Family = 'esp8266' | 'esp32' | 'rp2040';

/** `2.4.0`; a suffix (`-rc1`, `+`) is not looked at; `master` is newer than every release. */
export function compareCores(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) {
    const difference = left[i]! - right[i]!;
    if (difference !== 0 && !Number.isNaN(difference)) return difference;
  }
  return 0;
}

export const atLeastCore = (core: string, other: string): boolean => compareCores(core, other) >= 0;

/** Whether it names a version at all. */
export const isCore = (core: string): boolean => core === 'master' || /^\d{1,4}(\.\d{1,4}){0,2}([-+].*)?$/.test(core);

const numbers = (core: string): number[] =>
  core === 'master'
    ? [Number.POSITIVE_INFINITY, 0, 0]
    : [0, 1, 2].map((i) => Number.parseInt(core.split(/[-+]/)[0]!.split('.')[i] ?? '0', 10) || 0);
