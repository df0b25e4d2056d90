/** whyota install, whyota uninstall: WhyOTA behind the upload button of Arduino and of one PlatformIO project. Shows what it
 *  will write, asks where somebody can answer, and says what it wrote. */
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  type ArduinoHost,
  apply,
  type CorePlan,
  findPlaces,
  type Launcher,
  type Places,
  planInstall,
  planUninstall,
  putUploadCommand,
  type Sandboxed,
  takeUploadCommand,
} from '#integrations/index.ts';
import { environment, files, folders } from '#node/index.ts';
import { ascii as utf8 } from '#values/index.ts';
import { done, type Ending, interrupted, type Setting, usage } from './command.ts';
import type { Desk } from './desk.ts';
import { allowRule } from './firewall.ts';
import { readInput } from './input.ts';

type Options = Record<string, unknown>;
const host: ArduinoHost = { files, folders, environment, homeFolder: homedir() };

export async function install(words: readonly string[], options: Options, setting: Setting): Promise<Ending> {
  const [where, folder = '.'] = words;
  if (where === 'platformio') return platformio(folder, options, setting.desk);
  if (where !== 'arduino') return usage(`"${where}" is not a place to install into`, 'use arduino or platformio');
  const places = await findPlaces(host, namedPlaces(options));
  const [box] = places.sandboxed;
  const plans = (await planInstall(host, places, launcher())).map((plan) => unlessBoxed(plan, places));
  if (plans.length === 0) return { exit: 1, problem: box ? boxed(box) : noCores(places) };
  if (box && !plans.some(({ problem }) => problem?.code === 'arduino-sandboxed')) setting.desk.warn(boxed(box));
  const ending = await carryOut(plans, 'put in place', options, setting);
  if (ending.exit === 0) for (const line of [calledBack, ...allowRule()]) setting.desk.note(line);
  return ending;
}

export async function uninstall(words: readonly string[], options: Options, setting: Setting): Promise<Ending> {
  const [where, folder = '.'] = words;
  if (where === 'platformio') return platformio(folder, { ...options, remove: true }, setting.desk);
  if (where !== 'arduino') return usage(`"${where}" is not a place to uninstall from`, 'use arduino or platformio');
  const places = await findPlaces(host, namedPlaces(options));
  const ending = await carryOut(await planUninstall(host, places), 'taken away', options, setting);
  if (ending.exit === 0 && options['dryRun'] !== true) await removeEmptyFolders(places);
  return ending;
}

/** A core update brings a folder without our lines. Where the installed discovery is this very program, they are written there
 *  too; tells what was written. */
export async function afterCoreUpdate(tell: (line: string) => void): Promise<void> {
  const plans = await planInstall(host, await findPlaces(host), launcher());
  const own = plans.at(-1);
  if (own?.what !== 'network ports' || own.changes.length > 0) return;
  for (const plan of plans.filter(({ changes }) => changes.length > 0)) {
    const problem = await apply(files, plan);
    tell(problem ? `${plan.what}: ${problem.what}` : `${plan.what} is new: put in place, after a restart of the IDE`);
  }
}

/** How an IDE is to start this very program. */
export const launcher = (): Launcher => ({
  node: process.execPath,
  script: realpathSync(process.argv[1] ?? ''),
  version: '1.0.0',
});

const list = (value: unknown): readonly string[] | undefined =>
  typeof value === 'string' ? [resolve(value)] : undefined;

function namedPlaces({ data, sketchbook }: Options): Parameters<typeof findPlaces>[1] {
  const [dataFolders, user] = [list(data), list(sketchbook)];
  return { ...(dataFolders ? { data: dataFolders } : {}), ...(user ? { user } : {}) };
}

async function carryOut(
  plans: readonly CorePlan[],
  doing: string,
  options: Options,
  { desk, signal }: Setting,
): Promise<Ending> {
  const todo = plans.filter(({ changes }) => changes.length > 0);
  for (const plan of plans) show(plan, desk);
  if (options['dryRun'] === true) return { ...done, more: { cores: plans.length, changed: 0 } };
  if (todo.length > 0 && desk.interactive && options['yes'] !== true && !(await agreed())) return interrupted;
  let changed = 0;
  let problem = plans.find((plan) => plan.problem)?.problem;
  for (const plan of todo) {
    if (signal.aborted) return interrupted;
    const trouble = await apply(files, plan);
    if (trouble) {
      if (problem) desk.warn(trouble);
      problem ??= trouble;
      continue;
    }
    changed++;
    desk.say(`${plan.what}: ${doing}`);
    for (const { path, after } of plan.changes) desk.say(`  ${after ? 'wrote' : 'removed'} ${path}`);
    desk.event({ type: 'core', what: plan.what, folder: plan.folder, files: plan.changes.map(({ path }) => path) });
  }
  if (todo.length === 0 && !problem) desk.say('nothing to do: all is as it should be');
  else if (changed > 0) desk.note('restart the Arduino IDE if it is open');
  return { exit: problem ? 1 : 0, ...(problem ? { problem } : {}), more: { cores: plans.length, changed } };
}

