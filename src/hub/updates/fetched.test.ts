import { describe, expect, it } from 'vitest';
import { credentials } from '#protocols/http-pull/index.ts';
import { md5Hex, minutes, seconds } from '#values/index.ts';
import type { UpdateWay } from '../contract/index.ts';
import { type HubScene, hubScene, image } from './scene.fixture.ts';
import type { OtaSent, PullReply } from './types.ts';

const file = image('new');
const oldMd5 = '0'.repeat(32);
const statesOf = (update: { steps: { state: string }[] }): string[] => update.steps.map(({ state }) => state);

/** As ESP8266httpUpdate asks. */
const headers = (md5: string | undefined, more: Record<string, string> = {}): Record<string, string> => ({
  'user-agent': 'ESP8266-http-Update',
  'x-esp8266-sta-mac': '5C:CF:7F:00:00:01',
  'x-esp8266-free-space': '2000000',
  'x-esp8266-mode': 'sketch',
  ...(md5 === undefined ? {} : { 'x-esp8266-sketch-md5': md5 }),
  ...more,
});
const ask = (scene: HubScene, md5: string | undefined, more: Record<string, string> = {}): Promise<PullReply> =>
  scene.drive(scene.updates.pull(scene.ids[0], { method: 'GET', headers: headers(md5, more) }));

async function ordered(scene: HubScene, way: UpdateWay, bytes = file) {
  const [update] = await scene.order(await scene.add(bytes), { way });
  return update!.id;
}

describe('a board that asks for its update', () => {
  it('gets the image that is meant for it, and confirms it when it asks again', async () => {
    const scene = await hubScene();
    const id = await ordered(scene, 'pull');
    expect((await scene.updates.get(id))?.state).toBe('waiting');
    const reply = await ask(scene, oldMd5);
    expect(reply).toMatchObject({ status: 200, headers: { 'x-md5': md5Hex(file) }, body: file });
    expect((await scene.updates.get(id))?.state).toBe('sending');
    expect(scene.updates.underWay(scene.ids[0]!)).toBe(true);
    reply.ended?.(true);
    await scene.until(id, ['restarting']);
    expect(await ask(scene, md5Hex(file))).toMatchObject({ status: 304 });
    const end = await scene.ends(id);
    expect(end).toMatchObject({ state: 'confirmed', build: 'new' });
    expect(statesOf(end)).toEqual(['waiting', 'sending', 'restarting', 'confirmed']);
    expect(await scene.devices.get(scene.ids[0]!)).toMatchObject({ build: 'new' });
    expect(await ask(scene, md5Hex(file))).toMatchObject({ status: 304 });
  });

  it('is confirmed at once when it runs that already', async () => {
    const scene = await hubScene();
    const id = await ordered(scene, 'pull');
    expect(await ask(scene, md5Hex(file))).toMatchObject({ status: 304 });
    expect((await scene.ends(id)).state).toBe('confirmed');
  });

  it('gets nothing that is meant for another, and a stranger gets nothing at all', async () => {
    const scene = await hubScene({ boards: 2 });
    await scene.order(await scene.add(file), { way: 'pull', devices: [scene.ids[1]!] });
    expect(await ask(scene, oldMd5)).toMatchObject({ status: 304 });
    const stranger = { method: 'GET', headers: headers(oldMd5) };
    expect(await scene.updates.pull(undefined, stranger)).toMatchObject({ status: 404, outcome: 'not-for-it' });
    expect(await scene.updates.pull(undefined, { method: 'GET', headers: {} })).toMatchObject({ status: 403 });
  });

  it('is asked for a name and password where those are wanted, before it learns anything', async () => {
    const scene = await hubScene();
    await ordered(scene, 'pull');
    const wanted = credentials('lamp', 'secret');
    const asked = (more: Record<string, string>) =>
      scene.drive(scene.updates.pull(scene.ids[0], { method: 'GET', headers: headers(oldMd5, more) }, wanted));
    expect(await asked({ 'x-esp8266-sketch-md5': md5Hex(file) })).toMatchObject({ status: 401 });
    expect((await scene.updates.list({})).items[0]?.state).toBe('waiting');
    expect(await asked({ authorization: `Basic ${btoa('lamp:secret')}` })).toMatchObject({ status: 200 });
  });

  it('gets it again when it broke off, and again when it comes back with the old one, three times at most', async () => {
    const scene = await hubScene();
    const id = await ordered(scene, 'pull');
    (await ask(scene, oldMd5)).ended?.(false);
    await scene.until(id, ['waiting']);
    for (let i = 0; i < 2; i++) {
      const reply = await ask(scene, oldMd5);
      expect(reply.status).toBe(200);
      reply.ended?.(true);
      await scene.until(id, ['restarting']);
    }
    expect(await ask(scene, oldMd5)).toMatchObject({ status: 304 });
    expect(await scene.ends(id)).toMatchObject({ state: 'failed', problem: { code: 'hub-update-not-taken' } });
  });

  it('is not flashed for ever when nothing that it says tells the new sketch from the old one', async () => {
    const scene = await hubScene();
    const id = await ordered(scene, 'pull');
    (await ask(scene, undefined)).ended?.(true);
    await scene.until(id, ['restarting']);
    expect(await ask(scene, undefined)).toMatchObject({ status: 304 });
    expect((await scene.ends(id)).state).toBe('back-unproven');
  });

  it('may ask only once a day', async () => {
    const scene = await hubScene();
    const id = await ordered(scene, 'pull');
    (await ask(scene, oldMd5)).ended?.(true);
    await scene.until(id, ['restarting']);
    await scene.pass(minutes(30));
    expect((await scene.updates.get(id))?.state).toBe('restarting');
    expect(scene.updates.underWay(scene.ids[0]!)).toBe(false);
    expect(await scene.drive(scene.updates.cancel(id, 'ann'))).toMatchObject({ value: { state: 'cancelled' } });
  });

  it('fails when the board says itself that it has not the space', async () => {
    const scene = await hubScene();
    const id = await ordered(scene, 'pull');
    await ask(scene, oldMd5, { 'x-esp8266-free-space': '1000' });
    expect(await scene.ends(id)).toMatchObject({
      state: 'failed',
      problem: { code: 'img-8266-two-copies-dont-fit', what: expect.stringContaining('1,000') },
    });
  });

  it('is remembered over a restart of the hub', async () => {
    const scene = await hubScene();
    const id = await ordered(scene, 'pull');
    await ask(scene, oldMd5);
    await scene.restart();
    await scene.until(id, ['restarting']);
    await ask(scene, md5Hex(file));
    expect((await scene.ends(id)).state).toBe('confirmed');
  });
});

