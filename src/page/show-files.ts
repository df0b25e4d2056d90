/** The files that were given, with what each is. */
import type { Identified } from '#firmware/index.ts';
import { formatNumber } from '#values/index.ts';
import { h, prose, sentence } from './dom.ts';
import type { Intake } from './intake.ts';

export function showFiles(intake: Intake, image: Identified | undefined, forget: (name: string) => void): HTMLElement {
  const row = (name: string, ...what: Parameters<typeof prose>[0][]): HTMLElement =>
    h(
      'li',
      {},
      h('div', {}, h('b', {}, name), ...what.map((text) => h('span', { class: 'where' }, ...prose(text)))),
      h(
        'button',
        { type: 'button', class: 'quiet', 'aria-label': `Remove ${name}`, click: () => forget(name) },
        'Remove',
      ),
    );
  return h(
    'ul',
    { class: 'files' },
    ...[...intake.sketch, ...intake.projects].map(({ name, text }) =>
      row(name, `${formatNumber(text.split('\n').length)} lines`),
    ),
    intake.image && row(intake.image.name, ...(image ? about(image) : [])),
    ...intake.refused.map(({ name, why }) =>
      h('li', { class: 'trouble' }, h('div', {}, h('b', {}, name), h('span', { class: 'where' }, sentence(why)))),
    ),
  );
}

/** What the file is; of a wrong one also why, and what to send instead. */
function about(image: Identified): string[] {
  const what = `${image.what}, ${formatNumber(image.bytes)} bytes`;
  const problems = [...(image.kind === 'wrong' ? [image.problem] : []), ...image.warnings];
  return [sentence(what), ...problems.map(({ what: wrong, fix }) => `${sentence(wrong)} ${sentence(fix)}`)];
}
