/** A problem that a person can meet. *what* states it and gives no advice; *why* explains; *fix* says what to do. */
export interface Problem {
  /** Kebab-case name, the same in JSON, docs and searches: a cause's id where there is one. */
  readonly code: Code;
  readonly what: string;
  readonly why: string;
  readonly fix: string;
  /** Whose doing it is: the doctor starts where the blame points. */
  readonly blame?: 'us' | 'device' | 'network' | 'person';
  /** Lines of evidence or arithmetic under the sentence. */
  readonly details?: readonly string[];
}

export type Code = string;

/** What can be expected to fail returns this; only bugs are thrown. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export const isProblem = (value: unknown): value is Problem =>
  typeof value === 'object' && value !== null && 'code' in value && 'what' in value && 'why' in value && 'fix' in value;
