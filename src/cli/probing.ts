/** Asks the network, this computer and the board, for a diagnosis. */
import { identifyAddress, resolve } from '#discovery/index.ts';
import { type Diagnosis, factsOfImage } from '#doctor/index.ts';
import {
  actingProbes,
  diagnoseAttempt,
  type HostProbe,
  harmlessProbes,
  type ProbeContext,
  type Probed,
  runProbes,
  usualBudget,
} from '#doctor/probes/index.ts';
import { factsOfAttempt } from '#doctor/transcript.ts';
import { commands, environment } from '#node/index.ts';
import type { RememberedBoard } from '#upload/index.ts';
import { type Fact, mergeFacts } from '#values/facts.ts';
import { type Secret, seconds } from '#values/index.ts';
import type { Desk } from './desk.ts';
import { hostMemory, hostSecrets } from './host.ts';
import { readInput } from './input.ts';
import { givenPassword } from './password.ts';
import { hostWorld } from './world.ts';

export const factsOfFile = (bytes: Uint8Array): readonly Fact[] => factsOfImage(bytes);

/** Those that make the board act come after the harmless ones, one by one; the person asked for them and waits. */
const actingBudget = seconds(usualBudget / 1000 + actingProbes.reduce((sum, { cost }) => sum + cost, 0));

interface Asked {
  readonly facts: readonly Fact[];
  readonly options: Record<string, unknown>;
  readonly desk: Desk;
  readonly signal: AbortSignal;
}

/** For `whyota doctor <board>`: what can be learned of it without an upload; with --dry-run also as an upload would ask. */
export async function probeBoard(board: string, { facts, options, desk, signal }: Asked): Promise<readonly Fact[]> {
  const world = hostWorld();
  const known = (await hostMemory().find({ name: board })) ?? (await hostMemory().find({ address: board }));
  const resolved = await resolve(world, board, {
    signal,
    family: known?.knowledge.family,
    remembered: known ? [{ address: known.address, port: known.port }] : [],
  });
  const place = resolved.ok ? resolved.value.endpoints[0] : undefined;
  // A failure that was handed in is newer than what is remembered.
  const handedIn = ['log', 'serial', 'facts'].some((name) => options[name] !== undefined);
  const remembered = known && !handedIn ? factsOfNewest(known) : [];
  if (!place) {
    if (!resolved.ok) desk.note(resolved.problem.what);
    return remembered;
  }
  const device = place.guessed ? await identifyAddress(world, place.address, { signal }) : undefined;
  const target = {
    name: board === place.address ? undefined : board,
    address: place.address,
    port: device?.port ?? (place.guessed ? (known?.port ?? place.port) : place.port),
  };
  desk.note(`asking about ${board} at ${target.address}:${target.port}`);
  const mayAct = options['dryRun'] === true;
  const context: ProbeContext = {
    world,
    commands,
    environment,
    target,
    signal,
    known: facts,
    ...(known ? { knowledge: known.knowledge } : {}),
    password: await passwordOf(board, options),
    mayAct,
    offer: await offerOf(options),
  };
  const probes = mayAct ? [...harmlessProbes, ...actingProbes] : harmlessProbes;
  return mergeFacts(remembered, await ask(context, probes, desk, mayAct ? actingBudget : usualBudget));
}

/** After an upload that failed: what it showed, and what can be asked quickly, made into a diagnosis. */
export async function diagnoseFailure(
  attempt: Parameters<typeof factsOfAttempt>[0],
  context: Parameters<typeof factsOfAttempt>[1],
  target: ProbeContext['target'],
  { desk, signal }: Pick<Asked, 'desk' | 'signal'>,
): Promise<Diagnosis> {
  return diagnoseAttempt(
    attempt,
    context,
    { world: hostWorld(), commands, environment, target, signal },
    harmlessProbes,
    { asks: () => desk.note('looking for the reason'), asked: (probed) => tell(probed, desk) },
  );
}

async function ask(
  context: ProbeContext,
  probes: readonly HostProbe[],
  desk: Desk,
  budget: number,
): Promise<readonly Fact[]> {
  const probed = await runProbes(context, probes, budget);
  tell(probed, desk);
  return probed.facts;
}

function tell({ facts, notes }: Probed, desk: Desk): void {
  for (const { fact, value } of facts) desk.detail(`${fact}: ${value}`);
  for (const { probe, why } of notes) desk.detail(`${probe}: not asked, ${why}`);
}

/** What the newest remembered attempt showed: a doctor asked an hour later still knows. */
function factsOfNewest({ attempts, knowledge }: RememberedBoard): readonly Fact[] {
  const last = attempts.at(-1);
  if (!last?.events.length) return [];
  const stored = ['stored', 'back', 'confirmed'].includes(last.ending.kind);
  return factsOfAttempt(last, {
    command: last.command,
    knowledge,
    ...(stored ? { delivery: { kind: 'stored' } } : {}),
  });
}

async function passwordOf(board: string, options: Record<string, unknown>): Promise<Secret | undefined> {
  const given = await givenPassword(options);
  return 'exit' in given ? undefined : (given.secret ?? (await hostSecrets().get(board)));
}

async function offerOf({ file }: Record<string, unknown>): Promise<ProbeContext['offer']> {
  if (typeof file !== 'string') return undefined;
  const input = await readInput(file);
  return 'exit' in input ? undefined : { command: 'sketch', bytes: input.bytes };
}
