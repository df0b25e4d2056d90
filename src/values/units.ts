/** Units, and how they are printed. A duration is in milliseconds and made by a word. */
export type Millis = number & { readonly unit?: 'ms' };

export const millis = (n: number): Millis => n as Millis;
export const seconds = (n: number): Millis => (n * 1000) as Millis;
export const minutes = (n: number): Millis => (n * 60_000) as Millis;

/** Flash is erased in sectors of this many bytes, on every chip that WhyOTA knows. */
export const sectorBytes = 4096;

/** How many sectors hold so many bytes. */
export const sectors = (bytes: number): number => Math.ceil(bytes / sectorBytes);

/** `253,168`: thousands with a comma, whatever the machine's language (the same text everywhere). */
export const formatNumber = (n: number): string => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ',');

/** `253,168 bytes`, `3.2 KB` (of 1024), `1.5 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${formatNumber(bytes)} ${bytes === 1 ? 'byte' : 'bytes'}`;
  if (bytes < 1024 * 1024) return `${trim(bytes / 1024)} KB`;
  return `${trim(bytes / 1024 / 1024)} MB`;
}

/** `340 ms`, `4.2 s`, `1 min 20 s`. */
export function formatDuration(time: Millis): string {
  if (time < 1000) return `${Math.round(time)} ms`;
  if (time < 59_950) return `${trim(time / 1000)} s`;
  const whole = Math.round(time / 1000);
  const rest = whole % 60;
  return rest ? `${Math.floor(whole / 60)} min ${rest} s` : `${Math.floor(whole / 60)} min`;
}

const trim = (n: number): string => (n >= 100 ? n.toFixed(0) : n.toFixed(1).replace(/\.0$/, ''));
