/** Boards that fetch their update: those that ask by themselves (pull), and those that a Blynk `ota` message tells to. */
import { identify, innerSketch } from '#firmware/index.ts';
import { type Asked, answerPull, type Offer } from '#protocols/http-pull/index.ts';
import { notBack } from '#upload/index.ts';
import { type Millis, md5Hex, millis, minutes } from '#values/index.ts';
import type { Firmware, UpdateWay } from '../contract/index.ts';
import { newKey } from '../ids.ts';
import { provenBuild, verdictOf, wordsOf } from './confirm.ts';
import { type Ground, mostSendings, wordsBefore, wordsNow } from './ground.ts';
import { doesNotFit, neverCame, noOta, notTaken, otaIgnored } from './problems.ts';
import type { Row } from './store.ts';
import type { OtaSent, PullReply, Words } from './types.ts';

export interface Fetched {
  /** Keeps an eye on an open update. */
  watch(row: Row): void;
  /** The device is there, and said this of what it runs. */
  heard(row: Row, words: Words | undefined): Promise<void>;
  pull(row: Row | undefined, device: string | undefined, asked: Asked, wanted?: string): Promise<PullReply>;
  fetch(path: string, method: string): Promise<PullReply | undefined>;
  close(): void;
}

interface Watched {
  readonly device: string;
  readonly since: Millis;
  /** Blynk: how often it was told and did not come. */
  told: number;
  isBeingTold?: boolean;
  timer?: { cancel(): void } | undefined;
  key?: string | undefined;
}

const lookEvery = minutes(10);
const knowsNobody = async (): Promise<OtaSent> => 'cannot';
const nothingNew: PullReply = { status: 304, headers: {}, outcome: 'current' };

