/** whyota flash: one file to one board or several. Here: what can be said before the network is asked anything, and the
 *  sum of all boards. flash-board.ts has the way of one board. */
import { type Stats, statSync } from 'node:fs';
import { type BoardFacts, type Identified, identify, layoutOf, schemeOf } from '#firmware/index.ts';
import type { AttemptEnding } from '#transcript/index.ts';
import { plan, type RememberedBoard } from '#upload/index.ts';
import type { Secret } from '#values/index.ts';
import { type Ending, type Exit, interrupted, type Setting, usage } from './command.ts';
import { hostMemory } from './host.ts';
import { type InputFile, readInput } from './input.ts';
import { givenPassword } from './password.ts';
import { endingOf, tellEnding } from './show.ts';

type Options = Record<string, unknown>;

export interface Job {
  readonly input: InputFile;
  readonly image: Identified;
  readonly flags: BoardFacts;
  /** What the build's own record says, for want of anything better. */
  readonly assumed: BoardFacts;
  readonly password: Secret | undefined;
  readonly options: Options;
  readonly several: boolean;
}

export async function flash([path = '']: readonly string[], options: Options, setting: Setting): Promise<Ending> {
  if (options['watch'] !== true) return flashOnce(path, options, setting);
  const to = options['to'] ?? (await chosen(setting));
  if (typeof to === 'object' && to !== null && 'exit' in to) return to as Ending;
  const { watch } = await import('./watch.ts');
  const look = isFolder(path) ? (await import('./sketch-folder.ts')).stateOfSketch : stateOfFile;
  return watch(
    () => look(path, options),
    () => flashOnce(path, { ...options, to }, setting),
    setting,
  );
}

/** Undefined where nothing is, or nothing that may be seen. */
const seen = (path: string): Stats | undefined => {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
};

const isFolder = (path: string): boolean => seen(path)?.isDirectory() === true;

async function stateOfFile(path: string): Promise<string | undefined> {
  const about = seen(path);
  return about && `${about.mtimeMs} ${about.size}`;
}

async function flashOnce(path: string, options: Options, setting: Setting): Promise<Ending> {
  const { desk, signal } = setting;
  const folder = isFolder(path);
  const sketch = folder ? await (await import('./sketch-folder.ts')).sketchBuild(path, options, setting) : undefined;
  if (sketch && 'exit' in sketch) return sketch;
  const input = await readInput(sketch?.build.file ?? path);
  if ('exit' in input) return input;
  const image = identify(input.bytes, input.name);
  if (image.kind === 'wrong' && options['force'] !== true) {
    desk.note(`${input.name}: ${image.what}`);
    return { exit: 3, problem: image.problem };
  }
  const flags = boardFlags(options);
  if ('exit' in flags) return flags;
  const password = await givenPassword(options);
  if ('exit' in password) return password;

  const targets = (options['to'] as readonly string[] | undefined) ?? (await chosen(setting));
  if ('exit' in targets) return targets;
  if (signal.aborted) return interrupted;

  const assumed = sketch?.assumed ?? {};
  const job: Job = { input, image, flags, assumed, password: password.secret, options, several: targets.length > 1 };
  if (targets.length === 1) return one(targets[0]!, job, setting);

  const endings: Ending[] = [];
  const waiting = [...new Set(targets)];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      endings.push(await one(next, job, setting));
  };
  await Promise.all(Array.from({ length: Math.min(Number(options['jobs']), waiting.length) }, worker));
  return summary(endings, setting);
}

/** One board. What is needed to reach it is loaded once nothing speaks against it. */
async function one(target: string, job: Job, setting: Setting): Promise<Ending> {
  const known = await recall(target);
  const via = job.options['via'];
  if (typeof via === 'string') return (await import('./flash-via.ts')).flashVia(target, via, job, known, setting);
  const early = refusedEarly(job, known);
  if (early) {
    tellEnding(setting.desk, target, early);
    return endingOf(early, target);
  }
  const { flashOne } = await import('./flash-board.ts');
  return flashOne(target, job, known, setting);
}

const chosen = async (setting: Setting): Promise<readonly string[] | Ending> =>
  (await import('./choose.ts')).chooseBoard(setting);

