/** Push: so many transfers at a time, in the order in which they were asked for; boards that are away wait beside the line. */
import { type Flashed, flash, worthAnotherTry } from '#upload/index.ts';
import { type Millis, millis, seconds } from '#values/index.ts';
import type { Firmware } from '../contract/index.ts';
import { firmwareMissing } from '../firmwares.ts';
import type { DeviceRow } from '../store/schema.ts';
import { afterwards } from './afterwards.ts';
import { type Ground, knowledgeOf, mostSendings, portOf, usuallyParallel, whyItFailed, wordsNow } from './ground.ts';
import { markedTcp } from './hold.ts';
import { openLine } from './line.ts';
import { neverCame } from './problems.ts';
import type { Row, Step } from './store.ts';

export interface Runner {
  /** Puts it in line. */
  queue(id: string, device: string): void;
  /** Goes on with one that the board may have stored. */
  follow(row: Row, device: DeviceRow, stored: boolean): void;
  /** The device is there: one that waits for it is called soon. */
  heard(device: string): void;
  /** Takes it out of the line, or breaks its transfer off and waits for the end of it. */
  cancel(id: string): Promise<'in-line' | 'broken-off' | undefined>;
  /** What is under way has been written down. */
  idle(): Promise<void>;
}

/** What is known of the tries of one update since the hub's start. */
interface Tries {
  count: number;
  wait: Millis | undefined;
  awaySince: Millis | undefined;
}

/** How a transfer ended, and what it was of. */
interface Transfer {
  readonly row: Row;
  readonly device: DeviceRow;
  readonly firmware: Firmware;
  readonly to: { readonly address: string; readonly port: number };
  readonly flashed: Flashed;
  /** The last bytes went. */
  readonly allSent: boolean;
  /** It was broken off because a mark of it could not be written down. */
  readonly unwritten: boolean;
  /** The device was known to be there when it was called. */
  readonly isOnline: boolean;
  readonly stopped: boolean;
}

/** A board that gave up a connection is idle again after its connect timeout. */
const betweenTries = seconds(3);
const pings = { count: 2, interval: millis(500), timeout: seconds(1) };
/** Progress is told so often. */
const tellEvery = millis(250);