export function openFetched(ground: Ground): Fetched {
  const { setting, store, patience, closing } = ground;
  const { clock } = setting.world;
  const watched = new Map<string, Watched>();
  const keys = new Map<string, string>();
  let looking: { cancel(): void } | undefined;

  const nameOf = async (device: string): Promise<string> => (await setting.devices.row(device))?.name ?? 'the board';
  const drop = (id: string): void => {
    const one = watched.get(id);
    one?.timer?.cancel();
    if (one?.key) keys.delete(one.key);
    watched.delete(id);
  };
  ground.onEnd(drop);
  closing.signal.addEventListener('abort', () => looking?.cancel());

  /** Those that never come are given up one day. */
  const look = async (): Promise<void> => {
    looking = undefined;
    for (const [id, { device, since }] of watched) {
      if (clock.now() - since < patience.asleep) continue;
      const row = await store.row(id);
      const name = await nameOf(device);
      if (!row || row.state === 'sending') drop(id);
      else if (row.state === 'restarting') await ground.end(row, 'unknown', { problem: notBack(name) });
      else await ground.end(row, 'failed', { problem: neverCame(name) });
    }
    lookLater();
  };
  const lookLater = (): void => {
    if (watched.size === 0 || looking || closing.signal.aborted) return;
    const wait = millis(Math.min(lookEvery, patience.asleep));
    looking = clock.after(wait, 'boards that never come', () => void look().catch(ground.failed));
  };

  const after = (id: string, wait: Millis, name: string, then: () => Promise<void>): void => {
    const one = watched.get(id);
    if (!one) return;
    one.timer?.cancel();
    one.timer = clock.after(wait, name, () => void (closing.signal.aborted || then().catch(ground.failed)));
  };

  /** Tells a Blynk board that there is something to fetch. */
  const tell = async (row: Row): Promise<void> => {
    const one = watched.get(row.id);
    if (!one || row.way !== 'blynk' || row.state !== 'waiting' || one.timer || one.isBeingTold) return;
    if (setting.live.presence(row.device) !== 'online') return;
    if (one.told >= mostSendings) return ground.end(row, 'failed', { problem: otaIgnored(await nameOf(row.device)) });
    one.key ??= newKey();
    keys.set(one.key, row.id);
    one.isBeingTold = true;
    const sent = await (setting.sendOta ?? knowsNobody)(row.device, `/ota/${one.key}.bin`).finally(() => {
      one.isBeingTold = false;
    });
    if (sent === 'cannot') return ground.end(row, 'failed', { problem: noOta(await nameOf(row.device)) });
    if (sent === 'not-connected') return;
    one.told++;
    after(row.id, patience.fetch, 'the board to fetch its update', async () => {
      one.timer = undefined;
      const now = await store.row(row.id);
      if (now) await tell(now);
    });
  };

  /** Before a byte goes: written down, with all that may be sent counted as sent, for nothing can be held back here. */
  const begin = async (row: Row, words: Words, bytes: number): Promise<boolean> => {
    const { id } = row;
    const way = row.way as UpdateWay;
    const set = { before: JSON.stringify(words), all_sent: 1, total: bytes };
    try {
      if (row.state === 'sending' || row.state === 'restarting')
        await store.stepNow({ id, way, to: 'waiting', note: 'it asks again, and runs what it ran before' });
      if (!(await store.stepNow({ id, way, to: 'sending', set }))) return false;
    } catch (error) {
      // The board does not wait for a full disk. It will ask again.
      ground.failed(error);
      return false;
    }
    ground.begins(row.device);
    return true;
  };
  const ended = async (row: Row, whole: boolean): Promise<void> => {
    const { id, device } = row;
    const way = row.way as UpdateWay;
    if (!whole) {
      ground.over(device);
      await store.step({ id, way, to: 'waiting', note: 'it broke off before it had all of it' });
      return;
    }
    await store.step({ id, way, to: 'restarting', set: { acknowledged: row.total } });
    after(id, millis(2 * patience.back), 'the board to come back', () => silent(id));
  };
  /** A board that asks by itself may sleep for a day; one that holds a connection does not. */
  const silent = async (id: string): Promise<void> => {
    const row = await store.row(id);
    if (row?.state !== 'restarting') return;
    ground.over(row.device);
    if (row.way !== 'blynk') return;
    const name = await nameOf(row.device);
    if (setting.live.presence(row.device) === 'online') await ground.end(row, 'back-unproven', { note: saysNothing });
    else await ground.end(row, 'unknown', { problem: notBack(name) });
  };

  const reply = async (row: Row, firmware: Firmware, words: Words, answer: PullReply): Promise<PullReply> => {
    const name = await nameOf(row.device);
    const times = await store.count(row.id, 'sending');
    if (times >= mostSendings) {
      await ground.end(row, 'failed', { problem: notTaken(name, times), build: wordsOf(words) });
      return nothingNew;
    }
    const body = await setting.firmwares.bytes(firmware.id);
    if (!body || !(await begin(row, words, body.length))) return nothingNew;
    const under: Row = { ...row, state: 'sending', total: body.length };
    return { ...answer, body, ended: (whole) => void ended(under, whole).catch(ground.failed) };
  };

  return {
    watch(row) {
      watched.set(row.id, { device: row.device, since: clock.now(), told: 0 });
      lookLater();
      if (row.state === 'restarting')
        after(row.id, millis(2 * patience.back), 'the board to come back', () => silent(row.id));
      else void tell(row).catch(ground.failed);
    },
    async heard(row, words) {
      if (words && row.state === 'restarting') {
        const marks = await ground.marks(row.firmware);
        const verdict = verdictOf(words, marks, wordsBefore(row));
        const build = wordsOf(words);
        if (verdict === 'new') return ground.end(row, 'confirmed', { build: provenBuild(words, marks) });
        if (row.way !== 'blynk') return;
        if (verdict === undefined) return ground.end(row, 'back-unproven', { note: saysNothing, build });
        const times = await store.count(row.id, 'sending');
        const name = await nameOf(row.device);
        if (times >= mostSendings) return ground.end(row, 'failed', { problem: notTaken(name, times), build });
        const note = `it is back and runs ${build ?? 'what it ran before'}`;
        if (!(await store.step({ id: row.id, way: 'blynk', to: 'waiting', note }))) return;
        watched.get(row.id)?.timer?.cancel();
        const one = watched.get(row.id);
        if (one) one.timer = undefined;
        ground.over(row.device, 'online');
        return tell({ ...row, state: 'waiting' });
      }
      if (row.state === 'waiting') await tell(row);
    },
    async pull(row, device, asked, wanted) {
      const firmware = row && (await setting.firmwares.get(row.firmware));
      const offer = firmware && (await offerOf(row, firmware, setting));
      const answer = answerPull(asked, offer ? [offer] : [], wanted);
      const { request } = answer;
      // A board of ours for which there is nothing is up to date; a stranger is told that nothing is for it.
      if (device !== undefined && answer.outcome === 'not-for-it')
        return { ...nothingNew, ...(request ? { request } : {}) };
      if (!row || !firmware || !request || asked.method === 'HEAD') return answer;
      const words: Words = { md5: request.sketchMd5, version: request.version };
      switch (answer.outcome) {
        case 'current':
          void ground.end(row, 'confirmed', { build: firmware.build ?? wordsOf(words) }).catch(ground.failed);
          return answer;
        case 'too-large': {
          const name = await nameOf(row.device);
          await ground.end(row, 'failed', { problem: doesNotFit(name, firmware.bytes, request.freeSpace ?? 0) });
          return answer;
        }
        case 'update':
          break;
        default:
          return answer;
      }
      // Nothing that it says tells the new sketch from the old one: to send it again could go on for ever.
      if (row.state === 'restarting' && wordsOf(words) === undefined) {
        await ground.end(row, 'back-unproven', { note: saysNothing });
        return nothingNew;
      }
      return reply(row, firmware, words, answer);
    },
    async fetch(path, method) {
      const id = keys.get(/^\/ota\/([\w-]+)\.bin$/.exec(path)?.[1] ?? '');
      const row = id === undefined ? undefined : await store.row(id);
      const firmware = row && (await setting.firmwares.get(row.firmware));
      const device = row && (await setting.devices.row(row.device));
      if (!firmware || !device || !['waiting', 'sending', 'restarting'].includes(row.state)) return undefined;
      const headers = {
        'content-type': 'application/octet-stream',
        'content-length': String(firmware.bytes),
        'x-md5': firmware.md5,
        connection: 'close',
      };
      const answer: PullReply = { status: 200, headers, outcome: 'update' };
      return method === 'HEAD' ? answer : reply(row, firmware, wordsNow(ground, device), answer);
    },
    close() {
      for (const id of [...watched.keys()]) drop(id);
    },
  };
}

const saysNothing = 'it is back and does not say what it runs';

async function offerOf(row: Row, firmware: Firmware, { firmwares }: Ground['setting']): Promise<Offer | undefined> {
  const file = await firmwares.bytes(firmware.id);
  if (!file) return undefined;
  const inner = innerSketch(file, identify(file));
  return {
    id: firmware.id,
    bytes: firmware.bytes,
    md5: firmware.md5,
    mode: firmware.command,
    ...(inner ? { innerMd5: md5Hex(inner) } : {}),
    ...(firmware.family === 'esp8266' || firmware.family === 'esp32' ? { family: firmware.family } : {}),
    ...(firmware.version === undefined || row.force === 1 ? {} : { version: firmware.version }),
  };
}