const mostLines = 8;

function show({ what, folder, changes, problem }: CorePlan, desk: Desk): void {
  desk.note(`${what}, in ${folder}${problem ? `: ${problem.what}` : changes.length === 0 ? ': as it should be' : ''}`);
  for (const { path, after, lines } of changes) {
    desk.note(`  ${after ? 'to write' : 'to take our lines out of, or remove'}: ${path}`);
    for (const line of lines.slice(0, mostLines)) desk.note(`    ${line}`);
    if (lines.length > mostLines) desk.note(`    and ${lines.length - mostLines} more lines, one a board`);
  }
}

async function agreed(): Promise<boolean> {
  const { confirm } = await import('@clack/prompts');
  return (await confirm({ message: 'Do this?' })) === true;
}

const calledBack =
  "the board connects back to this computer: a firewall that allowed the core's python may not allow WhyOTA yet.";

async function removeEmptyFolders({ user }: Places): Promise<void> {
  const { rmdir } = await import('node:fs/promises');
  for (const sketchbook of user)
    for (const below of ['hardware/whyota/net', 'hardware/whyota', 'hardware'])
      await rmdir(join(sketchbook, below)).catch(() => {});
}

async function platformio(folder: string, { remove, dryRun }: Options, desk: Desk): Promise<Ending> {
  const path = join(resolve(folder), 'platformio.ini');
  const input = await readInput(path);
  if ('exit' in input && input.problem?.code !== 'file-missing') return input;
  if ('exit' in input)
    return usage(
      `there is no ${path}`,
      'name the folder of the project: whyota install platformio ./kitchen',
      'a PlatformIO project has that file',
    );
  const before = new TextDecoder('utf-8', { ignoreBOM: true }).decode(input.bytes);
  const { node, script } = launcher();
  const change = remove
    ? { text: takeUploadCommand(before), environments: [] }
    : putUploadCommand(before, `"${node}" "${script}" espota $UPLOADERFLAGS -f $SOURCE`);
  if ('taken' in change)
    return {
      exit: 1,
      problem: {
        code: 'platformio-command-taken',
        what: `[${change.taken}] has an upload_command of its own`,
        why: 'one section can name only one',
        fix: 'take that line out if it is not wanted any more, and run it again; nothing was changed',
      },
    };
  if (!remove && change.environments.length === 0)
    return {
      exit: 1,
      problem: {
        code: 'platformio-no-espota',
        what: `no environment in ${path} uploads over the air`,
        why: 'none has the line "upload_protocol = espota"',
        fix: 'add that line and "upload_port = <address of the board>" to its [env:...] section, and run it again',
      },
    };
  if (change.text === before) desk.say('nothing to do: all is as it should be');
  else if (dryRun === true) desk.say(`would write ${path}`);
  else {
    try {
      await files.write(path, utf8(change.text));
    } catch (error) {
      return {
        exit: 1,
        problem: {
          code: 'platformio-not-writable',
          what: `can't write ${path}`,
          why: `the system said ${(error as NodeJS.ErrnoException).code}`,
          fix: 'check who may write there; nothing was changed',
        },
      };
    }
    desk.say(`wrote ${path}`);
    for (const name of change.environments) desk.say(`  [${name}] uploads through WhyOTA`);
  }
  return { ...done, more: { environments: change.environments } };
}

/** Nothing is written into the folders of an IDE in a box. */
function unlessBoxed(plan: CorePlan, { sandboxed }: Places): CorePlan {
  const box = sandboxed.find(({ folder }) => plan.folder.startsWith(folder));
  return box ? { ...plan, changes: [], problem: boxed(box) } : plan;
}

const boxed = ({ what, folder }: Sandboxed) => ({
  code: 'arduino-sandboxed',
  what: `the Arduino IDE in ${folder} runs in a box (${what})`,
  why: 'from in there it can start no program of this computer, so it keeps its own uploader',
  fix: 'use the IDE from arduino.cc, or `whyota flash <sketch folder>` in a terminal after the IDE has compiled',
});

const noCores = ({ data, user }: Places) => ({
  code: 'arduino-no-cores',
  what: 'no Arduino core that updates over the air was found',
  why: `looked in ${[...data, ...user].join(', ')}`,
  fix: 'install the core of your board in the IDE first; if it is elsewhere, name the folders with --data and --sketchbook',
});
