/** After an upload that failed: what it showed, and what can be asked quickly, made into a diagnosis. */
import { mergeFacts } from '#values/facts.ts';
import { choose } from '../choose.ts';
import { type Diagnosis, diagnose } from '../rank.ts';
import { type AttemptContext, factsOfAttempt } from '../transcript.ts';
import type { HostProbe, ProbeContext } from './probe.ts';
import { budgetFor, type Probed, runProbes } from './run.ts';

/** Asks only where what the attempt showed leaves something open; `asks` is called before, `asked` hears what came of it. */
export async function diagnoseAttempt(
  attempt: Parameters<typeof factsOfAttempt>[0],
  context: AttemptContext,
  setting: Omit<ProbeContext, 'known' | 'knowledge'>,
  probes: readonly HostProbe[],
  on: { asks?(): void; asked?(probed: Probed): void } = {},
): Promise<Diagnosis> {
  const facts = factsOfAttempt(attempt, context);
  const first = diagnose(facts);
  const names = new Set(probes.map(({ name }) => name));
  const settled = first.causes[0]?.verdict === 'certain' || !choose(facts, ({ name }) => names.has(name));
  if (settled || setting.signal.aborted) return first;
  on.asks?.();
  const probed = await runProbes({ ...setting, known: facts, knowledge: context.knowledge }, probes, budgetFor(facts));
  on.asked?.(probed);
  return diagnose(mergeFacts(facts, probed.facts));
}
