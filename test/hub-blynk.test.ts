// Blynk devices and the hub: real clients, captured ones, virtual boards that wait for a dead cloud, and hostile ones.

import { createSocket } from 'node:dgram';
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { decode, encode } from 'dns-packet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { realWorld } from '#node/index.ts';
import { command, printFrame } from '#protocols/blynk/index.ts';
import { fromHex, millis } from '#values/index.ts';
import { type BoardOptions, createBoard, type Sketch } from '#virtual/index.ts';
import { selfSigned } from '../src/cli/self-signed.ts';
import { type Answer, emptyHub, folder, ownedHub, type TestHub } from './hub.fixture.ts';

const off = { discovery: false, ports: { old: 0, rescue: 0, names: 0 } };
const wait = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

/** Asks until the answer is what is waited for. */
async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean, patience = 15_000): Promise<T> {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (performance.now() - began > patience)
      throw new Error(`waited in vain; the last answer: ${JSON.stringify(answer)}`);
    await wait(50);
  }
}
const devicesOf = async (hub: TestHub) => (await hub.admin('GET /api/devices')).body.items;
const made = async (hub: TestHub, name = 'kitchen'): Promise<{ id: string; token: string }> => {
  const { body } = await hub.admin('POST /api/devices', { name });
  return { id: body.device.id, token: body.token };
};
const pinsOf = async (hub: TestHub, id: string) => (await hub.admin(`GET /api/devices/${id}/pins`)).body.items;
const logOf = async (hub: TestHub, id: string): Promise<{ kind: string; text: string }[]> =>
  (await hub.admin(`GET /api/devices/${id}/log`)).body.items;

/** The API over TLS, with a certificate of the hub's own. */
const overTls = (url: string, ca: string, token: string, route: string, body?: unknown): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const [method, path] = route.split(' ');
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const asked = request(`${url}${path}`, { method, ca, headers }, (answer) => {
      let text = '';
      answer.on('data', (part) => {
        text += part;
      });
      answer.on('end', () =>
        resolve({ status: answer.statusCode!, headers: new Headers(), body: text ? JSON.parse(text) : undefined }),
      );
    });
    asked.on('error', reject);
    asked.end(body === undefined ? undefined : JSON.stringify(body));
  });

/** A raw connection; what it heard so far. */
function dial(hub: TestHub, port = hub.hub.port) {
  const socket: Socket = connect(port, new URL(hub.url).hostname);
  const heard: Buffer[] = [];
  let closed = false;
  socket.on('data', (bytes) => heard.push(bytes));
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  onTestFinished(() => void socket.destroy());
  return { socket, bytes: () => Buffer.concat(heard), isClosed: () => closed };
}

/** A virtual board on real sockets. */
async function board(
  address: string,
  blynk: Partial<Sketch['blynk']> & { port: number; address: string; token: string },
  more: Partial<BoardOptions> = {},
) {
  const result = createBoard(
    {
      address,
      sectorTime: millis(0),
      bootTime: millis(200),
      core: 'esp8266@2.3.0',
      layout: '4M1M',
      ...more,
      sketch: {
        mdns: false,
        blynk: { library: '0.5.3', call: 'begin', writes: millis(500), ...blynk },
        ...more.sketch,
      },
    },
    realWorld(),
  );
  if (!result.ok) throw new Error(result.problem.what);
  const found = result.value;
  onTestFinished(() => found.powerOff());
  const trouble = await found.start();
  if (trouble) throw new Error(trouble.detail);
  return found;
}

// ---------------------------------------------------------------- the library of npm

interface Library {
  on(event: string, then: (...words: unknown[]) => void): void;
  disconnect(again: boolean): void;
  VirtualPin: new (
    pin: number,
  ) => { on(event: 'write' | 'read', then: (values: string[]) => void): void; write(value: unknown): void };
}
const { Blynk, TcpClient, SslClient } = createRequire(import.meta.url)('blynk-library') as {
  Blynk: new (token: string, options: object) => Library;
  TcpClient: new (options: object) => object;
  SslClient: new (options: object) => object;
};

