/** whyota flash: one file to one board or several, each from its checks to "back". */

import { identifyAddress, parseTarget, type Resolved, resolve, watch } from '#discovery/index.ts';
import { type BoardFacts, type Identified, identify } from '#firmware/index.ts';
import type { AttemptEnding } from '#transcript/index.ts';
import { type Flashed, flash as flashBoard, knowledgeFrom, plan, type RememberedBoard } from '#upload/index.ts';
import type { Problem, Result, Secret } from '#values/index.ts';
import { chooseBoard } from './choose.ts';
import { type Ending, type Exit, interrupted, type Setting, usage } from './command.ts';
import { hostMemory, hostSecrets, hostWorld } from './host.ts';
import { type InputFile, readInput } from './input.ts';
import { askPassword, givenPassword } from './password.ts';
import { endingFields, endingLine, showAttempt } from './show.ts';

type Options = Record<string, unknown>;

export async function flash([path = '']: readonly string[], options: Options, setting: Setting): Promise<Ending> {
  const { desk, signal } = setting;
  const input = await readInput(path);
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

  const named = options['to'] as readonly string[] | undefined;
  const targets = named ?? (await chooseBoard(setting));
  if ('exit' in targets) return targets;
  if (signal.aborted) return interrupted;

  const job: Job = { input, image, flags, password: password.secret, options, several: targets.length > 1 };
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

interface Job {
  readonly input: InputFile;
  readonly image: Identified;
  readonly flags: BoardFacts;
  readonly password: Secret | undefined;
  readonly options: Options;
  readonly several: boolean;
}

/** One board: looked up, flashed, remembered. */
async function one(target: string, job: Job, { desk, signal }: Setting): Promise<Ending> {
  const { input, options, several } = job;
  const world = hostWorld();
  const known = await recall(target);
  const early = refusedEarly(job, known);
  if (early) {
    ended(desk, target, early);
    return endingOf(early, target);
  }
  const found = await lookUp(target, job, known, signal);
  if (signal.aborted) return interrupted;
  if (!found.ok) {
    if (several) ended(desk, target, { kind: 'failed', problem: found.problem, acknowledged: 0 });
    return { exit: found.problem.code === 'target-unreadable' ? 2 : 1, problem: found.problem };
  }
  const { name, endpoint, via, before, facts } = found.value;
  const knowledge = { ...before?.knowledge, ...facts, ...job.flags };
  const secret = job.password ?? (await hostSecrets().get(name)) ?? (await hostSecrets().get(target));

  const flashed = await flashBoard(
    {
      file: input.bytes,
      command: commandOf(options),
      board: { name, endpoint, via, knowledge },
      password: secret,
      askPassword: desk.interactive && !several ? () => askPassword(`${name} wants its OTA password`) : undefined,
      announcements: (on, until) =>
        void watch(
          world,
          { address: endpoint.address },
          { seen: (build) => on.seen(build), gone: () => on.gone() },
          until,
        ),
      hostPort: options['hostPort'] as number | undefined,
      hostAddress: options['hostAddress'] as string | undefined,
      compress: options['gzip'] as boolean | undefined,
      force: options['force'] === true,
      dryRun: options['dryRun'] === true,
      wait: options['wait'] !== false,
      attempts: Number(options['attempts']),
    },
    world,
    showAttempt(desk, name, several),
    signal,
  );
  desk.endProgress();
  await remember(flashed, job, { name, endpoint, knowledge, before });
  ended(desk, name, flashed.ending);
  const ending = endingOf(flashed.ending, name);
  if (several || options['dryRun'] === true || !unexplained(flashed)) return ending;
  const { explainFailure } = await import('./failure.ts');
  return explainFailure(
    ending,
    flashed,
    { command: commandOf(options), knowledge, target: { name, ...endpoint } },
    { desk, signal },
  );
}

/** What the ending itself does not explain. */
function unexplained({ ending, delivery }: Flashed): boolean {
  if (ending.kind !== 'failed' && ending.kind !== 'not-back') return false;
  return !['password-needed', 'wrong-password', 'listen-failed', 'cancelled'].includes(delivery?.kind ?? '');
}

function ended(desk: Setting['desk'], board: string, ending: AttemptEnding): void {
  desk.event({ type: 'ending', board, ...endingFields(ending) });
  if (ending.kind !== 'failed' && ending.kind !== 'refused' && ending.kind !== 'not-back')
    desk.say(endingLine(desk, board, ending));
}

/** What is remembered of a board of this name or address. */
async function recall(target: string): Promise<RememberedBoard | undefined> {
  const { host } = parseTarget(target);
  const memory = hostMemory();
  return (await memory.find({ name: host })) ?? (await memory.find({ address: host }));
}

/** What the words and the memory alone refuse is refused before the network is asked anything. */
function refusedEarly({ input, flags, options }: Job, known: RememberedBoard | undefined): AttemptEnding | undefined {
  if (options['force'] === true) return undefined;
  const board = { ...known?.knowledge, ...flags };
  const { problems } = plan(input.bytes, commandOf(options), board, options['gzip'] as boolean | undefined);
  return problems[0] ? { kind: 'refused', problem: problems[0] } : undefined;
}

const commandOf = (options: Options): 'sketch' | 'filesystem' =>
  options['filesystem'] === true ? 'filesystem' : 'sketch';

interface Found {
  readonly name: string;
  readonly endpoint: { readonly address: string; readonly port: number };
  readonly via: 'address' | 'mdns' | 'dns' | 'memory';
  readonly before: RememberedBoard | undefined;
  /** What its announcement says. */
  readonly facts: BoardFacts;
}

/** Where the target leads. An address without a port is asked what announces itself there; else memory, then the file's own
 *  family tells the port. */
async function lookUp(
  target: string,
  job: Job,
  known: RememberedBoard | undefined,
  signal: AbortSignal,
): Promise<Result<Found>> {
  const world = hostWorld();
  const family = job.flags.family ?? known?.knowledge.family ?? familyOf(job.image);
  const resolved = await resolve(world, target, {
    signal,
    family,
    remembered: known ? [{ address: known.address, port: known.port }] : [],
  });
  if (!resolved.ok) return resolved;
  const value = await identified(resolved.value, signal);
  const [endpoint] = value.endpoints;
  if (!endpoint) return { ok: false, problem: noAddress(target) };
  const { address, guessed, via } = endpoint;
  const name = value.device && via === 'address' ? value.device.name : value.name;
  const before = known ?? (await hostMemory().find({ name }));
  const port = guessed ? (value.device?.port ?? before?.port ?? endpoint.port) : endpoint.port;
  const facts = value.device?.family
    ? { family: value.device.family, ...(value.device.chip ? { chip: value.device.chip.toLowerCase() } : {}) }
    : {};
  return {
    ok: true,
    value: { name: before && via === 'address' ? before.name : name, endpoint: { address, port }, via, before, facts },
  };
}

/** For a bare address: the device that announces itself there, if it does within a second. */
async function identified(resolved: Resolved, signal: AbortSignal): Promise<Resolved> {
  const [endpoint] = resolved.endpoints;
  if (resolved.device || endpoint?.via !== 'address') return resolved;
  const device = await identifyAddress(hostWorld(), endpoint.address, { signal });
  const matches = device?.flashable && (endpoint.guessed || device.port === endpoint.port);
  return matches ? { ...resolved, device } : resolved;
}

function familyOf(image: Identified): 'esp8266' | 'esp32' | 'rp2040' | undefined {
  const app = image.kind === 'gzip' ? image.inside : image;
  return app.kind === 'esp8266-app'
    ? 'esp8266'
    : app.kind === 'esp32-app'
      ? 'esp32'
      : app.kind === 'rp2040-app'
        ? 'rp2040'
        : undefined;
}

/** --core esp8266@2.3.0 --layout 1M512 --running 253168 */
function boardFlags({ core, layout, running }: Options): BoardFacts | Ending {
  const words =
    typeof core === 'string' ? /^(?:(esp8266|esp32|rp2040|pico)@)?(\d+(?:\.\d+)*\S*)$/.exec(core) : undefined;
  if (core !== undefined && !words)
    return usage(`"${String(core)}" is not a core`, 'name it as in esp8266@2.3.0, esp32@3.2.0 or rp2040@4.4.0');
  const family = words?.[1] === 'pico' ? 'rp2040' : (words?.[1] as BoardFacts['family']);
  return {
    ...(family ? { family } : {}),
    ...(words?.[2] ? { core: words[2] } : {}),
    ...(typeof layout === 'string' ? { layout } : {}),
    ...(typeof running === 'number' ? { runningBytes: running } : {}),
  };
}

/** Writes down what was sent and how it ended; a dry run sent nothing and teaches nothing. */
async function remember(
  { ending, attempt, plan }: Flashed,
  { input, options, flags }: Job,
  board: Pick<Found, 'name' | 'endpoint' | 'before'> & { readonly knowledge: BoardFacts },
): Promise<void> {
  if (options['dryRun'] === true) return;
  const { name, endpoint, before, knowledge } = board;
  const world = hostWorld();
  const neighbour = (await world.neighbours.table())?.find(({ address }) => address === endpoint.address);
  const stored = ['stored', 'back', 'confirmed'].includes(ending.kind) && options['filesystem'] !== true;
  const learnt = stored ? { ...knowledgeFrom(plan.image, input.bytes), runningMd5: plan.md5 } : {};
  const mac = neighbour?.mac ?? before?.mac;
  await hostMemory().keep(
    {
      name,
      address: endpoint.address,
      port: endpoint.port,
      ...(mac ? { mac } : {}),
      knowledge: { ...before?.knowledge, ...(stored ? knowledge : flags), ...learnt },
    },
    {
      began: attempt.began,
      file: input.name,
      what: plan.image.what,
      bytes: plan.bytes.length,
      md5: plan.md5,
      command: commandOf(options),
      ending,
      events: attempt.events,
    },
  );
}

function endingOf(ending: AttemptEnding, board: string): Ending {
  const more = { board, ...endingFields(ending) };
  switch (ending.kind) {
    case 'failed':
    case 'not-back':
      return { exit: 1, problem: ending.problem, more };
    case 'refused':
      return { exit: 3, problem: ending.problem, more };
    case 'interrupted':
      return { ...interrupted, more };
    default:
      return { exit: 0, more };
  }
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

const noAddress = (target: string): Problem => ({
  code: 'disc-name-unresolvable',
  what: `no address is known for ${target}`,
  why: 'neither mDNS nor DNS gave one',
  fix: '`whyota find` lists the boards that announce themselves; an address works too: --to 192.168.1.57',
});
