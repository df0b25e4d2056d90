/** whyota doctor: says why an upload failed, from whatever is at hand: a log, a sketch, a file, the board itself. */
import { writeFile } from 'node:fs/promises';
import { choose, type Diagnosis, diagnose, diagnosisFields } from '#doctor/index.ts';
import { readAnything, readBuildOptions, readPlatformioIni } from '#readers/index.ts';
import { check, type Finding, readSketch, type SketchFile, facts as sketchFacts } from '#sketch/index.ts';
import { type Fact, formatFacts, mergeFacts, parseFacts } from '#values/facts.ts';
import { askPerson } from './ask.ts';
import { type Ending, interrupted, type Setting, usage } from './command.ts';
import { findingFields, showDiagnosis } from './diagnosis.ts';
import { readInput } from './input.ts';
import { probeBoard } from './probing.ts';
import { openGrammar, readSketchFrom } from './sketches.ts';

type Options = Record<string, unknown>;

/** What was gathered: facts, and what the sketch's own check says. */
interface Gathered {
  readonly facts: readonly Fact[];
  readonly findings: readonly Finding[];
}

export async function doctor([board]: readonly string[], options: Options, setting: Setting): Promise<Ending> {
  const { desk, signal } = setting;
  const texts = ['log', 'serial', 'sketch', 'file', 'facts', 'build'].filter((name) => options[name] !== undefined);
  if (!board && !texts.length)
    return usage(
      'nothing to go by',
      'name a board, or give --log, --sketch, --file or --facts; `--log -` reads what you paste',
    );

  const given = await gather(options);
  if ('exit' in given) return given;
  let facts = mergeFacts(given.facts);
  if (board) {
    const probed = await probeBoard(board, { facts, options, desk, signal });
    if (signal.aborted) return interrupted;
    facts = mergeFacts(facts, probed);
  }
  if (options['ask'] === true && desk.interactive) facts = mergeFacts(facts, await askPerson(facts, setting));

  const diagnosis = diagnose(facts);
  showDiagnosis(desk, diagnosis);
  showFindings(given.findings, setting);
  if (typeof options['save'] === 'string') {
    await writeFile(options['save'], `${formatFacts(facts)}\n`);
    desk.note(`wrote the facts to ${options['save']}; they hold no secrets`);
  }
  const more = { ...diagnosisFields(diagnosis), findings: given.findings.map(findingFields) };
  if (diagnosis.causes.length || diagnosis.nothingWrong || given.findings.length) return { exit: 0, more };
  return { exit: 1, problem: cannotTell(diagnosis, facts), more };
}

function showFindings(findings: readonly Finding[], { desk }: Setting): void {
  if (!findings.length) return;
  desk.say();
  desk.say(desk.paint('bold', 'in the sketch:'));
  for (const { file, line, severity, message, id } of findings)
    desk.say(`  ${file}:${line}  ${severity}  ${message}  (${id})`);
  desk.say('  `whyota sketch <file>` shows the lines and how to mend them');
}

/** Facts from every text and file that was given. */
async function gather(options: Options): Promise<Gathered | Ending> {
  const facts: Fact[] = [];
  const findings: Finding[] = [];
  const sketches: (readonly SketchFile[])[] = [];
  for (const name of ['log', 'serial'] as const) {
    const text = await textOf(options[name]);
    if (text === undefined) continue;
    if (typeof text !== 'string') return text;
    const read = readAnything(text);
    facts.push(...read.facts);
    if (options['sketch'] === undefined)
      sketches.push(...read.sketches.slice(-1).map((code) => [{ name: 'pasted.ino', text: code }]));
  }
  const build = await textOf(options['build']);
  if (build !== undefined) {
    if (typeof build !== 'string') return build;
    facts.push(...(build.trimStart().startsWith('{') ? readBuildOptions(build) : readPlatformioIni(build)).facts);
  }
  if (typeof options['sketch'] === 'string') {
    const read = await readSketchFrom(options['sketch']);
    if ('exit' in read) return read;
    sketches.push(read.files);
  }
  for (const files of sketches) {
    const sketch = readSketch(await openGrammar(), files);
    const found = check(sketch);
    findings.push(...found);
    facts.push(...sketchFacts(sketch, found));
  }
  if (typeof options['file'] === 'string') {
    const input = await readInput(options['file']);
    if ('exit' in input) return input;
    const { factsOfFile } = await import('./probing.ts');
    facts.push(...factsOfFile(input.bytes));
  }
  const stored = await textOf(options['facts']);
  if (stored !== undefined) {
    if (typeof stored !== 'string') return stored;
    const parsed = parseFacts(stored);
    if (!parsed.ok) return { exit: 2, problem: parsed.problem };
    facts.push(...parsed.value.facts);
  }
  return { facts: mergeFacts(facts), findings };
}

/** A file's text; `-` reads standard input. */
async function textOf(path: unknown): Promise<string | Ending | undefined> {
  if (typeof path !== 'string') return undefined;
  if (path === '-') {
    let text = '';
    for await (const part of process.stdin.setEncoding('utf8')) {
      text += part;
      if (text.length > 4_000_000) break;
    }
    return text;
  }
  const input = await readInput(path);
  return 'exit' in input ? input : new TextDecoder().decode(input.bytes);
}

function cannotTell(diagnosis: Diagnosis, facts: readonly Fact[]): NonNullable<Ending['problem']> {
  const next = choose(facts, () => true)?.probe;
  return {
    code: 'cannot-tell',
    what: 'this is not enough to say what is wrong',
    why: 'no cause that WhyOTA knows stands out',
    fix:
      diagnosis.next.test ??
      (next ? `this would tell most: ${next.asks}` : 'give the verbose output of the upload, and the sketch'),
  };
}