export function openRunner(ground: Ground): Runner {
  const { setting, store, patience, closing } = ground;
  const { clock } = setting.world;
  const tries = new Map<string, Tries>();
  const endings = new Map<string, Promise<void>>();

  /** Goes on without a place in the line. */
  const beside = (id: string, device: string, work: Promise<void>): void => {
    const one = work.catch(ground.failed).finally(() => {
      endings.delete(id);
      ground.over(device);
    });
    endings.set(id, one);
  };

  const transfer = async (id: string, stop: AbortSignal): Promise<void> => {
    const row = await store.row(id);
    const device = row && (await setting.devices.row(row.device));
    if (!device || (row.state !== 'queued' && row.state !== 'waiting')) return;
    const firmware = await setting.firmwares.get(row.firmware);
    const file = await setting.firmwares.bytes(row.firmware);
    if (!firmware || !file) return ground.end(row, 'failed', { problem: firmwareMissing(row.firmware) });
    const to = endpointOf(device, firmware);
    if (!to) return isAway(row, device, 'its address is not known');
    if (stop.aborted) return;

    const isOnline = setting.live.presence(device.id) === 'online';
    const before = JSON.stringify(wordsNow(ground, device));
    const marks = marksOf(id, device.id, before);
    const flashed = await flash(
      {
        file,
        command: firmware.command,
        board: { name: device.name, endpoint: to, via: 'memory', knowledge: knowledgeOf(device) },
        password: await setting.devices.password(device.id),
        hostPort: setting.hostPort,
        force: row.force === 1,
        wait: false,
      },
      { ...setting.world, tcp: markedTcp(setting.world.tcp, marks) },
      (event) => {
        if (event.kind === 'identified') marks.bytes = event.bytes;
        if (event.kind === 'acknowledged') marks.acknowledged(event.bytes, event.total);
      },
      stop,
    );
    const state = marks.begun ? 'sending' : row.state;
    const fresh = { ...row, state, before, total: marks.bytes ?? null };
    const { allSent, unwritten } = marks;
    const over = { row: fresh, device, firmware, to, flashed, allSent, unwritten, isOnline, stopped: stop.aborted };
    beside(id, device.id, ended(over));
  };

  /** The marks of one transfer, and its progress. */
  const marksOf = (id: string, device: string, before: string) => {
    let toldAt: Millis | undefined;
    const mark = async (step: Pick<Step, 'to' | 'set'>): Promise<void> => {
      try {
        if (await store.stepNow({ id, way: 'push', ...step })) return;
      } catch (error) {
        marks.unwritten = true;
        ground.failed(error);
      }
      throw new Error('not written');
    };
    const marks = {
      bytes: undefined as number | undefined,
      begun: false,
      allSent: false,
      /** A mark could not be written down. */
      unwritten: false,
      total: () => marks.bytes,
      async first() {
        await mark({ to: 'sending', set: { before, all_sent: 0, problem: null, total: marks.bytes ?? null } });
        marks.begun = true;
        ground.begins(device);
      },
      async last() {
        await mark({ set: { all_sent: 1 } });
        marks.allSent = true;
      },
      acknowledged(bytes: number, total: number) {
        store.progress(id, bytes, total);
        if (toldAt !== undefined && clock.now() - toldAt < tellEvery) return;
        toldAt = clock.now();
        ground.tell(id);
      },
    };
    return marks;
  };

  /** What follows from how a transfer ended. */
  const ended = async (over: Transfer): Promise<void> => {
    const { row, device, firmware, flashed, allSent, unwritten, isOnline, stopped, to } = over;
    const { ending, delivery, attempt } = flashed;
    const transcript = attempt.events;
    const set = { transcript: JSON.stringify(transcript) };
    const showed = { events: transcript, plan: flashed.plan };
    const problem = 'problem' in ending ? ending.problem : undefined;
    if (ending.kind === 'stored') {
      await store.step({ id: row.id, way: 'push', to: 'stored', set: { ...set, all_sent: 1 } });
      return afterwards(ground, { ...row, state: 'stored' }, device, { stored: true, ...showed });
    }
    if (allSent && delivery?.kind !== 'board-error') {
      if (closing.signal.aborted) return;
      const note = 'the board has all of it, and did not say whether it stored it';
      return afterwards(ground, row, device, { stored: false, note, ...showed, ...(problem ? { problem } : {}) });
    }
    if (ending.kind === 'interrupted' || stopped) {
      if (!closing.signal.aborted) return ground.end(row, 'cancelled', { transcript });
      await store.step({ id: row.id, way: 'push', to: 'queued', note: 'the hub was stopped' });
      return;
    }
    if (unwritten) {
      // No fault of the board's: it is called again when the disk may have room.
      if (row.state === 'sending')
        await store.step({ id: row.id, way: 'push', to: 'queued', note: 'the hub could not write to its database' });
      return line.later(row.id, row.device, patience.retry);
    }
    const tried = triesOf(row.id);
    tried.count++;
    const sendings = await store.count(row.id, 'sending');
    if (delivery?.kind === 'no-answer' || delivery?.kind === 'unreachable') {
      // One that was cut off in a transfer may wait for the rest of it for a while, and answers nobody.
      const held = sendings > 0 && tried.count < mostSendings;
      if (held || !(await isThere(to.address, isOnline))) return isAway(row, device, problem?.what, set);
    }
    // One that has just come may not have opened its port yet.
    const early = row.state === 'waiting' && delivery?.kind === 'port-closed';
    const again = early || (delivery !== undefined && worthAnotherTry(delivery, false));
    if (again && Math.max(tried.count, sendings) < mostSendings) {
      const note = `${problem?.what ?? 'it broke off'}: once more`;
      const written = await store.step({ id: row.id, way: 'push', to: 'queued', note, set });
      store.progress(row.id, undefined);
      if (written || row.state === 'queued') line.later(row.id, row.device, betweenTries);
      return;
    }
    const failed = { attempt, delivery, plan: flashed.plan, command: firmware.command };
    const diagnosis = ending.kind === 'failed' ? await whyItFailed(ground, device, failed) : undefined;
    const more = { ...(problem ? { problem } : {}), ...(diagnosis ? { diagnosis } : {}) };
    await ground.end(row, 'failed', { transcript, ...more });
  };

  /** Whether something is at that address: a ping tells more than when it was last heard of. */
  const isThere = async (address: string, isOnline: boolean): Promise<boolean> => {
    const pinged = await setting.world.ping.ping(address, pings, closing.signal);
    return pinged ? pinged.replies.some((reply) => reply !== undefined) : isOnline;
  };

  const isAway = async (row: Row, device: DeviceRow, note?: string, set = {}): Promise<void> => {
    const now = clock.now();
    const tried = triesOf(row.id);
    tried.awaySince ??= now;
    if (now - tried.awaySince >= patience.asleep) return ground.end(row, 'failed', { problem: neverCame(device.name) });
    // That it stays away is not written down at each call.
    if (row.state !== 'waiting' && !(await store.step({ id: row.id, way: 'push', to: 'waiting', note, set }))) return;
    tried.wait = tried.wait === undefined ? patience.retry : millis(Math.min(2 * tried.wait, patience.retryMost));
    line.later(row.id, row.device, tried.wait);
  };
  const triesOf = (id: string): Tries => {
    const known = tries.get(id) ?? { count: 0, wait: undefined, awaySince: undefined };
    tries.set(id, known);
    return known;
  };

  const line = openLine({
    clock,
    parallel: setting.parallel ?? usuallyParallel,
    closing: closing.signal,
    work: (id, stop) => transfer(id, stop).catch(ground.failed),
  });
  ground.onEnd((id) => tries.delete(id));

  return {
    queue: line.queue,
    heard: line.heard,
    follow: (row, device, stored) => beside(row.id, row.device, afterwards(ground, row, device, { stored })),
    async cancel(id) {
      const was = await line.cancel(id);
      await endings.get(id);
      return was;
    },
    async idle() {
      await line.idle();
      while (endings.size) await Promise.all(endings.values());
    },
  };
}

function endpointOf(device: DeviceRow, firmware: Firmware): { address: string; port: number } | undefined {
  const port = portOf(device, firmware.family);
  return device.address === null || port === undefined ? undefined : { address: device.address, port };
}
