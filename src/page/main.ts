/** The page itself: takes what is pasted, dropped or followed by a link, and keeps the answer in step with it. */
import { render } from '#doctor/index.ts';
import type { Grammar } from '#sketch/index.ts';
import type { Fact } from '#values/facts.ts';
import { type Answer, answer, type Given, sketchOf } from './answer.ts';
import { byId, copy, h } from './dom.ts';
import { type Example, examples } from './examples.ts';
import { type Intake, sortFiles } from './intake.ts';
import { packFacts, unpackFacts } from './link.ts';
import { parser } from './parser.ts';
import { type Doings, headline, sharedBanner, showAnswer } from './show-answer.ts';
import { showFiles } from './show-files.ts';

const output = byId<HTMLTextAreaElement>('output');
const sketch = byId<HTMLTextAreaElement>('sketch');
const fileInput = byId<HTMLInputElement>('files');

/** Typing is answered when it pauses, a paste at once. */
const pauseMs = 300;

let intake: Intake = { sketch: [], projects: [], refused: [] };
let shared: readonly Fact[] = [];
let said: readonly Fact[] = [];
let unanswered: ReadonlySet<string> = new Set();
let grammar: Grammar | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
let round = 0;

const given = (): Given => ({
  output: output.value,
  sketch: [...(sketch.value.trim() ? [{ name: 'sketch.ino', text: sketch.value }] : []), ...intake.sketch],
  projects: intake.projects,
  ...(intake.image && { image: intake.image }),
  shared,
  said,
  unanswered,
});

const isEmpty = ({ output: text, sketch: files, projects, image, shared: facts }: Given): boolean =>
  text.trim() === '' && files.length + projects.length + facts.length === 0 && image === undefined;

/** Works the answer out, first without the sketch when the parser is not there yet. */
async function update(): Promise<void> {
  clearTimeout(timer);
  const mine = ++round;
  const now = given();
  if (isEmpty(now)) return show(undefined);
  const needsParser = sketchOf(now).length > 0;
  if (!needsParser || grammar) return show(answer(now, grammar));
  const first = answer(now);
  if (first.facts.length > 0) show(first);
  try {
    grammar = await parser();
    if (mine === round) show(answer(now, grammar));
  } catch {
    if (mine === round) show(first, 'The sketch could not be read: this browser does not run WebAssembly here.');
  }
}

function later(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(update, ms);
}

function show(result: Answer | undefined, trouble?: string): void {
  const place = byId('answer');
  const open = new Set(
    [...place.querySelectorAll<HTMLDetailsElement>('details[id]')].map(({ id, open }) => `${id} ${open}`),
  );
  byId('welcome').hidden = result !== undefined;
  place.replaceChildren(
    ...(result && shared.length > 0 ? [sharedBanner(shared, startAnew)] : []),
    ...(trouble ? [h('p', { class: 'trouble' }, trouble)] : []),
    ...(result ? [showAnswer(result, doings(result))] : []),
  );
  for (const details of place.querySelectorAll<HTMLDetailsElement>('details[id]')) {
    if (open.has(`${details.id} true`)) details.open = true;
    if (open.has(`${details.id} false`)) details.open = false;
  }
  byId('file-list').replaceChildren(showFiles(intake, result?.image, forget));
  byId('status').textContent = result ? `${result.diagnosis.causes[0]?.verdict ?? ''} ${headline(result)}` : '';
}

/** Goes to the answer when something was given in one go and the first sentence is out of sight, as on a phone. */
function reveal(): void {
  const place = byId('answer');
  const { top } = place.getBoundingClientRect();
  if (top >= 0 && top < innerHeight * 0.7) return;
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
  place.scrollIntoView({ behavior: calm ? 'auto' : 'smooth', block: 'start' });
}