describe('a board with Blynk', () => {
  async function blynkScene(answer: OtaSent = 'sent') {
    const told: string[] = [];
    const sendOta = async (_: string, path: string): Promise<OtaSent> => {
      told.push(path);
      return answer;
    };
    const scene = await hubScene({ setting: { sendOta } });
    await scene.devices.newToken(scene.ids[0]!);
    scene.devices.presence(scene.ids[0]!, 'online');
    scene.updates.heard(scene.ids[0]!, { build: 'old' });
    return { scene, told };
  }

  it('is told of its update, fetches it, and confirms it with the build in its info', async () => {
    const { scene, told } = await blynkScene();
    const id = await ordered(scene, 'blynk');
    await scene.pass(seconds(1));
    expect(told).toEqual([expect.stringMatching(/^\/ota\/[\w-]{20,}\.bin$/)]);
    expect(await scene.updates.fetch('/ota/guess.bin', 'GET')).toBeUndefined();
    const reply = await scene.drive(scene.updates.fetch(told[0]!, 'GET'));
    expect(reply).toMatchObject({ status: 200, headers: { 'x-md5': md5Hex(file) }, body: file });
    reply?.ended?.(true);
    await scene.until(id, ['restarting']);
    scene.updates.heard(scene.ids[0]!, { build: 'new' });
    expect(await scene.ends(id)).toMatchObject({ state: 'confirmed', build: 'new' });
    expect(await scene.updates.fetch(told[0]!, 'GET')).toBeUndefined();
  });

  it('is told when it comes', async () => {
    const { scene, told } = await blynkScene();
    scene.devices.presence(scene.ids[0]!, 'offline');
    await ordered(scene, 'blynk');
    await scene.pass(minutes(5));
    expect(told).toEqual([]);
    scene.devices.presence(scene.ids[0]!, 'online');
    scene.updates.heard(scene.ids[0]!);
    scene.updates.heard(scene.ids[0]!, { build: 'old' });
    await scene.pass(seconds(10));
    expect(told).toHaveLength(1);
  });

  it('is told three times at most, and then the missing handler is named', async () => {
    const { scene, told } = await blynkScene();
    const id = await ordered(scene, 'blynk');
    expect(await scene.ends(id)).toMatchObject({ state: 'failed', problem: { code: 'hub-blynk-ota-ignored' } });
    expect(told).toHaveLength(3);
  });

  it('that does not know the message is left alone', async () => {
    const { scene } = await blynkScene('cannot');
    const id = await ordered(scene, 'blynk');
    expect(await scene.ends(id)).toMatchObject({ state: 'failed', problem: { code: 'hub-blynk-no-ota' } });
  });

  it('that comes back with its old build is told again, and does not loop', async () => {
    const { scene, told } = await blynkScene();
    const id = await ordered(scene, 'blynk');
    for (let i = 0; i < 3; i++) {
      await scene.pass(seconds(1));
      const reply = await scene.drive(scene.updates.fetch(told[0]!, 'GET'));
      reply?.ended?.(true);
      await scene.until(id, ['restarting']);
      scene.updates.heard(scene.ids[0]!, { build: 'old' });
    }
    const end = await scene.ends(id);
    expect(end).toMatchObject({ state: 'failed', problem: { code: 'hub-update-not-taken' } });
    expect(statesOf(end).filter((state) => state === 'sending')).toHaveLength(3);
  });

  it('that never comes back is unknown', async () => {
    const { scene, told } = await blynkScene();
    const id = await ordered(scene, 'blynk');
    await scene.pass(seconds(1));
    (await scene.drive(scene.updates.fetch(told[0]!, 'GET')))?.ended?.(true);
    await scene.until(id, ['restarting']);
    scene.devices.presence(scene.ids[0]!, 'offline');
    expect(await scene.ends(id)).toMatchObject({ state: 'unknown', problem: { code: 'not-back' } });
  });
});
