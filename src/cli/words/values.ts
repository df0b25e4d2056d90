/** How the values of options are read. */
import { CommanderError } from 'commander';
import { sectorBytes } from '#values/index.ts';

export const gather = (word: string, before: readonly string[] | undefined): readonly string[] => [
  ...(before ?? []),
  word,
];

const number =
  (wanted: string, accepts: (n: number) => boolean) =>
  (word: string): number => {
    const n = Number(word);
    if (word.trim() === '' || !accepts(n))
      throw new CommanderError(1, 'commander.invalidArgument', `error: "${word}" is not ${wanted}`);
    return n;
  };
export const whole = number('a whole number from 1 on', (n) => Number.isSafeInteger(n) && n >= 1);
export const port = number('a port (1 to 65535)', (n) => Number.isInteger(n) && n >= 1 && n <= 65535);
export const positive = number('a number above 0', (n) => n > 0 && n < 1e6);
export const nonNegative = number('a number from 0 on', (n) => n >= 0 && n < 1e6);
export const baud = number(
  'a speed in baud (300 to 4000000)',
  (n) => Number.isInteger(n) && n >= 300 && n <= 4_000_000,
);
export const offset = number(
  'an offset that starts a sector, such as 0x10000',
  (n) => Number.isInteger(n) && n >= 0 && n < 2 ** 32 && n % sectorBytes === 0,
);
