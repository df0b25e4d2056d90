/** Why an update failed: the doctor, over what the attempt showed and what can be asked quickly. */
import { type Diagnosis, diagnosisFields } from '#doctor/index.ts';
import { diagnoseAttempt, harmlessProbes } from '#doctor/probes/index.ts';
import type { Flashed, Knowledge } from '#upload/index.ts';
import type { Ground } from './ground.ts';

export interface Failed {
  readonly flashed: Flashed;
  readonly command: 'sketch' | 'filesystem';
  readonly knowledge: Knowledge;
  readonly target: { readonly name: string; readonly address: string; readonly port: number };
}

/** The fields of a diagnosis, as `whyota doctor --json` gives them; undefined for what its ending itself explains. */
export async function whyItFailed(
  { setting: { world, host }, closing }: Ground,
  { flashed, command, knowledge, target }: Failed,
): Promise<Record<string, unknown> | undefined> {
  const { attempt, delivery, plan, ending } = flashed;
  if (ending.kind !== 'failed' && ending.kind !== 'not-back') return undefined;
  if (['password-needed', 'wrong-password', 'listen-failed'].includes(delivery?.kind ?? '')) return undefined;
  const context = { delivery, plan, knowledge, command };
  const diagnosis: Diagnosis = await diagnoseAttempt(
    attempt,
    context,
    { world, ...(host ?? silentHost), target, signal: closing.signal },
    host ? harmlessProbes : [],
  );
  return diagnosisFields(diagnosis);
}

const silentHost = {
  commands: { run: () => Promise.resolve(undefined) },
  environment: { os: 'other', variable: () => undefined, configFolder: '', dataFolder: '' },
} as const;