describe('blynk-library of npm', () => {
  it('connects over TCP, writes and is written to', async () => {
    const hub = await ownedHub('127.0.31.1', off);
    const { id, token } = await made(hub);
    await converse(hub, id, new Blynk(token, { connector: new TcpClient({ addr: '127.0.31.1', port: hub.hub.port }) }));
  });

  it('connects over TLS, writes and is written to', async () => {
    const plain = await ownedHub('127.0.31.9', off);
    const { id, token } = await made(plain);
    await plain.close();
    const tls = await selfSigned(folder(), ['127.0.31.9']);
    const { hub } = await emptyHub('127.0.31.9', { ...off, data: plain.data, tls });
    const ca = join(folder(), 'ca.pem');
    writeFileSync(ca, tls.cert);
    const admin: TestHub['admin'] = (route, body) =>
      overTls(`https://127.0.31.9:${hub.port}`, tls.cert, plain.tokens.admin, route, body);
    const options = { addr: '127.0.31.9', port: hub.port, ca: [ca], servername: 'localhost' };
    await converse({ ...plain, hub, admin }, id, new Blynk(token, { connector: new SslClient(options) }));
  });

  async function converse(hub: TestHub, id: string, library: Library): Promise<void> {
    onTestFinished(() => library.disconnect(false));
    const [v1, v2] = [new library.VirtualPin(1), new library.VirtualPin(2)];
    const got: string[] = [];
    v2.on('write', ([value]) => got.push(value!));
    await new Promise<void>((resolve) => library.on('connect', () => resolve()));
    await until(
      () => devicesOf(hub),
      (all) => all[0].presence === 'online',
    );
    v1.write('21.5');
    await until(
      () => pinsOf(hub, id),
      (pins) => pins[0]?.values[0] === '21.5',
    );
    expect((await hub.admin(`PUT /api/devices/${id}/pins/V2`, { values: ['on'] })).body).toEqual({ delivered: true });
    await until(
      async () => got,
      (values) => values.includes('on'),
    );
  }
});

// ---------------------------------------------------------------- captured sessions

describe('captured sessions of real clients', () => {
  it('are served to their end by a hub that has adopted their token with one click', async () => {
    const { captures } = JSON.parse(readFileSync('test/fixtures/blynk/captures.json', 'utf8')) as {
      captures: {
        id: string;
        transport: string;
        frames: { conn: number; dir?: string; hex?: string; name?: string; id?: number }[];
      }[];
    };
    const hub = await ownedHub('127.0.31.2', off);
    const sessions = captures
      .filter(({ transport }) => transport === 'tcp')
      .map(({ id, frames }) => ({
        id,
        frames: frames.filter(({ conn, dir, hex }) => conn === 1 && dir === 'c2s' && hex),
      }))
      .filter(({ frames }) => frames.length > 0);
    expect(sessions.length).toBeGreaterThan(60);

    const stranger = dial(hub);
    stranger.socket.write(fromHex(sessions[0]!.frames[0]!.hex!)!);
    const [knock] = await until(
      async () => (await hub.admin('GET /api/knocks')).body.items,
      (all) => all.length > 0,
    );
    await until(async () => stranger.isClosed(), Boolean);
    // Never a 9, after which some libraries are dead until they are restarted: nothing at all.
    expect(stranger.bytes().length).toBe(0);
    expect(JSON.stringify(knock)).not.toContain('0123456789abcdef');
    const { body: device } = await hub.admin(`POST /api/knocks/${knock.id}/adopt`, { name: 'adopted' });

    for (const { id, frames } of sessions) {
      const client = dial(hub);
      for (const { hex } of frames) client.socket.write(fromHex(hex!)!);
      const pings = frames.filter(({ name }) => name === 'PING').map((frame) => frame.id!);
      const answers = (): number[] => {
        const bytes = client.bytes();
        const ids: number[] = [];
        for (let at = 0; at + 5 <= bytes.length; ) {
          const response = bytes[at] === 0;
          if (response && bytes.readUInt16BE(at + 3) === 200) ids.push(bytes.readUInt16BE(at + 1));
          at += response ? 5 : 5 + bytes.readUInt16BE(at + 3);
        }
        return ids;
      };
      await until(
        async () => answers(),
        (ids) => ids.length > 0 && pings.every((ping) => ids.includes(ping)),
        5000,
      ).catch((error) => {
        throw new Error(`${id}: ${error}`);
      });
      expect(client.isClosed(), id).toBe(false);
      client.socket.destroy();
    }
    const [now] = await devicesOf(hub);
    expect(now).toMatchObject({ id: device.id, name: 'adopted' });
    expect((await pinsOf(hub, device.id)).length).toBeGreaterThan(3);
    expect(hub.troubles).toEqual([]);
  }, 60_000);
});

