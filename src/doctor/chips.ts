import type { FactValue } from '#values/facts.ts';

type Family = FactValue<'board.family'>;

const patterns: readonly (readonly [RegExp, Family])[] = [
  [/^esp8/, 'esp8266'],
  [/^esp32/, 'esp32'],
  [/^rp/, 'rp2040'],
];

/** The family of cores that a chip belongs to. */
export const familyOf = (chip: FactValue<'board.chip'>): Family | undefined =>
  patterns.find(([pattern]) => pattern.test(chip))?.[1];
