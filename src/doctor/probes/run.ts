/** Runs probes: the harmless ones side by side, then those that make the board act, one after the other, all within a budget. */
import type { Fact } from '#values/facts.ts';
import { type Millis, millis, seconds } from '#values/index.ts';
import { type HostProbe, type ProbeContext, type Unable, unable } from './probe.ts';

export interface Probed {
  readonly facts: readonly Fact[];
  /** What could not be asked, and why. */
  readonly notes: readonly { readonly probe: string; readonly why: string }[];
}

/** What a diagnosis may add to a failed upload: an IDE may end the uploader at two minutes. */
export const usualBudget = seconds(15);
/** Where arithmetic has settled it. */
export const settledBudget = seconds(2);

export const budgetFor = (facts: readonly Fact[]): Millis =>
  facts.some(({ fact, value, inferred }) => fact === 'fit.verdict' && value === 'too-big' && !inferred)
    ? settledBudget
    : usualBudget;

/** Never throws. Facts that are known already (seen, not inferred) are not said again. */
export async function runProbes(context: ProbeContext, probes: readonly HostProbe[], budget: Millis): Promise<Probed> {
  const { clock } = context.world;
  const start = clock.now();
  const left = (): number => budget - (clock.now() - start);
  const answers = new Map<HostProbe, readonly Fact[] | Unable>();
  const ask = async (probe: HostProbe): Promise<void> => {
    const why = hindrance(probe, context) ?? (probe.cost * 1000 > left() ? 'there was no time left for it' : undefined);
    answers.set(probe, why === undefined ? await within(probe, context, millis(left())) : unable(why));
  };
  await Promise.all(probes.filter(({ risk }) => risk === 'harmless').map(ask));
  for (const probe of probes.filter(({ risk }) => risk === 'acts')) await ask(probe);

  const known = new Set((context.known ?? []).filter(({ inferred }) => !inferred).map(({ fact }) => fact));
  const facts: Fact[] = [];
  const notes: { probe: string; why: string }[] = [];
  for (const probe of probes) {
    const answer = answers.get(probe) ?? [];
    if ('unable' in answer) notes.push({ probe: probe.name, why: answer.unable });
    else facts.push(...answer.filter(({ fact }) => !known.has(fact)));
  }
  return { facts, notes };
}

function hindrance(
  probe: HostProbe,
  { target, offer, password, mayAct, uploadUnderWay, signal }: ProbeContext,
): string | undefined {
  const has = {
    address: true,
    name: target.name !== undefined,
    file: offer !== undefined,
    password: password !== undefined,
  };
  const missing = probe.needs.find((need) => !has[need]);
  if (signal.aborted) return 'it was stopped';
  if (missing) return `it needs the board's ${missing}`;
  if (probe.touchesOta && uploadUnderWay) return 'an upload to this board is under way';
  if (probe.risk === 'acts' && !mayAct) return 'it makes the board act, and nobody asked for that';
  return undefined;
}

/** One probe, ended when its time is up. */
async function within(probe: HostProbe, context: ProbeContext, time: Millis): Promise<readonly Fact[] | Unable> {
  const stop = new AbortController();
  const cancel = (): void => stop.abort();
  context.signal.addEventListener('abort', cancel, { once: true });
  const timer = context.world.clock.after(time, `probe ${probe.name}`, cancel);
  const stopped = new Promise<Unable>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve(unable('it took too long')), { once: true }),
  );
  try {
    return await Promise.race([probe.run({ ...context, signal: stop.signal }), stopped]);
  } catch (error) {
    return unable(error instanceof Error ? error.message : 'it failed');
  } finally {
    timer.cancel();
    context.signal.removeEventListener('abort', cancel);
  }
}
