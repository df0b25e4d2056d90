/** The way of one board: looked up, flashed, remembered, and its failure explained. */
import { identifyAddress, type Resolved, resolve, watch } from '#discovery/index.ts';
import { type BoardFacts, familyOf } from '#firmware/index.ts';
import { spareMemory } from '#node/index.ts';
import { type Flashed, flash as flashBoard, knowledgeFrom, type RememberedBoard } from '#upload/index.ts';
import type { Problem, Result } from '#values/index.ts';
import { type Ending, interrupted, type Setting } from './command.ts';
import { commandOf, type Job, withAssumed } from './flash.ts';
import { hostMemory, hostSecrets } from './host.ts';
import { askPassword } from './password.ts';
import { endingOf, showAttempt, tellEnding } from './show.ts';
import { hostWorld } from './world.ts';

/** One board: looked up, flashed, remembered. */
export async function flashOne(
  target: string,
  job: Job,
  known: RememberedBoard | undefined,
  { desk, signal }: Setting,
): Promise<Ending> {
  spareMemory();
  const { input, options, several } = job;
  const world = hostWorld();
  const found = await lookUp(target, job, known, signal);
  if (signal.aborted) return interrupted;
  if (!found.ok) {
    if (several) tellEnding(desk, target, { kind: 'failed', problem: found.problem, acknowledged: 0 });
    return { exit: found.problem.code === 'target-unreadable' ? 2 : 1, problem: found.problem };
  }
  const { name, endpoint, via, before, facts } = found.value;
  const knowledge = withAssumed(job.assumed, { ...before?.knowledge, ...facts, ...job.flags });
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
  tellEnding(desk, name, flashed.ending);
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

const noAddress = (target: string): Problem => ({
  code: 'disc-name-unresolvable',
  what: `no address is known for ${target}`,
  why: 'neither mDNS nor DNS gave one',
  fix: '`whyota find` lists the boards that announce themselves; an address works too: --to 192.168.1.57',
});
