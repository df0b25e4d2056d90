/** Diagnose: the doctor about one device, now: what its last update showed, if that failed, and what can be asked without
 *  making the board do anything. */
import { diagnose, diagnosisFields } from '#doctor/index.ts';
import { harmlessProbes, runProbes, usualBudget } from '#doctor/probes/index.ts';
import { factsOfAttempt } from '#doctor/transcript.ts';
import type { Commands, Environment, World } from '#machine/index.ts';
import type { Recorded } from '#transcript/index.ts';
import { type Fact, mergeFacts } from '#values/facts.ts';
import type { DeviceDiagnosis } from './contract/index.ts';
import type { Devices } from './devices.ts';
import type { Firmwares } from './firmwares.ts';
import type { DeviceRow } from './store/schema.ts';
import { knowledgeOf } from './updates/ground.ts';
import type { Updates } from './updates/index.ts';

export interface DiagnoseSetting {
  readonly devices: Devices;
  readonly firmwares: Firmwares;
  readonly updates: Updates;
  readonly world: World;
  readonly host?: { readonly commands: Commands; readonly environment: Environment } | undefined;
  readonly closing: AbortSignal;
}

/** Where a device without ArduinoOTA would listen, by family. */
const usualPorts: Readonly<Record<string, number>> = { esp8266: 8266, esp32: 3232, rp2040: 2040 };

/** Gives a diagnosis of a device; undefined where there is no such device. Who asks while one is under way gets that one. */
export function openDiagnose(setting: DiagnoseSetting): (device: string) => Promise<DeviceDiagnosis | undefined> {
  const underWay = new Map<string, Promise<DeviceDiagnosis | undefined>>();
  return (device) => {
    let asked = underWay.get(device);
    if (!asked) {
      asked = diagnoseDevice(setting, device).finally(() => underWay.delete(device));
      underWay.set(device, asked);
    }
    return asked;
  };
}

async function diagnoseDevice(setting: DiagnoseSetting, id: string): Promise<DeviceDiagnosis | undefined> {
  const { devices, world } = setting;
  const row = await devices.row(id);
  if (!row) return undefined;
  const showed = await lastFailure(setting, row);
  const facts = mergeFacts(showed, await asked(setting, row, showed));
  return { at: world.clock.wall(), diagnosis: diagnosisFields(diagnose(facts)) };
}

async function asked(
  { world, host, updates, closing }: DiagnoseSetting,
  row: DeviceRow,
  known: readonly Fact[],
): Promise<readonly Fact[]> {
  if (!host || row.address === null) return [];
  const target = { name: row.name, address: row.address, port: row.port ?? usualPorts[row.family ?? ''] ?? 8266 };
  const context = {
    world,
    ...host,
    target,
    known,
    knowledge: knowledgeOf(row),
    signal: closing,
    uploadUnderWay: updates.underWay(row.id),
  };
  return (await runProbes(context, harmlessProbes, usualBudget)).facts;
}

/** What the newest update showed, where it was pushed and did not end well. */
async function lastFailure({ updates, firmwares }: DiagnoseSetting, row: DeviceRow): Promise<readonly Fact[]> {
  const [newest] = (await updates.list({ device: row.id, limit: 1 })).items;
  if (!newest || !['failed', 'unknown', 'rolled-back'].includes(newest.state)) return [];
  const detail = await updates.get(newest.id);
  if (!detail?.transcript.length) return [];
  const command = (await firmwares.get(newest.firmware))?.command ?? 'sketch';
  const attempt = { began: newest.createdAt, events: detail.transcript as readonly Recorded[] };
  return factsOfAttempt(attempt, { command, knowledge: knowledgeOf(row) });
}
