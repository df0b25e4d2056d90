/** The updates, put together: what is ordered, what boards say, and what a hub that was killed goes on with. */
import { answerPull, readPullRequest } from '#protocols/http-pull/index.ts';
import { oldBuild } from '#upload/index.ts';
import type { Result } from '#values/index.ts';
import type { NewUpdates, OrderedUpdates, Update, UpdateState, UpdateWay } from '../contract/index.ts';
import { plainText } from '../device-log.ts';
import { newId } from '../ids.ts';
import { provenBuild, verdictOf, wordsOf } from './confirm.ts';
import { openFetched } from './fetched.ts';
import { openGround, wordsBefore } from './ground.ts';
import { offered, wantedDevices, wayTo } from './order.ts';
import {
  alreadyUnderWay,
  deviceUnknown,
  nobodyNamed,
  nothingBefore,
  notOver,
  notWritten,
  tooLate,
  updateUnknown,
} from './problems.ts';
import { openRunner } from './runner.ts';
import { isEnd, resumption } from './states.ts';
import type { Row } from './store.ts';
import type { Updates, UpdatesSetting, Words } from './types.ts';

/** Rows written in one transaction. */
const mostAtOnce = 500;
/** Ends that a board's own words may still better. */
const provable: readonly UpdateState[] = ['back-unproven', 'unknown'];