/** What is remembered of a board of this name or address. */
async function recall(target: string): Promise<RememberedBoard | undefined> {
  const host = hostOf(target);
  const memory = hostMemory();
  return (await memory.find({ name: host })) ?? (await memory.find({ address: host }));
}

/** What the words and the memory alone refuse is refused before the network is asked anything. */
function refusedEarly(
  { input, image, flags, assumed, options }: Job,
  known: RememberedBoard | undefined,
): AttemptEnding | undefined {
  if (options['force'] === true) return undefined;
  const board = withAssumed(assumed, { ...known?.knowledge, ...flags });
  const { problems } = plan(input.bytes, commandOf(options), board, options['gzip'] as boolean | undefined, image);
  return problems[0] ? { kind: 'refused', problem: problems[0] } : undefined;
}

/** What is known of the board goes before what its build would suggest; a known layout says where the file system is. */
export const withAssumed = <K extends BoardFacts>({ updateEnd, ...assumed }: BoardFacts, known: K): BoardFacts & K => ({
  ...assumed,
  ...(updateEnd === undefined || known.layout !== undefined ? {} : { updateEnd }),
  ...known,
});

/** `kitchen`, `192.168.1.7`: the target without its port. */
const hostOf = (target: string): string =>
  target
    .trim()
    .replace(/^\[([^\]]*)\].*$/, '$1')
    .replace(/^([^:]*):\d+$/, '$1');

export const commandOf = (options: Options): 'sketch' | 'filesystem' =>
  options['filesystem'] === true ? 'filesystem' : 'sketch';

/** --core esp8266@2.3.0 --layout 1M512 --running 253168 */
function boardFlags({ core, layout, running }: Options): BoardFacts | Ending {
  const words =
    typeof core === 'string' ? /^(?:(esp8266|esp32|rp2040|pico)@)?(\d+(?:\.\d+)*\S*)$/.exec(core) : undefined;
  if (core !== undefined && !words)
    return usage(`"${String(core)}" is not a core`, 'name it as in esp8266@2.3.0, esp32@3.2.0 or rp2040@4.4.0');
  const family = words?.[1] === 'pico' ? 'rp2040' : (words?.[1] as BoardFacts['family']);
  const unheard = noSuchLayout(layout, family);
  if (unheard) return unheard;
  return {
    ...(family ? { family } : {}),
    ...(words?.[2] ? { core: words[2] } : {}),
    ...(typeof layout === 'string' ? { layout } : {}),
    ...(typeof running === 'number' ? { runningBytes: running } : {}),
  };
}

/** A layout that no core has is a slip of the hand. */
export function noSuchLayout(layout: unknown, family?: BoardFacts['family']): Ending | undefined {
  if (typeof layout !== 'string' || family === 'rp2040') return undefined;
  if (family !== 'esp8266' && schemeOf(layout)) return undefined;
  if (family !== 'esp32' && layoutOf(layout)) return undefined;
  return usage(`there is no layout ${layout}`, '`whyota inspect <file>` lists those that the file may be built for');
}

/** Several boards: the worst ending counts; the result names each. */
function summary(endings: readonly Ending[], { desk }: Setting): Ending {
  const order: readonly Exit[] = [130, 2, 1, 3, 0];
  const exit = order.find((code) => endings.some((ending) => ending.exit === code)) ?? 0;
  const good = endings.filter((ending) => ending.exit === 0).length;
  desk.say(`${good} of ${endings.length} boards updated`);
  const boards = endings.map(({ more, problem, exit: own }) => ({
    exit: own,
    ...(problem ? { code: problem.code, what: problem.what } : {}),
    ...more,
  }));
  if (exit === 0) return { exit, more: { boards } };
  const bad = endings.filter((ending) => ending.exit === exit && ending.problem);
  const first = bad[0]?.problem;
  if (!first) return { exit, more: { boards } };
  return {
    exit,
    problem: {
      ...first,
      what: `${endings.length - good} of ${endings.length} boards were not updated`,
      why: `the first: ${first.what}`,
    },
    more: { boards },
  };
}
