/** Who gets what: each device checked before anything is queued, with the same sums as the command line. */
import { identify } from '#firmware/index.ts';
import { plan } from '#upload/index.ts';
import type { Problem, Result } from '#values/index.ts';
import type { Firmware, FitAnswer, NewUpdates, UpdateWay, Way } from '../contract/index.ts';
import { firmwareMissing } from '../firmwares.ts';
import type { Db } from '../store/open.ts';
import type { DeviceRow } from '../store/schema.ts';
import { knowledgeOf } from './ground.ts';
import { deviceUnknown, notFlashable } from './problems.ts';
import type { UpdatesSetting } from './types.ts';

export interface Offered {
  readonly firmware: Firmware;
  /** What speaks against it for this device, and how the sum stands. */
  check(device: DeviceRow): Checked;
}

export interface Checked {
  readonly problem: Problem | undefined;
  readonly verdict: FitAnswer['verdict'];
  readonly because: string;
}

/** Loads a firmware to be checked against many devices: boards that are alike are reckoned once. */
export async function offered(firmwares: UpdatesSetting['firmwares'], id: string): Promise<Result<Offered>> {
  const firmware = await firmwares.get(id);
  const file = firmware && (await firmwares.bytes(id));
  if (!firmware || !file) return { ok: false, problem: firmwareMissing(id) };
  const image = identify(file);
  const known = new Map<string, Checked>();
  const check = (device: DeviceRow): Checked => {
    const { runningBuild: _, ...knowledge } = knowledgeOf(device);
    const key = JSON.stringify(knowledge);
    let checked = known.get(key);
    if (!checked) {
      const { problems, fit } = plan(file, firmware.command, knowledge, undefined, image);
      const [problem] = problems;
      checked = {
        problem,
        verdict: problem ? 'does-not-fit' : fit.verdict,
        because: problem ? `${problem.what}: ${problem.why}` : fit.because,
      };
      known.set(key, checked);
    }
    return checked;
  };
  return { ok: true, value: { firmware, check } };
}

const mostAtOnce = 500;

/** The rows of those that are named: each id with its row, or with none. */
export async function wantedDevices(
  db: Db,
  { devices = [], group, tag }: NewUpdates,
): Promise<ReadonlyMap<string, DeviceRow | undefined>> {
  const found = new Map<string, DeviceRow | undefined>(devices.map((id) => [id, undefined]));
  const ids = [...found.keys()];
  for (let i = 0; i < ids.length; i += mostAtOnce) {
    const some = ids.slice(i, i + mostAtOnce);
    for (const row of await db.selectFrom('devices').selectAll().where('id', 'in', some).execute())
      found.set(row.id, row);
  }
  const keep = (rows: readonly DeviceRow[]): void => rows.forEach((row) => void found.set(row.id, row));
  if (group !== undefined) keep(await db.selectFrom('devices').selectAll().where('group_name', '=', group).execute());
  if (tag !== undefined) {
    // The quotes keep a tag from matching within another; tags are kept as JSON.
    const rows = await db
      .selectFrom('devices')
      .selectAll()
      .where('tags', 'like', `%${likeText(JSON.stringify(tag))}%`)
      .execute();
    keep(rows.filter(({ tags }) => (JSON.parse(tags) as string[]).includes(tag)));
  }
  return found;
}

/** Without the two signs that mean something to LIKE: they match any, and the rows are looked at again. */
const likeText = (text: string): string => text.replace(/[%_\\]/g, '_');

/** How a device gets it: as was asked, else the way that tells most. */
export function wayTo(device: DeviceRow | undefined, wanted: UpdateWay | undefined): Result<UpdateWay> {
  if (!device) return { ok: false, problem: deviceUnknown };
  const ways = JSON.parse(device.ways) as Way[];
  const possible: UpdateWay[] = [];
  if (ways.includes('espota')) possible.push('push');
  if (ways.includes('pull')) possible.push('pull');
  if (device.token_hash !== null) possible.push('blynk');
  // A board nobody has seen yet may be told to fetch, and one with an address be called.
  if (wanted === 'push' && device.address !== null) possible.push('push');
  if (wanted === 'pull') possible.push('pull');
  const way = wanted === undefined ? possible[0] : possible.find((one) => one === wanted);
  return way ? { ok: true, value: way } : { ok: false, problem: notFlashable(device.name, wanted) };
}
