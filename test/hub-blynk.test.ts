// Real Blynk clients at the hub: the library of npm, and the sessions that others left behind.
import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fromHex } from '#values/index.ts';
import { selfSigned } from '../src/cli/self-signed.ts';
import { devicesOf, dial, made, off, pinsOf, until } from './blynk.fixture.ts';
import { type Answer, emptyHub, folder, ownedHub, type TestHub } from './hub.fixture.ts';

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
