import type { Fact, FactName, FactValue } from '#values/facts.ts';
import { trust } from './grades.ts';
import { atLeast } from './versions.ts';

/** The facts of one case, for reading. What is not known is undefined. */
export class Seen {
  readonly facts: readonly Fact[];
  readonly #byName = new Map<FactName, Fact[]>();

  constructor(facts: readonly Fact[]) {
    this.facts = facts;
    for (const each of facts) this.#byName.set(each.fact, [...(this.#byName.get(each.fact) ?? []), each]);
  }

  /** All observations of this name; more than one only where a fact repeats. */
  all(name: FactName): readonly Fact[] {
    return this.#byName.get(name) ?? [];
  }

  fact(name: FactName): Fact | undefined {
    return this.all(name)[0];
  }

  get<N extends FactName>(name: N): FactValue<N> | undefined {
    return this.fact(name)?.value as FactValue<N> | undefined;
  }

  /** Whether one of these values was seen. */
  is<N extends FactName>(name: N, ...values: readonly FactValue<N>[]): boolean {
    return this.all(name).some(({ value }) => values.includes(value as FactValue<N>));
  }

  has(name: FactName): boolean {
    return this.#byName.has(name);
  }

  /** Whether the core now on the board is at least this release; of the new build where the running one is not known. */
  coreAtLeast(version: string): boolean | undefined {
    const core = this.get('running.core-version') ?? this.get('build.core-version');
    return core === undefined ? undefined : atLeast(core, version);
  }

  /** How far an observation can be relied on, from 0 to 1. */
  trust(each: Fact): number {
    const stranger = each.fact.startsWith('sketch.') && each.fact !== 'sketch.role' && this.is('sketch.role', 'new');
    return (
      (each.inferred ? trust.inferred : each.source === 'person' ? trust.saidByAPerson : trust.seen) *
      (stranger ? trust.ofTheOtherSketch : 1)
    );
  }

  /** The weakest of several. Where the running core is not known, that of the new build stands in for it. */
  trustIn(names: readonly FactName[]): number {
    const guessed =
      names.includes('running.core-version') && !this.has('running.core-version') && this.is('board.family', 'esp8266');
    const each = names.flatMap((name) => this.all(name)).map((one) => this.trust(one));
    return Math.min(guessed ? trust.guessedCore : 1, ...each);
  }
}
