/** What the sketch's own lines have to do with it. */
import type { Finding, Fixed } from '#sketch/index.ts';
import type { Answer } from './answer.ts';
import { copy, h, prose, sentence } from './dom.ts';

const severities = { error: 'stops updates', warning: 'can stop updates', info: 'good to know' } as const;

export function showFindings({ findings, mended }: Answer): HTMLElement | undefined {
  if (findings.length === 0) return undefined;
  return h(
    'section',
    {},
    h('h3', {}, 'In your sketch'),
    h('ul', { class: 'findings' }, ...findings.map(showFinding)),
    mended && showMended(mended),
  );
}

const showFinding = (finding: Finding): HTMLElement =>
  h(
    'li',
    { class: finding.severity },
    h(
      'details',
      {
        id: `finding-${finding.id}-${finding.file}-${finding.line}`,
        ...(finding.severity === 'error' && { open: true }),
      },
      h(
        'summary',
        {},
        h('span', { class: 'what' }, ...prose(sentence(finding.message))),
        h('span', { class: 'where' }, `${severities[finding.severity]} · ${finding.file} line ${finding.line}`),
      ),
      h('pre', { tabindex: '0', 'aria-label': `${finding.file}, from line ${finding.line}` }, ...numbered(finding)),
      h('p', {}, ...prose(finding.why)),
      h('p', {}, h('b', {}, 'Mend it: '), ...prose(finding.mend)),
      h('p', { class: 'fine' }, `${finding.id} ${finding.rule}`),
    ),
  );

const numbered = ({ lines, line: at }: Finding): HTMLElement[] =>
  lines.map(({ line, text }) =>
    h('span', { class: line === at ? 'line here' : 'line' }, h('span', { class: 'number' }, String(line)), `${text}\n`),
  );

/** The corrected sketch, to take along. */
function showMended({ files, diff, applied }: Fixed): HTMLElement {
  const changed = files.filter(({ name }) => diff.includes(`+++ ${name}\n`));
  const count = applied.length === 1 ? 'One of these' : `${applied.length} of these`;
  return h(
    'details',
    { id: 'mended', class: 'mended' },
    h('summary', {}, `${count} can be corrected for you`),
    h('p', {}, 'These are changes that keep what the sketch does. Look at them, then take the corrected file.'),
    h('pre', { tabindex: '0', class: 'diff', 'aria-label': 'Changes' }, ...diff.split('\n').map(diffLine)),
    h(
      'div',
      { class: 'choices' },
      ...changed.flatMap(({ name, text }) => [
        h(
          'button',
          { type: 'button', click: (event) => copied(event.currentTarget as HTMLElement, text) },
          `Copy ${name}`,
        ),
        h('button', { type: 'button', click: () => save(name, text) }, `Save ${name}`),
      ]),
    ),
  );
}

const diffLine = (text: string): HTMLElement => {
  const kind = /^(?:\+\+\+|---|@@)/.test(text)
    ? 'line fine'
    : text.startsWith('+')
      ? 'line added'
      : text.startsWith('-')
        ? 'line removed'
        : 'line';
  return h('span', { class: kind }, `${text}\n`);
};

async function copied(button: HTMLElement, text: string): Promise<void> {
  button.textContent = (await copy(text)) ? 'Copied' : 'Your browser does not allow copying: use Save';
}

function save(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  h('a', { href: url, download: name.split(/[\\/]/).at(-1) ?? 'sketch.ino' }).click();
  URL.revokeObjectURL(url);
}
