/** whyota sketch: what in a sketch will break updates over the air; mends what can be mended; writes a good one. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  applyFixes,
  asGithub,
  check,
  type Finding,
  newSketch,
  readSketch,
  renderFinding,
  type Sketch,
  withoutSecrets,
} from '#sketch/index.ts';
import { done, type Ending, interrupted, type Setting, usage } from './command.ts';
import { findingFields } from './diagnosis.ts';
import { openGrammar, readSketchFrom, type SketchOnDisk } from './sketches.ts';

type Options = Record<string, unknown>;

export async function sketch([path]: readonly string[], options: Options, setting: Setting): Promise<Ending> {
  const { desk } = setting;
  if (options['new'] === true) return writeNew(path, options, setting);
  if (!path) return usage('which sketch?', 'whyota sketch kitchen.ino, or the folder of the sketch');
  const read = await readSketchFrom(path);
  if ('exit' in read) return read;
  const grammar = await openGrammar();
  const model = readSketch(grammar, read.files);
  const findings = check(model);
  for (const finding of findings) {
    desk.event({ type: 'finding', ...findingFields(finding) });
    if (options['github'] === true) desk.say(asGithub({ ...finding, file: join(read.folder, finding.file) }));
    else {
      const [head = '', ...rest] = renderFinding(finding, { width: desk.width });
      desk.say(
        desk.paint(finding.severity === 'error' ? 'red' : finding.severity === 'warning' ? 'yellow' : 'cyan', head),
      );
      for (const line of rest) desk.say(line);
      desk.say();
    }
  }
  if (options['github'] !== true) desk.note(summary(findings));
  if (options['fix'] === true) {
    const stopped = await mend(read, model, findings, options, setting);
    if (stopped) return stopped;
  }
  const errors = findings.filter(({ severity }) => severity === 'error');
  const more = { findings: findings.map(findingFields) };
  if (!errors.length) return { exit: 0, more };
  const [first] = errors;
  return {
    exit: 1,
    problem: {
      code: first!.rule,
      what: `${errors.length} ${errors.length === 1 ? 'thing' : 'things'} in this sketch will break updates over the air`,
      why: first!.why,
      fix: first!.mend,
      blame: 'person',
    },
    more,
  };
}

function summary(findings: readonly Finding[]): string {
  const count = (severity: Finding['severity']): number =>
    findings.filter((finding) => finding.severity === severity).length;
  if (!findings.length) return 'nothing in this sketch stands in the way of updates over the air';
  return `${count('error')} errors, ${count('warning')} warnings, ${count('info')} remarks`;
}

/** Shows the difference, asks, keeps a backup of each file it changes. */
async function mend(
  read: SketchOnDisk,
  model: Sketch,
  findings: readonly Finding[],
  options: Options,
  { desk }: Setting,
): Promise<Ending | undefined> {
  const { files, diff, applied } = applyFixes(read.files, findings);
  if (!applied.length) {
    desk.note('nothing here can be mended safely by a program');
    return undefined;
  }
  desk.say(withoutSecrets(model, diff).trimEnd());
  if (options['yes'] !== true) {
    if (!desk.interactive) return usage('changing files needs a yes', 'add --yes, or run it at a terminal');
    const { confirm, isCancel } = await import('@clack/prompts');
    const answer = await confirm({
      message: `Change ${applied.length === 1 ? 'this' : `these ${applied.length} places`}?`,
    });
    if (isCancel(answer)) return interrupted;
    if (!answer) return undefined;
  }
  for (const { name, text } of files) {
    const before = read.files.find((file) => file.name === name)?.text;
    if (before === text) continue;
    const path = join(read.folder, name);
    await writeFile(`${path}.bak`, await readFile(path));
    await writeFile(path, text);
    desk.note(`changed ${path}, kept the old one as ${path}.bak`);
    desk.event({ type: 'changed', file: path, backup: `${path}.bak` });
  }
  return undefined;
}

async function writeNew(path: string | undefined, options: Options, { desk }: Setting): Promise<Ending> {
  const family = options['family'];
  if (family !== 'esp8266' && family !== 'esp32' && family !== 'rp2040')
    return usage(`"${String(family)}" is not a family of boards`, 'use --family esp8266, esp32 or rp2040');
  const files = newSketch({
    family,
    ...(path ? { name: path.split(/[\\/]/).filter(Boolean).at(-1)! } : {}),
    ota: true,
    ...(options['blynk'] === true ? { blynk: true } : {}),
    ...(options['minimal'] === true ? { minimal: true } : {}),
    password: true,
  });
  if (!path) {
    for (const { name, text } of files) {
      desk.say(`// ---- ${name}`);
      desk.say(text);
      desk.event({ type: 'file', name, text });
    }
    return done;
  }
  for (const { name, text } of files) {
    const target = join(path, name);
    await mkdir(dirname(target), { recursive: true });
    try {
      await writeFile(target, text, { flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      return usage(`${target} is there already`, 'name another folder: nothing is overwritten');
    }
    desk.note(`wrote ${target}`);
    desk.event({ type: 'wrote', file: target });
  }
  return done;
}