// ---------------------------------------------------------------- the thread's boards

describe("the thread's sketches, with only the server changed", () => {
  it.each([
    ['the first: Blynk.begin() before ArduinoOTA', '127.0.31.21', { call: 'begin', library: '0.4.10' }],
    ['the second, with a newer library', '127.0.31.22', { call: 'begin', library: '0.6.1' }],
    ['the third: Blynk.run() in loop()', '127.0.31.23', { call: 'run', library: '1.3.2' }],
  ] as const)('%s: seen online, and its pins move both ways', async (_, address, blynk) => {
    const hub = await ownedHub('127.0.31.3', off);
    const { id, token } = await made(hub);
    const { port } = hub.hub.listening.find(({ what }) => what.includes('old libraries'))!;
    const found = await board(address, { ...blynk, address: '127.0.31.3', port, token });
    await until(
      () => pinsOf(hub, id),
      (pins) => pins.some((pin: { pin: string }) => pin.pin === 'V5'),
    );
    const [device] = await devicesOf(hub);
    expect(device).toMatchObject({ presence: 'online', ways: ['blynk'], address, board: 'NodeMCU' });
    await hub.admin(`PUT /api/devices/${id}/pins/V1`, { values: ['1'] });
    await until(
      async () => found.serialLog,
      (log) => log.includes('[blynk] V1 = 1'),
    );
    found.powerOff();
    await until(
      () => devicesOf(hub),
      ([one]) => one.presence === 'offline',
    );
    expect((await logOf(hub, id)).map(({ kind }) => kind)).toEqual(['offline', 'online']);
  });
});

describe('rescue', () => {
  it('takes in a board that waits for the dead cloud, and flashes it', async () => {
    const image = makeEsp8266Image({ core: '2.3.0', bytes: 120_000, flashBytes: 4 * 1024 * 1024, build: 'saved' });
    // Nobody is there: begin() waits, and ArduinoOTA is never reached.
    const closed = await ownedHub('127.0.31.4', off);
    const port = closed.hub.listening[0]!.port;
    await closed.close();
    const stuck = await board('127.0.31.41', { address: '127.0.31.4', port, token: 'a'.repeat(32) });
    await wait(1000);
    expect(stuck.serialLog).not.toContain('Ready');

    const hub = await ownedHub('127.0.31.4', { ...off, rescue: true, ports: { old: port, rescue: 0, names: 0 } });
    const device = await until(
      () => devicesOf(hub),
      (all) => all[0]?.presence === 'online',
    ).then(([one]) => one);
    expect(stuck.serialLog).toContain('[blynk] Ready');
    await until(
      () => devicesOf(hub),
      ([one]) => one.flashable,
    );
    const { body: firmware } = await hub.ask('POST /api/firmware?name=saved.bin', {
      token: hub.tokens.flash,
      body: image,
    });
    const ordered = await hub.ask('POST /api/updates', {
      token: hub.tokens.flash,
      body: { firmware: firmware.id, devices: [device.id] },
    });
    expect(ordered.body.refused).toEqual([]);
    const [{ id }] = ordered.body.updates;
    const over = ['confirmed', 'back-unproven', 'failed', 'unknown'];
    const ended = await until(
      async () => (await hub.admin(`GET /api/updates/${id}`)).body,
      ({ state }) => over.includes(state),
      60_000,
    );
    expect(ended).toMatchObject({ state: 'confirmed' });
    expect(stuck.program?.build).toBe('saved');
  }, 90_000);

  it('answers the old names with its own address', async () => {
    const hub = await ownedHub('127.0.31.5', { ...off, rescue: true, outside: '192.168.1.5' });
    const { port } = hub.hub.listening.find(({ what }) => what.startsWith('name server'))!;
    const socket = createSocket('udp4');
    onTestFinished(() => void socket.close());
    const ask = (name: string) =>
      new Promise<string[]>((resolve) => {
        socket.once('message', (bytes) =>
          resolve((decode(bytes).answers ?? []).map((one) => String('data' in one ? one.data : ''))),
        );
        socket.send(encode({ type: 'query', id: 7, questions: [{ type: 'A', name }] }), port, '127.0.31.5');
      });
    expect(await ask('blynk-cloud.com')).toEqual(['192.168.1.5']);
    expect(await ask('fra1.blynk.cloud')).toEqual(['192.168.1.5']);
    socket.send('garbage', port, '127.0.31.5');
    expect(await ask('cloud.blynk.cc')).toEqual(['192.168.1.5']);
  });
});

