/** Versions of cores as facts write them: `2.3.0`, `3.0.x`, `before 2.7.0`, `2.7.0 or later`. */

/** Whether a core is at least this release; undefined when what is known of it does not say. */
export function atLeast(core: string, version: string): boolean | undefined {
  const numbers = /(\d+)\.(\d+|x)(?:\.(\d+|x))?/.exec(core)?.slice(1);
  if (!numbers) return undefined;
  const wanted = version.split('.').map(Number);
  const order = compare(numbers, wanted);
  if (/before|older|under|</i.test(core)) return order === undefined || order > 0 ? undefined : false;
  if (/later|newer|from|>|\+/i.test(core)) return order === undefined || order < 0 ? undefined : true;
  return order === undefined ? undefined : order >= 0;
}

function compare(numbers: readonly (string | undefined)[], wanted: readonly number[]): number | undefined {
  for (const [at, want] of wanted.entries()) {
    const part = numbers[at] ?? '0';
    if (part === 'x') return want === 0 ? 0 : undefined;
    if (Number(part) !== want) return Number(part) - want;
  }
  return 0;
}
