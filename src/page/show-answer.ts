/** The answer: what is wrong, what to do, what else it could be. */
import { describe, type Named, type Probe } from '#doctor/index.ts';
import { type Fact, fact, vocabulary } from '#values/facts.ts';
import type { Answer } from './answer.ts';
import { type Child, h, prose, sentence } from './dom.ts';
import { showDetails } from './show-details.ts';
import { showFindings } from './show-findings.ts';

/** What the answer's buttons do. */
export interface Doings {
  say(given: Fact): void;
  /** The person can't answer it. */
  pass(question: Probe): void;
  /** Absent: there is no link that others could open. */
  copyLink?(button: HTMLButtonElement): void;
  copyText(button: HTMLButtonElement): void;
}

export function showAnswer(answer: Answer, doings: Doings): HTMLElement {
  const [cause, rival] = answer.diagnosis.causes;
  return h(
    'div',
    { class: 'card result' },
    heading(answer),
    cause?.assumption && h('p', { class: 'assumption' }, sentence(cause.assumption)),
    cause ? toDo(cause) : undefined,
    cause && (rival ? orElse(cause, rival) : makeSure(answer.diagnosis.next.test)),
    answer.question && ask(answer.question, doings),
    showFindings(answer),
    cause && showDetails(answer),
    answer.facts.length > 0 && share(doings),
  );
}

/** The first sentence. */
export function headline({ diagnosis, findings, facts }: Answer): string {
  const [cause] = diagnosis.causes;
  if (diagnosis.nothingWrong) return 'Nothing is wrong: the update arrived, and nothing speaks of a failure.';
  if (cause) return sentence(cause.title);
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return `${errors === 1 ? 'One thing' : `${errors} things`} in the sketch can stop an update.`;
  if (findings.length > 0) return 'Nothing in the sketch stops an update; a few things could be better.';
  return facts.length > 0 ? 'This does not tell yet why it failed.' : 'I can’t find the output of an upload in this.';
}

const verdicts = { certain: 'Certain', likely: 'Likely', possible: 'Possible' } as const;

function heading(answer: Answer): Child[] {
  const [cause] = answer.diagnosis.causes;
  const next = answer.diagnosis.next.test;
  return [
    cause && h('p', { class: `verdict ${cause.verdict}` }, verdicts[cause.verdict]),
    h('h2', { class: 'headline' }, ...prose(headline(answer))),
    !cause && next !== undefined && h('p', {}, ...prose(next)),
  ];
}

const toDo = ({ fix }: Named): HTMLElement =>
  h(
    'section',
    {},
    h('h3', {}, 'What to do'),
    h('ol', { class: 'steps' }, ...fix.map((step) => h('li', {}, h('div', {}, ...prose(step))))),
  );

function orElse(cause: Named, rival: Named): HTMLElement {
  const test = cause.verdict === 'certain' ? rival.test : cause.test;
  return h(
    'section',
    { class: 'rival' },
    h('h3', {}, rival.besides ? 'And perhaps besides' : 'Or else'),
    h('p', {}, ...prose(sentence(rival.title))),
    h('p', {}, h('b', {}, 'To tell: '), ...prose(sentence(test))),
  );
}

const makeSure = (test: string | undefined): HTMLElement | undefined =>
  test === undefined
    ? undefined
    : h('section', { class: 'rival' }, h('h3', {}, 'To make sure'), h('p', {}, ...prose(sentence(test))));

const answerWords = (each: Fact): string =>
  typeof each.value === 'boolean' ? (each.value ? 'Yes' : 'No') : sentence(describe(each));

/** One question, its answers in the words that the evidence will be shown with. */
function ask(question: Probe, doings: Doings): HTMLElement {
  const answers = question.yields.flatMap((name) => {
    const shape = vocabulary[name];
    const values = shape.is === 'flag' ? [true, false] : shape.is === 'word' ? shape.words : [];
    return values.map((value) => fact(name, value as never, 'person') as Fact);
  });
  return h(
    'section',
    { class: 'ask', 'aria-labelledby': 'question' },
    h('h3', { id: 'question' }, `To be surer: ${question.asks.charAt(0).toLowerCase()}${question.asks.slice(1)}`),
    h(
      'div',
      { class: 'choices' },
      ...answers.map((each) => h('button', { type: 'button', click: () => doings.say(each) }, answerWords(each))),
      h('button', { type: 'button', class: 'quiet', click: () => doings.pass(question) }, 'I don’t know'),
    ),
  );
}

const share = (doings: Doings): HTMLElement =>
  h(
    'section',
    { class: 'share' },
    h('h3', {}, 'Ask others'),
    doings.copyLink &&
      h(
        'p',
        {},
        'The link carries what was read from your log (board, sizes, messages), never the log itself, your sketch or a password. Whoever opens it sees this answer.',
      ),
    h(
      'div',
      { class: 'choices' },
      doings.copyLink &&
        h(
          'button',
          { type: 'button', click: (event) => doings.copyLink?.(event.currentTarget as HTMLButtonElement) },
          'Copy a link to this answer',
        ),
      h(
        'button',
        { type: 'button', click: (event) => doings.copyText(event.currentTarget as HTMLButtonElement) },
        'Copy it as text',
      ),
    ),
    h('div', { id: 'shared-link' }),
  );

/** What a link brought, above its answer. */
export const sharedBanner = (facts: readonly Fact[], startAnew: () => void): HTMLElement =>
  h(
    'div',
    { class: 'card shared' },
    h(
      'p',
      {},
      'Somebody shared these facts with you. The answer below was worked out from them just now, in your browser.',
    ),
    h(
      'details',
      { id: 'shared-facts' },
      h('summary', {}, `What the link carries (${facts.length} facts)`),
      h('ul', { class: 'evidence' }, ...facts.map((each) => h('li', {}, sentence(describe(each))))),
    ),
    h('button', { type: 'button', click: startAnew }, 'Start anew with my own upload'),
  );
