/** How WhyOTA knows: evidence for and against, the sum, what else was weighed, what it is not. */
import type { Named } from '#doctor/index.ts';
import type { Answer } from './answer.ts';
import { type Child, h, prose, sentence } from './dom.ts';
import { picture } from './picture.ts';

export function showDetails({ diagnosis }: Answer): HTMLElement | undefined {
  const [cause, ...others] = diagnosis.causes;
  if (!cause) return undefined;
  return h(
    'details',
    { id: 'how', class: 'how' },
    h('summary', {}, 'How WhyOTA knows'),
    ...evidence(cause),
    cause.arithmetic.length > 0 &&
      h(
        'section',
        {},
        h('h4', {}, 'The sum'),
        picture(diagnosis.facts),
        h('ul', { class: 'sum' }, ...cause.arithmetic.map((step) => h('li', {}, ...prose(step)))),
      ),
    others.length > 0 &&
      h(
        'section',
        {},
        h('h4', {}, 'What else it could be'),
        ...others.map((other) =>
          h(
            'details',
            { id: `other-${other.id}` },
            h('summary', {}, sentence(other.title), h('span', { class: 'where' }, percent(other.probability))),
            ...evidence(other),
            h('p', {}, h('b', {}, 'To tell: '), ...prose(sentence(other.test))),
          ),
        ),
      ),
    diagnosis.ruledOut.length > 0 &&
      h(
        'section',
        {},
        h('h4', {}, 'What it is not'),
        h(
          'ul',
          { class: 'evidence out' },
          ...diagnosis.ruledOut.map(({ title, why }) =>
            h('li', {}, h('b', {}, sentence(title)), ' No: ', ...prose(sentence(why))),
          ),
        ),
      ),
    h('p', { class: 'fine' }, `${cause.id}, ${percent(cause.probability)}`),
  );
}

const mostEvidence = 8;

const evidence = (cause: Named): Child[] => [
  h(
    'ul',
    { class: 'evidence' },
    ...cause.because
      .slice(0, mostEvidence)
      .map((words) => h('li', { class: 'for' }, spoken('For it: '), sentence(words))),
    ...cause.against
      .slice(0, mostEvidence)
      .map((words) => h('li', { class: 'against' }, spoken('Against it: '), sentence(words))),
    cause.assumption !== undefined && h('li', { class: 'assumed' }, spoken('Not known: '), sentence(cause.assumption)),
  ),
];

/** For those who hear the page: the signs before the lines are only seen. */
const spoken = (text: string): HTMLElement => h('span', { class: 'spoken' }, text);

const percent = (probability: number): string =>
  probability >= 0.995 ? 'over 99 %' : `${Math.max(1, Math.round(probability * 100))} %`;
