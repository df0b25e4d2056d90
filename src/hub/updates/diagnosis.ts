/** Why an update failed: the doctor, over what the attempt showed and what can be asked quickly. */
import type { AttemptContext } from '#doctor/transcript.ts';
import type { Attempt } from '#transcript/index.ts';
import type { DeviceRow } from '../store/schema.ts';
import { type Ground, knowledgeOf, portOf } from './ground.ts';

export interface Failed extends Pick<AttemptContext, 'command' | 'delivery' | 'plan'> {
  readonly attempt: Attempt;
}

/** The fields of a diagnosis, as `whyota doctor --json` gives them; undefined for what its ending itself explains. */
export async function diagnose(
  { setting: { world, host }, closing }: Ground,
  device: DeviceRow,
  { attempt, ...showed }: Failed,
): Promise<Record<string, unknown> | undefined> {
  if (['password-needed', 'wrong-password', 'listen-failed'].includes(showed.delivery?.kind ?? '')) return undefined;
  // Most hubs never need it: loaded then, it takes no memory before.
  const { diagnosisFields } = await import('#doctor/index.ts');
  const { diagnoseAttempt, harmlessProbes } = await import('#doctor/probes/index.ts');
  const target = { name: device.name, address: device.address ?? '', port: portOf(device) ?? 0 };
  const diagnosis = await diagnoseAttempt(
    attempt,
    { ...showed, knowledge: knowledgeOf(device) },
    { world, ...(host ?? silentHost), target, signal: closing.signal },
    host ? harmlessProbes : [],
  );
  return diagnosisFields(diagnosis);
}

const silentHost = {
  commands: { run: () => Promise.resolve(undefined) },
  environment: { os: 'other', variable: () => undefined, configFolder: '', dataFolder: '' },
} as const;
