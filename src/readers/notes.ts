import {
  type Fact,
  type FactName,
  type FactSource,
  type FactValue,
  fact,
  mergeFacts,
  validateFact,
} from '#values/facts.ts';

/** What a reader noticed, and where: so that a person can check it. */
export interface Noticed {
  /** Line of the pasted text, counted from 1. */
  readonly line: number;
  readonly what: string;
}

const mostNoticed = 300;

/** What one reading gathers. */
export class Notes {
  readonly #facts: Fact[] = [];
  readonly seen: Noticed[] = [];

  /** Adds a fact; one that the vocabulary does not allow is dropped, since it came from outside. */
  say<N extends FactName>(name: N, value: FactValue<N>, source: FactSource, inferred = false): void {
    const one = fact(name, value, source, { inferred });
    if (validateFact(one).ok) this.#facts.push(one as Fact);
  }

  infer<N extends FactName>(name: N, value: FactValue<N>, source: FactSource): void {
    this.say(name, value, source, true);
  }

  notice(line: number, what: string): void {
    if (this.seen.length < mostNoticed && this.seen.at(-1)?.what !== what) this.seen.push({ line, what });
  }

  has(name: FactName): boolean {
    return this.#facts.some((each) => each.fact === name);
  }

  get<N extends FactName>(name: N): FactValue<N> | undefined {
    return this.#facts.findLast((each) => each.fact === name)?.value as FactValue<N> | undefined;
  }

  get facts(): Fact[] {
    return mergeFacts(this.#facts);
  }
}

/** A text for a fact: one line, no longer than a fact may hold. */
export const short = (text: string): string =>
  text
    .replace(/[\x00-\x1f\x7f]/g, ' ')
    .trim()
    .slice(0, 110);
