/** Facts: single observations with where they came from. Probes, readers, sketches and people yield them; the doctor
 *  weighs them. Unknown means absent: there is no value "unknown". A fact never holds a secret. */
import type { Result } from './problem.ts';
import { type Shape, vocabulary } from './vocabulary.ts';

export { chips, errorKinds, sketchRules, type Unit, variations, vocabulary } from './vocabulary.ts';

export type FactName = keyof typeof vocabulary;

type ValueOf<S extends Shape> = S extends { is: 'word'; words: readonly (infer W)[] }
  ? W
  : S extends { is: 'number' }
    ? number
    : S extends { is: 'flag' }
      ? boolean
      : string;

export type FactValue<N extends FactName = FactName> = ValueOf<(typeof vocabulary)[N]>;

/** Where a value came from, nearest to the event first. */
export const factSources = ['probe', 'transcript', 'serial', 'image', 'build', 'sketch', 'log', 'person'] as const;
export type FactSource = (typeof factSources)[number];

/** One observation. `inferred`: concluded, not seen; it deserves less weight. */
export type Fact<N extends FactName = FactName> = {
  readonly [K in N]: {
    readonly fact: K;
    readonly value: FactValue<K>;
    readonly source: FactSource;
    readonly inferred?: true;
    readonly unit?: string;
  };
}[N];

/** A facts file: `{"version": 1, "facts": […]}`. */
export interface FactsFile {
  readonly version: 1;
  readonly facts: readonly Fact[];
  /** Entries that say nothing to this version, each as a line for a person: unknown names, impossible values. */
  readonly ignored: readonly string[];
}

/** Facts that may stand more than once, with different values. All others stand at most once. */
export const repeats: ReadonlySet<FactName> = new Set([
  'attempt.tool-text',
  'device.error',
  'build.library',
  'history.changed',
  'serial.says',
] satisfies FactName[]);

export const isFactName = (name: unknown): name is FactName =>
  typeof name === 'string' && Object.hasOwn(vocabulary, name);

/** One fact, its unit filled in from the vocabulary. */
export function fact<N extends FactName>(
  name: N,
  value: FactValue<N>,
  source: FactSource,
  options: { readonly inferred?: boolean } = {},
): Fact<N> {
  const shape: Shape = vocabulary[name];
  const unit = shape.is === 'number' ? shape.unit : undefined;
  return { fact: name, value, source, ...(options.inferred && { inferred: true }), ...(unit && { unit }) } as Fact<N>;
}

/** A fact out of something from outside. */
export function validateFact(input: unknown): Result<Fact> {
  if (typeof input !== 'object' || input === null) return bad('an entry is not an object');
  const { fact: name, value, source, inferred, unit } = input as Record<string, unknown>;
  if (!isFactName(name)) return bad(`${quote(name)} is not the name of a fact`);
  const shape: Shape = vocabulary[name];
  if (!fits(value, shape)) return bad(`${name} can't be ${quote(value)}`);
  if (!factSources.includes(source as FactSource)) return bad(`${name}: ${quote(source)} is not a source`);
  if (inferred !== undefined && typeof inferred !== 'boolean') return bad(`${name}: inferred must be true or false`);
  if (unit !== undefined && unit !== (shape.is === 'number' ? shape.unit : undefined))
    return bad(`${name}: ${quote(unit)} is not its unit`);
  return { ok: true, value: fact(name, value as never, source as FactSource, { inferred: inferred === true }) };
}

const longestText = 120;
const longestFile = 1_000_000;
const mostFacts = 1000;

function fits(value: unknown, shape: Shape): boolean {
  switch (shape.is) {
    case 'word':
      return shape.words.includes(value as string);
    case 'flag':
      return typeof value === 'boolean';
    case 'text':
      return (
        typeof value === 'string' && value.length > 0 && value.length <= longestText && !/[\x00-\x1f\x7f]/.test(value)
      );
    case 'number':
      return (
        typeof value === 'number' &&
        Number.isFinite(value) &&
        (!shape.whole || Number.isSafeInteger(value)) &&
        value >= shape.least &&
        value <= shape.most
      );
  }
}

/** A facts file from its text. What can't be read is left out and named; a file without one usable fact is a problem. */
export function parseFacts(json: string): Result<FactsFile> {
  if (json.length > longestFile) return bad('the file is larger than 1 MB');
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return bad('the file is not JSON');
  }
  const { version, facts: entries } = (content ?? {}) as Record<string, unknown>;
  if (version !== 1) return bad(`its version is ${quote(version)}; this WhyOTA reads version 1`);
  if (!Array.isArray(entries)) return bad('it has no list named "facts"');
  if (entries.length > mostFacts) return bad(`it holds more than ${mostFacts} facts`);
  const facts: Fact[] = [];
  const ignored: string[] = [];
  for (const entry of entries) {
    const read = validateFact(entry);
    if (read.ok) facts.push(read.value);
    else ignored.push(read.problem.why);
  }
  if (facts.length === 0) return bad(ignored[0] ?? 'its list of facts is empty');
  return { ok: true, value: { version: 1, facts: mergeFacts(facts), ignored } };
}

/** The text of a facts file. */
export const formatFacts = (facts: readonly Fact[]): string => JSON.stringify({ version: 1, facts }, null, 2);

/** One list out of several, each fact once. Where they disagree, what was seen wins over what was inferred, then the
 *  nearer source (board, network and files over a log, a log over a person), then the later one. */
export function mergeFacts(...lists: readonly (readonly Fact[])[]): Fact[] {
  const kept = new Map<string, Fact>();
  for (const each of lists.flat()) {
    const key = repeats.has(each.fact) ? `${each.fact} ${each.value}` : each.fact;
    const rival = kept.get(key);
    if (!rival || distance(each) <= distance(rival)) kept.set(key, each);
  }
  return [...kept.values()];
}

const distance = ({ source, inferred }: Fact): number =>
  (source === 'person' ? 2 : source === 'log' ? 1 : 0) + (inferred ? 3 : 0);

const quote = (value: unknown): string => {
  const words = typeof value === 'object' ? typeof value : String(value);
  return `"${words.slice(0, 40).replace(/[\x00-\x1f\x7f]/g, ' ')}"`;
};

const bad = (why: string): Result<never> => ({
  ok: false,
  problem: {
    code: 'facts-file-unreadable',
    what: 'This is not a facts file that WhyOTA can read.',
    why,
    fix: 'Save a fresh one with `whyota doctor … --save report.json`.',
    blame: 'person',
  },
});
