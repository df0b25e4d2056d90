/** Releases of the Arduino cores, and what their boards can do. */

/** "2.7.4"; a suffix after the third number is not looked at. */
export type Core = string;

/** Negative when `a` is older than `b`. */
export function compareCores(a: Core, b: Core): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let i = 0; i < 3; i++) if (left[i] !== right[i]) return left[i]! - right[i]!;
  return 0;
}

const numbers = (core: Core): number[] => [0, 1, 2].map((i) => Number.parseInt(core.split('.')[i] ?? '', 10) || 0);

export const atLeast = (core: Core, than: Core): boolean => compareCores(core, than) >= 0;

/** Whether a board running this ESP8266 core takes gzip: its Updater and its boot loader must know it (2.7.0 on). */
export const inflatesGzip = (core: Core): boolean => atLeast(core, '2.7.0');
