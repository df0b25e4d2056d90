// Blynk over WebSocket: the library of npm as it runs in browsers, its captured session, and messages of every wrong kind.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { command, printFrame } from '#protocols/blynk/index.ts';
import { fromHex } from '#values/index.ts';
import { ownedHub, type TestHub } from './hub.fixture.ts';

const off = { discovery: false, ports: { old: 0, rescue: 0, names: 0 } };
const patience = { timeout: 15_000, interval: 20 };

async function made(hub: TestHub): Promise<{ id: string; token: string }> {
  const { body } = await hub.admin('POST /api/devices', { name: 'page' });
  return { id: body.device.id, token: body.token };
}
const pinsOf = async (hub: TestHub, id: string) => (await hub.admin(`GET /api/devices/${id}/pins`)).body.items;

/** A raw client: its messages as hex. */
function dial(hub: TestHub, path = '/websockets') {
  const web = new WebSocket(hub.url.replace('http', 'ws') + path);
  onTestFinished(() => web.terminate());
  const heard: string[] = [];
  const ended: { code?: number } = {};
  web.on('message', (bytes: Buffer, isBinary) => heard.push(isBinary ? bytes.toString('hex') : 'text'));
  web.on('close', (code) => Object.assign(ended, { code }));
  web.on('error', () => {});
  return { web, heard, ended, opened: new Promise<void>((resolve) => web.on('open', () => resolve())) };
}
const loggedIn = async (hub: TestHub, token: string, path?: string) => {
  const client = dial(hub, path);
  await client.opened;
  client.web.send(printFrame(command.hardwareLogin, 1, token));
  await vi.waitFor(() => expect(client.heard).toContain('00000100c8'), patience);
  return client;
};

describe('Blynk over WebSocket', () => {
  it("serves the browser's connector of blynk-library: pins move both ways", async () => {
    const hub = await ownedHub('127.0.35.1', off);
    const { id, token } = await made(hub);
    const require = createRequire(import.meta.url);
    vi.stubGlobal('window', globalThis);
    onTestFinished(() => void vi.unstubAllGlobals());
    const { Blynk } = require('blynk-library');
    const { WsClient } = require('blynk-library/blynk-browser.js');
    const [addr, port] = new URL(hub.url).host.split(':');
    const blynk = new Blynk(token, { connector: new WsClient({ addr, port, path: '/websockets' }) });
    onTestFinished(() => blynk.disconnect(false));
    const [v1, v2] = [new blynk.VirtualPin(1), new blynk.VirtualPin(2)];
    const got: string[] = [];
    v2.on('write', ([value]: string[]) => got.push(value!));
    await new Promise<void>((resolve) => blynk.on('connect', () => resolve()));
    v1.write('21.5');
    await vi.waitFor(async () => expect((await pinsOf(hub, id))[0]?.values).toEqual(['21.5']), patience);
    expect((await hub.admin(`PUT /api/devices/${id}/pins/V2`, { values: ['on'] })).body).toEqual({ delivered: true });
    await vi.waitFor(() => expect(got).toEqual(['on']), patience);
    expect((await hub.admin(`GET /api/devices/${id}`)).body).toMatchObject({
      presence: 'online',
      address: '127.0.0.1',
    });
  }, 30_000);

  it('answers a captured session as the old server did: a message a frame', async () => {
    const hub = await ownedHub('127.0.35.2', off);
    const { captures } = JSON.parse(readFileSync('test/fixtures/blynk/captures.json', 'utf8')) as {
      captures: { id: string; frames: { dir?: string; hex?: string }[] }[];
    };
    const { frames } = captures.find(({ id }) => id === 'js-websocket')!;
    const client = dial(hub);
    await client.opened;
    const [login] = frames.filter(({ dir, hex }) => dir === 'c2s' && hex);
    client.web.send(fromHex(login!.hex!)!);
    await vi.waitFor(() => expect(client.ended.code).toBeDefined(), patience);
    const [knock] = (await hub.admin('GET /api/knocks')).body.items;
    await hub.admin(`POST /api/knocks/${knock.id}/adopt`, { name: 'adopted' });

    const again = dial(hub);
    await again.opened;
    for (const { hex } of frames.filter((frame) => frame.dir === 'c2s' && frame.hex)) again.web.send(fromHex(hex!)!);
    const answers = frames.filter(({ dir }) => dir === 's2c').map(({ hex }) => hex);
    await vi.waitFor(() => expect(again.heard).toEqual(answers), patience);
  });

  it('is at the older path too, and with a slash behind', async () => {
    const hub = await ownedHub('127.0.35.3', off);
    const { token } = await made(hub);
    for (const path of ['/websocket', '/websocket/', '/websockets/']) await loggedIn(hub, token, path);
  });

  it('takes several frames in a message, a frame in several messages, and fragments', async () => {
    const hub = await ownedHub('127.0.35.4', off);
    const { id, token } = await made(hub);
    const { web } = await loggedIn(hub, token);
    const write = (pin: number) => printFrame(command.hardware, pin + 1, 'vw', String(pin), 'x');
    web.send(Buffer.concat([write(1), write(2), write(3).subarray(0, 3)]));
    web.send(write(3).subarray(3));
    web.send(write(4).subarray(0, 7), { fin: false });
    web.send(write(4).subarray(7), { fin: true });
    await vi.waitFor(async () => expect(await pinsOf(hub, id)).toHaveLength(4), patience);
  });

  it('hangs up on text and on messages that are too long, with the reason', async () => {
    const hub = await ownedHub('127.0.35.5', off);
    const { token } = await made(hub);
    const [talker, shouter] = [await loggedIn(hub, token), await loggedIn(hub, token)];
    talker.web.send('hello');
    shouter.web.send(Buffer.alloc(70_000));
    await vi.waitFor(() => expect([talker.ended.code, shouter.ended.code]).toEqual([1003, 1009]), patience);
    expect(hub.troubles).toEqual([]);
  });

  it('says goodbye to a page that begins with something else than a login', async () => {
    const hub = await ownedHub('127.0.35.6', off);
    const client = dial(hub);
    await client.opened;
    client.web.send(printFrame(command.ping, 1));
    await vi.waitFor(() => expect(client.ended.code).toBeDefined(), patience);
    expect(client.heard).toEqual([]);
  });

  it('takes no page in during a rescue: any page could have a browser knock', async () => {
    const hub = await ownedHub('127.0.35.7', { ...off, rescue: true });
    const client = dial(hub);
    await client.opened;
    client.web.send(printFrame(command.hardwareLogin, 1, 'a'.repeat(32)));
    await vi.waitFor(() => expect(client.ended.code).toBeDefined(), patience);
    expect((await hub.admin('GET /api/devices')).body.items).toEqual([]);
  });

  it('is offered nowhere else: a request that asks for it is answered as one that does not', async () => {
    const hub = await ownedHub('127.0.35.8', off);
    const { token } = await made(hub);
    const headers = {
      connection: 'Upgrade, HTTP2-Settings',
      upgrade: 'h2c',
      'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
    };
    const { status, body } = await rawGet(hub, `/${token}/isHardwareConnected`, headers);
    expect([status, body]).toEqual([200, 'false']);
  });
});

async function rawGet(hub: TestHub, path: string, headers: Record<string, string>) {
  const { get } = await import('node:http');
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    get(hub.url + path, { headers, agent: false }, (answer) => {
      let body = '';
      answer.on('data', (part) => {
        body += part;
      });
      answer.on('end', () => resolve({ status: answer.statusCode!, body }));
    }).on('error', reject);
  });
}
