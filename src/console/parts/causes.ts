/** The causes of a diagnosis as `whyota doctor --json` gives it, read with care: the contract leaves its shape open. */

export interface Cause {
  readonly id: string;
  readonly title: string;
  readonly verdict: 'certain' | 'likely' | 'possible';
  readonly because: readonly string[];
  readonly against: readonly string[];
  readonly fix: readonly string[];
  readonly assumption?: string;
}
export interface Causes {
  readonly causes: readonly Cause[];
  readonly nothingWrong: boolean;
  /** What would tell more. */
  readonly test?: string;
}

export function causesOf(diagnosis: unknown): Causes {
  const { causes, nothingWrong, next } = fieldsOf(diagnosis);
  const list = Array.isArray(diagnosis) ? diagnosis : Array.isArray(causes) ? causes : [];
  const { test } = fieldsOf(next);
  return {
    causes: list.flatMap((each) => causeOf(each) ?? []),
    nothingWrong: nothingWrong === true,
    ...(typeof test === 'string' && { test }),
  };
}

function causeOf(value: unknown): Cause | undefined {
  const { id, title, verdict, because, against, fix, assumption } = fieldsOf(value);
  if (typeof title !== 'string') return undefined;
  return {
    id: typeof id === 'string' ? id : '',
    title,
    verdict: verdict === 'certain' || verdict === 'likely' ? verdict : 'possible',
    because: texts(because),
    against: texts(against),
    fix: texts(fix),
    ...(typeof assumption === 'string' && { assumption }),
  };
}

const fieldsOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

const texts = (value: unknown): readonly string[] => [
  ...new Set(Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []),
];
