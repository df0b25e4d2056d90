import type { FactName, FactSource, FactValue } from '#values/facts.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';

/** A fact that a sign stands for. */
export interface Said {
  readonly name: FactName;
  readonly value: FactValue;
  readonly inferred: boolean;
}

/** Words of a tool or a board, and what they say. */
export interface Sign {
  readonly words: RegExp;
  readonly what: string;
  readonly says: readonly Said[];
}

export const is = <N extends FactName>(name: N, value: FactValue<N>, inferred = false): Said => ({
  name,
  value,
  inferred,
});
export const seems = <N extends FactName>(name: N, value: FactValue<N>): Said => is(name, value, true);

/** Says what every sign that a line bears stands for. True when it bore one. */
export function takeSigns(signs: readonly Sign[], line: Line, notes: Notes, source: FactSource): boolean {
  const borne = signs.filter(({ words }) => words.test(line.text));
  for (const { what, says } of borne) {
    notes.notice(line.number, what);
    for (const { name, value, inferred } of says) notes.say(name, value as never, source, inferred);
  }
  return borne.length > 0;
}
