/** The answer in words, line by line. A line has a kind, which a terminal may colour; the text makes sense without. */
import type { Diagnosis, Named } from './rank.ts';

export interface Rendered {
  readonly kind:
    | 'headline'
    | 'do'
    | 'rival'
    | 'heading'
    | 'for'
    | 'against'
    | 'assumption'
    | 'sum'
    | 'out'
    | 'test'
    | 'more'
    | 'blank';
  readonly text: string;
}

/** Lines before the details. */
const mostFirst = 6;
const mostEvidence = 8;

export const pageOf = (id: string): string => `docs/causes/${id}.md`;

const line = (kind: Rendered['kind'], text = ''): Rendered => ({ kind, text });

/** What is wrong and what to do first, in six lines; then the evidence, the sum, what it is not, and the next test. */
export const render = (diagnosis: Diagnosis): readonly Rendered[] => [...first(diagnosis), ...details(diagnosis)];

/** The first six lines only, for an IDE's console. */
export const short = (diagnosis: Diagnosis): readonly string[] => first(diagnosis).map(({ text }) => text);

function first({ causes, next, nothingWrong }: Diagnosis): Rendered[] {
  const [cause, rival] = causes;
  if (nothingWrong) return [line('headline', 'nothing is wrong: the update arrived and nothing speaks of a failure')];
  if (!cause)
    return [
      line('headline', "these facts don't tell what is wrong"),
      ...(next.test ? [line('test', `next: ${next.test}`)] : []),
    ];
  const last = rival
    ? [line('rival', rivalText(cause, rival))]
    : next.test
      ? [line('test', `to make sure: ${next.test}`)]
      : [];
  const steps = cause.fix.slice(0, mostFirst - 1 - last.length);
  return [
    line('headline', `${cause.verdict}: ${cause.title}`),
    ...steps.map((step, at) => line('do', `  ${at + 1}. ${step}`)),
    ...last,
  ];
}

const rivalText = (cause: Named, rival: Named): string =>
  rival.besides
    ? `  and perhaps besides: ${rival.title}. To tell: ${cause.test}`
    : `  or else: ${rival.title}. To tell: ${cause.verdict === 'certain' ? rival.test : cause.test}`;

function details({ causes, ruledOut, nothingWrong }: Diagnosis): Rendered[] {
  const [cause, ...others] = causes;
  if (nothingWrong || !cause) return [];
  return [
    ...section(`${cause.id}, ${percent(cause.probability)}`, evidence(cause)),
    ...section(
      'the sum',
      cause.arithmetic.map((step) => line('sum', `  ${step}`)),
    ),
    ...others.flatMap((other) =>
      section(`${other.besides ? 'perhaps besides' : 'or'}: ${other.title}`, [
        ...evidence(other),
        line('test', `  test: ${other.test}`),
        line('more', `  ${other.id}, ${percent(other.probability)}`),
      ]),
    ),
    ...section(
      'what it is not',
      ruledOut.map(({ title, why }) => line('out', `  ${title}: no, because ${why}`)),
    ),
    line('blank'),
    line('more', `the whole story: whyota explain ${cause.id}`),
  ];
}

const evidence = (cause: Named): Rendered[] => [
  ...cause.because.slice(0, mostEvidence).map((words) => line('for', `  + ${words}`)),
  ...cause.against.slice(0, mostEvidence).map((words) => line('against', `  - ${words}`)),
  ...(cause.assumption ? [line('assumption', `  ? ${cause.assumption}`)] : []),
];

const section = (heading: string, lines: readonly Rendered[]): Rendered[] =>
  lines.length === 0 ? [] : [line('blank'), line('heading', heading), ...lines];

const percent = (probability: number): string =>
  probability >= 0.995 ? 'over 99 %' : `${Math.max(1, Math.round(probability * 100))} %`;