const doings = (result: Answer): Doings => ({
  say(fact) {
    said = [...said, fact];
    void update();
  },
  pass(question) {
    unanswered = new Set([...unanswered, question.name]);
    void update();
  },
  async copyLink(button) {
    const link = linkTo(result);
    button.textContent = (await copy(link)) ? 'Link copied' : 'Copy it from here:';
    const field = h('input', { type: 'text', readonly: true, value: link, 'aria-label': 'Link to this answer' });
    field.addEventListener('focus', () => field.select());
    const local =
      'You opened this page from your own disk, so this link works only there. Post the text instead, or put the page on any web server.';
    byId('shared-link').replaceChildren(
      field,
      ...(location.protocol === 'file:' ? [h('p', { class: 'fine' }, local)] : []),
    );
  },
  async copyText(button) {
    const text = render(result.diagnosis)
      .map(({ text: line }) => line)
      .join('\n');
    if (await copy(text)) button.textContent = 'Text copied';
    else byId('shared-link').replaceChildren(h('pre', { tabindex: '0' }, text));
  },
});

const linkTo = ({ facts }: Answer): string => `${location.href.replace(/#.*$/s, '')}#${packFacts(facts)}`;

/** A link's facts are the whole story until the person gives something of their own. */
function openLink(): void {
  const read = unpackFacts(location.hash);
  if (!read) return;
  clear();
  if (read.ok) {
    shared = read.value.facts;
    void update();
  } else {
    show(undefined);
    byId('answer').replaceChildren(
      h(
        'div',
        { class: 'card result' },
        h('h2', { class: 'headline' }, 'This link is damaged.'),
        h('p', {}, 'Ask for it again, or paste the output of the upload here.'),
      ),
    );
  }
}

function clear(): void {
  output.value = '';
  sketch.value = '';
  intake = { sketch: [], projects: [], refused: [] };
  ownStory();
}

/** From here on it is about the person's own upload. */
function ownStory(): void {
  said = [];
  unanswered = new Set();
  shared = [];
}

function startAnew(): void {
  clear();
  if (location.hash) history.replaceState(null, '', location.href.replace(/#.*$/s, ''));
  void update();
  output.focus();
}

function tryExample(example: Example): void {
  clear();
  output.value = example.output;
  sketch.value = example.sketch ?? '';
  if (example.sketch) byId<HTMLDetailsElement>('sketch-part').open = true;
  void update().then(reveal);
}

async function take(files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  if (shared.length > 0) ownStory();
  const { log, ...rest } = await sortFiles(files, intake);
  intake = rest;
  if (log) output.value = output.value.trim() ? `${output.value}\n${log}` : log;
  await update();
  reveal();
}

function forget(name: string): void {
  const { image, sketch: files, projects } = intake;
  intake = {
    ...(image && image.name !== name && { image }),
    sketch: files.filter((file) => file.name !== name),
    projects: projects.filter((file) => file.name !== name),
    refused: [],
  };
  void update();
}

for (const area of [output, sketch]) {
  area.addEventListener('input', (event) => {
    if (shared.length > 0) ownStory();
    later((event as InputEvent).inputType === 'insertFromPaste' ? 0 : pauseMs);
  });
  area.addEventListener('paste', () => setTimeout(() => update().then(reveal)));
}
output.addEventListener('input', () => {
  said = [];
  unanswered = new Set();
});
fileInput.addEventListener('change', () => {
  void take([...(fileInput.files ?? [])]);
  fileInput.value = '';
});
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('dropping');
});
for (const over of ['dragleave', 'drop', 'dragend'])
  document.addEventListener(over, () => document.body.classList.remove('dropping'));
document.addEventListener('drop', (event) => {
  const files = [...(event.dataTransfer?.files ?? [])];
  if (files.length === 0) return;
  event.preventDefault();
  void take(files);
});
byId('start-anew').addEventListener('click', startAnew);
byId('examples').append(
  ...examples.map((example) => h('button', { type: 'button', click: () => tryExample(example) }, example.name)),
);
addEventListener('hashchange', openLink);
if (location.hash) openLink();
// A browser that comes back to the page keeps what was typed.
if (!isEmpty(given())) void update();