// ---------------------------------------------------------------- bad luck

describe('hostile and unlucky devices', () => {
  it('do not hold up the others', async () => {
    const hub = await ownedHub('127.0.31.6', off);
    const { id, token } = await made(hub);
    const good = dial(hub);
    good.socket.write(printFrame(command.hardwareLogin, 1, token));
    await until(
      async () => good.bytes().length,
      (length) => length >= 5,
    );
    const bad = Array.from({ length: 500 }, (_, i) => {
      const { socket } = dial(hub);
      if (i % 3 === 0) socket.write(Uint8Array.of(29, 0));
      if (i % 3 === 1) socket.write(Uint8Array.of(0x99, 1, 2, 3, 4, 5, 6));
      return socket;
    });
    const flood = dial(hub);
    flood.socket.write(printFrame(command.hardwareLogin, 1, (await made(hub, 'flood')).token));
    await until(
      async () => flood.bytes().length,
      (length) => length >= 5,
    );
    for (let i = 0; i < 5000; i++)
      flood.socket.write(printFrame(command.hardware, (i % 60_000) + 1, 'vw', '1', String(i)));
    const before = good.bytes().length;
    good.socket.write(printFrame(command.ping, 9));
    await until(
      async () => good.bytes().length,
      (length) => length >= before + 5,
      5000,
    );
    await until(
      () => logOf(hub, id),
      () => true,
    );
    for (const socket of bad) socket.destroy();
    expect(hub.troubles).toEqual([]);
  });

  it('with one token are told apart from a board that came back', async () => {
    const hub = await ownedHub('127.0.31.7', off);
    const { id, token } = await made(hub);
    const first = dial(hub);
    first.socket.write(printFrame(command.hardwareLogin, 1, token));
    await until(
      async () => first.bytes().length,
      (length) => length >= 5,
    );
    // It answers the hub's ping: it is alive.
    first.socket.on('data', (bytes: Buffer) => {
      if (bytes[0] === command.ping) first.socket.write(Uint8Array.of(0, bytes[1]!, bytes[2]!, 0, 200));
    });
    const second = dial(hub);
    second.socket.write(printFrame(command.hardwareLogin, 1, token));
    await until(
      () => logOf(hub, id),
      (lines) => lines.some(({ text }) => text.includes('two boards')),
    );
    expect([first.isClosed(), second.isClosed()]).toEqual([false, false]);

    const third = dial(hub);
    third.socket.write(printFrame(command.hardwareLogin, 1, token));
    second.socket.removeAllListeners('data');
    await until(async () => second.isClosed(), Boolean, 12_000);
    expect(first.isClosed()).toBe(false);
    expect((await devicesOf(hub))[0].presence).toBe('online');
  }, 30_000);

  it('see and move only their own pins', async () => {
    const hub = await ownedHub('127.0.31.8', off);
    const [one, two] = [await made(hub, 'one'), await made(hub, 'two')];
    await hub.admin(`PUT /api/devices/${two.id}/pins/V1`, { values: ['secret'] });
    expect((await hub.ask(`GET /${one.token}/get/V1`)).body).toBe("Requested pin doesn't exist in the app.");
    expect((await hub.ask(`GET /${two.token}/get/V1`)).body).toEqual(['secret']);
    expect((await hub.ask(`GET /${'x'.repeat(32)}/get/V1`)).status).toBe(400);
    expect((await hub.ask(`GET /external/api/get?token=${two.token}&v1`)).body).toBe('secret');
    expect((await hub.ask(`GET /api/devices`, { headers: { authorization: `Bearer ${one.token}` } })).status).toBe(401);
  });
});
