import type { FactName, FactValue } from '#values/facts.ts';
import type { Grade, Met } from './grades.ts';
import type { Seen } from './seen.ts';

export type Stage = FactValue<'attempt.stopped-in'>;

/** A value, one of several, or a test of it. */
export type Expected<N extends FactName> =
  | FactValue<N>
  | readonly FactValue<N>[]
  | ((value: FactValue<N>, seen: Seen) => boolean);

/** What single facts say of a cause, by grade. */
export type Evidence = {
  readonly [G in Grade]?: { readonly [N in FactName]?: Expected<N> };
};

/** What several facts say together. */
export interface Together {
  readonly grade: Grade;
  /** The facts it reads; the least trusted one sets its weight. */
  readonly of: readonly FactName[];
  readonly when: (seen: Seen) => boolean;
  readonly because: string | ((seen: Seen) => string);
}

export type Words<T> = T | ((seen: Seen) => T);

/** One reason why an update fails, as data. Its id is its name everywhere: here, in the docs, in JSON. */
export interface Cause {
  readonly id: string;
  /** In plain words, lower case, no full stop; states what is wrong and gives no advice. */
  readonly title: string;
  /** The first sentence where the facts allow a better one than the title. */
  readonly headline?: (seen: Seen) => string | undefined;
  readonly met: Met;
  /** Stages in which an attempt can end because of it. */
  readonly stops: readonly Stage[];
  /** It exists only there: another value excludes it. */
  readonly only?: { readonly [N in FactName]?: FactValue<N> | readonly FactValue<N>[] };
  /** Later ones win over earlier ones where they speak of the same fact. */
  readonly evidence: readonly Evidence[];
  readonly together?: readonly Together[];
  /** What has to be true besides, in words; undefined when nothing. */
  readonly assumes?: (seen: Seen) => string | undefined;
  /** The sum, a line a step. */
  readonly arithmetic?: (seen: Seen) => readonly string[];
  /** In order, each one thing to do. */
  readonly fix: Words<readonly string[]>;
  /** The one cheapest test that tells it from its look-alikes. */
  readonly test: Words<string>;
}

export const words = <T>(from: Words<T>, seen: Seen): T =>
  typeof from === 'function' ? (from as (seen: Seen) => T)(seen) : from;

/** Expectations of numbers. */
export const above = (limit: number) => (value: number) => value > limit;
export const under = (limit: number) => (value: number) => value < limit;

/** The layer of a cause: the first word of its id. */
export type Layer = 'host' | 'net' | 'disc' | 'tool' | 'auth' | 'sk' | 'dev' | 'img' | 'hw' | 'cloud';
export const layerOf = (id: string): Layer => id.slice(0, id.indexOf('-')) as Layer;