/** Opens no port. What was under way is taken up at once, in the background. */
export function openUpdates(setting: UpdatesSetting): Updates {
  const { db, devices, firmwares, world } = setting;
  const ground = openGround(setting);
  const { store, spoken, closing } = ground;
  const runner = openRunner(ground);
  const fetched = openFetched(ground);
  /** The update of a device that is under way, or that its words may still prove. */
  const current = new Map<string, { readonly id: string; readonly open: boolean }>();
  ground.onEnd((id, device, to) => {
    if (current.get(device)?.id !== id) return;
    if (provable.includes(to)) current.set(device, { id, open: false });
    else current.delete(device);
  });

  const begin = (row: Row): void => {
    if (row.way === 'push') runner.queue(row.id, row.device);
    else fetched.watch(row);
  };

  const takeUp = async (row: Row): Promise<void> => {
    const way = row.way as UpdateWay;
    const goes = resumption(way, row.state as UpdateState, row.all_sent === 1);
    if (goes.go === 'on') return begin(row);
    if (goes.go === 'again') {
      if (await store.step({ id: row.id, way, to: goes.state, note: goes.note })) begin({ ...row, state: goes.state });
      return;
    }
    const stored = (await store.count(row.id, 'stored')) > 0;
    if (row.state !== 'restarting' && !(await store.step({ id: row.id, way, to: 'restarting', note: goes.note })))
      return;
    const device = await devices.row(row.device);
    if (way !== 'push') fetched.watch({ ...row, state: 'restarting' });
    else if (device) runner.follow({ ...row, state: 'restarting' }, device, stored);
  };
  const resume = async (): Promise<void> => {
    for (const { id, device } of await store.newestIn(provable)) current.set(device, { id, open: false });
    const rows = await store.open();
    for (const { id, device } of rows) current.set(device, { id, open: true });
    takenUp = Promise.all(rows.map((row) => takeUp(row).catch(ground.failed)));
  };
  let takenUp: Promise<unknown> | undefined;
  /** Who has an update under way is known; what nobody has to wait for goes on behind. */
  const resumed = resume().catch(ground.failed);

  const order = async (wanted: NewUpdates, by: string): Promise<Result<OrderedUpdates>> => {
    await resumed;
    const offer = await offered(firmwares, wanted.firmware);
    if (!offer.ok) return offer;
    const { firmware, check } = offer.value;
    const named = await wantedDevices(db, wanted);
    if (named.size === 0) return { ok: false, problem: nobodyNamed };
    const batch = newId();
    const rows: Row[] = [];
    const refused: { device: string; problem: OrderedUpdates['refused'][number]['problem'] }[] = [];
    for (const [id, device] of named) {
      const way = wayTo(device, wanted.way);
      const underWay = device && current.get(id)?.open ? alreadyUnderWay(device.name) : undefined;
      const against = device && !wanted.force ? check(device).problem : undefined;
      const problem = way.ok ? (underWay ?? against) : way.problem;
      if (problem || !way.ok || !device) {
        refused.push({ device: id, problem: problem ?? deviceUnknown });
        continue;
      }
      const row = newRow({
        batch,
        device: id,
        firmware: firmware.id,
        way: way.value,
        force: wanted.force === true,
        by,
      });
      rows.push({ ...row, created_at: world.clock.wall(), changed_at: world.clock.wall() });
      current.set(id, { id: row.id, open: true });
    }
    try {
      for (let i = 0; i < rows.length; i += mostAtOnce) await store.add(rows.slice(i, i + mostAtOnce));
    } catch (error) {
      for (const { device, id } of rows) if (current.get(device)?.id === id) current.delete(device);
      return { ok: false, problem: notWritten(error instanceof Error ? error.message : String(error)) };
    }
    for (const row of rows) {
      setting.audit?.(by, 'update.ordered', named.get(row.device)?.name ?? row.device, firmware.name);
      ground.tell(row.id);
      begin(row);
    }
    const { items } = await store.list({ batch, limit: rows.length });
    return { ok: true, value: { batch, updates: items.reverse(), refused } };
  };

  /** One update for one device. */
  const orderOne = async (wanted: NewUpdates, by: string): Promise<Result<Update>> => {
    const ordered = await order(wanted, by);
    if (!ordered.ok) return ordered;
    const { updates, refused } = ordered.value;
    return updates[0] ? { ok: true, value: updates[0] } : { ok: false, problem: refused[0]!.problem };
  };

  /** What its words prove of the update that is under way, or was. */
  const judge = async (device: string, words: Words | undefined): Promise<void> => {
    const known = current.get(device);
    const row = known && (await store.row(known.id));
    if (!row) return;
    if (known.open) {
      if (row.way !== 'push') await fetched.heard(row, words);
      return;
    }
    const marks = await ground.marks(row.firmware);
    const verdict = words && verdictOf(words, marks, wordsBefore(row));
    if (!words || !verdict) return;
    const build = wordsOf(words);
    if (verdict === 'new') await ground.end(row, 'confirmed', { build: provenBuild(words, marks) });
    else if (row.state === 'back-unproven') {
      const { name = 'the board' } = (await devices.row(device)) ?? {};
      const problem = oldBuild(name, build ?? 'what it ran before', marks.build ?? 'what was sent');
      await ground.end(row, 'rolled-back', { problem, build });
    }
  };
  const heard = async (device: string, words?: Words): Promise<void> => {
    const said = words && wordsOf(words) !== undefined ? bounded(words) : undefined;
    if (said) spoken.say(device, said);
    runner.heard(device);
    if (current.has(device)) await judge(device, said);
  };

  return {
    order,
    list: (query) => store.list(query),
    get: (id) => store.detail(id),
    async cancel(id, by) {
      await resumed;
      const row = await store.row(id);
      if (!row) return { ok: false, problem: updateUnknown };
      const was = row.way === 'push' ? await runner.cancel(id) : row.state === 'sending' ? undefined : 'in-line';
      if (was === 'in-line' && !isEnd(row.state as UpdateState))
        await ground.end(row, 'cancelled', { note: `by ${by}` });
      const update = await store.update(id);
      if (update?.state !== 'cancelled') return { ok: false, problem: tooLate };
      setting.audit?.(by, 'update.cancelled', update.deviceName, update.firmwareName);
      return { ok: true, value: update };
    },
    async retry(id, by) {
      const row = await store.row(id);
      if (!row) return { ok: false, problem: updateUnknown };
      if (!isEnd(row.state as UpdateState)) return { ok: false, problem: notOver };
      const { firmware, device, way, force } = row;
      return orderOne({ firmware, devices: [device], way: way as UpdateWay, force: force === 1 }, by);
    },
    async rollback(id, by) {
      const device = await devices.row(id);
      if (!device) return { ok: false, problem: deviceUnknown };
      const firmware = await store.confirmedBefore(id, device.firmware_id);
      if (firmware === undefined) return { ok: false, problem: nothingBefore(device.name) };
      return orderOne({ firmware, devices: [id] }, by);
    },
    async fits(id, ids) {
      const offer = await offered(firmwares, id);
      if (!offer.ok) return offer;
      const named = await wantedDevices(db, { firmware: id, devices: [...ids] });
      const answers = [...named].flatMap(([device, row]) => {
        if (!row) return [];
        const { verdict, because } = offer.value.check(row);
        return [{ device, verdict, because }];
      });
      return { ok: true, value: answers };
    },
    underWay: (device) => ground.underWay(device),
    heard: (device, words) => void heard(device, words).catch(ground.failed),
    async pull(device, asked, wanted) {
      await resumed;
      const isAllowed = answerPull(asked, [], wanted).outcome !== 'unauthorized';
      if (device !== undefined && isAllowed) {
        const request = readPullRequest(asked.headers);
        if (request) await heard(device, { md5: request.sketchMd5, version: request.version });
      }
      const known = device === undefined ? undefined : current.get(device);
      const row = known?.open ? await store.row(known.id) : undefined;
      return fetched.pull(row?.way === 'pull' ? row : undefined, device, asked, wanted);
    },
    fetch: (path, method) => fetched.fetch(path, method),
    tidy: () => store.tidy(),
    async close() {
      closing.abort();
      fetched.close();
      await resumed;
      await takenUp;
      await runner.idle();
      await store.close();
    },
  };
}

/** A board may say anything. */
const bounded = ({ build, md5, version }: Words): Words => ({
  build: build === undefined ? undefined : plainText(build),
  md5,
  version: version === undefined ? undefined : plainText(version),
});

const newRow = (of: {
  readonly batch: string;
  readonly device: string;
  readonly firmware: string;
  readonly way: UpdateWay;
  readonly force: boolean;
  readonly by: string;
}): Omit<Row, 'created_at' | 'changed_at'> => ({
  id: newId(),
  batch: of.batch,
  device: of.device,
  firmware: of.firmware,
  way: of.way,
  // What is fetched waits for the board from the start.
  state: of.way === 'push' ? 'queued' : 'waiting',
  force: of.force ? 1 : 0,
  acknowledged: null,
  total: null,
  all_sent: 0,
  build: null,
  problem: null,
  diagnosis: null,
  transcript: null,
  before: null,
  ordered_by: of.by,
});
