// What devices with Blynk rely on, from one end to the other: over sockets, across restarts of the hub, between devices.
import { createRequire } from 'node:module';
import { connect, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { command, printFrame } from '#protocols/blynk/index.ts';
import { emptyHub, ownedHub, type TestHub } from './hub.fixture.ts';

const off = { discovery: false, ports: { old: 0, rescue: 0, names: 0 } };
const patience = { timeout: 15_000, interval: 20 };

const made = async (hub: TestHub, name: string): Promise<{ id: string; token: string }> => {
  const { body } = await hub.admin('POST /api/devices', { name });
  return { id: body.device.id, token: body.token };
};
interface Heard {
  readonly command: number;
  readonly id: number;
  /** Of an answer its status; else the fields. */
  readonly says: number | string;
}

/** A device by hand: every piece that it reads, as the frames in it. */
async function device({ url, hub }: { url: string; hub: { port: number } }, token: string, info: string[] = []) {
  const socket: Socket = connect({ port: hub.port, host: new URL(url).hostname, noDelay: true });
  onTestFinished(() => void socket.destroy());
  const heard: Heard[] = [];
  let rest = Buffer.alloc(0);
  socket.on('error', () => {});
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= 5) {
      const [number, id, last] = [rest[0]!, rest.readUInt16BE(1), rest.readUInt16BE(3)];
      const length = number === command.response ? 0 : last;
      if (rest.length < 5 + length) return;
      const body = rest.subarray(5, 5 + length).toString('latin1');
      heard.push({ command: number, id, says: number === command.response ? last : body.replaceAll('\0', ' ') });
      rest = rest.subarray(5 + length);
    }
  });
  const say = (number: number, id: number, ...fields: string[]) => socket.write(printFrame(number, id, ...fields));
  const hears = (frame: Partial<Heard>) =>
    vi.waitFor(() => expect(heard).toContainEqual(expect.objectContaining(frame)), patience);
  say(command.hardwareLogin, 1, token);
  await hears({ command: command.response, id: 1, says: 200 });
  if (info.length) {
    say(command.internal, 2, ...info);
    await hears({ command: command.response, id: 2, says: 200 });
  }
  return { socket, heard, say, hears };
}

describe('pins', () => {
  it('go to every connection of a device, wait for one that is away, and outlive the hub', async () => {
    const hub = await ownedHub('127.0.35.21', off);
    const { id, token } = await made(hub, 'porch');
    const write = (pin: string, ...values: string[]) => hub.admin(`PUT /api/devices/${id}/pins/${pin}`, { values });
    expect((await write('V1', 'kept')).body).toEqual({ delivered: false });
    const both = [await device(hub, token), await device(hub, token)];
    expect((await write('V2', 'a', 'b')).body).toEqual({ delivered: true });
    for (const one of both) await one.hears({ command: command.hardware, says: 'vw 2 a b' });
    await hub.close();

    const { hub: again, url } = await emptyHub('127.0.35.21', { ...off, data: hub.data });
    const back = await device({ hub: again, url }, token);
    back.say(command.sync, 77);
    await back.hears({ command: command.hardware, id: 77, says: 'vw 1 kept' });
    await back.hears({ command: command.hardware, id: 77, says: 'vw 2 a b' });
    back.say(command.sync, 78, 'vr', '2');
    await back.hears({ command: command.hardware, id: 78, says: 'vw 2 a b' });
    expect(back.heard.filter(({ id }) => id >= 77)).toHaveLength(3);
  });

  it('are written over a bridge, whether the other device is there or not', async () => {
    const hub = await ownedHub('127.0.35.22', off);
    const [one, two] = [await made(hub, 'switch'), await made(hub, 'lamp')];
    const from = await device(hub, one.token);
    from.say(command.bridge, 11, '64', 'i', two.token);
    await from.hears({ command: command.response, id: 11, says: 200 });
    from.say(command.bridge, 12, '64', 'vw', '5', 'on');
    await from.hears({ command: command.response, id: 12, says: 7 });
    const lamp = await device(hub, two.token);
    from.say(command.bridge, 13, '64', 'vw', '5', 'off');
    await lamp.hears({ command: command.bridge, says: 'vw 5 off' });
    expect((await hub.admin(`GET /api/devices/${two.id}/pins`)).body.items).toMatchObject([
      { pin: 'V5', values: ['off'] },
    ]);
  });
});

describe('an update', () => {
  it('is fetched from the address that the device itself has called, by clients of HTTP/1.0 and 1.1, with any Host', async () => {
    const hub = await ownedHub('127.0.35.23', off);
    const { id, token } = await made(hub, 'porch');
    const board = await device(hub, token, [
      'ver',
      '0.6.1',
      'build',
      'Nov 24 2018 10:00:00',
      'dev',
      'NodeMCU',
      'buff-in',
      '1024',
    ]);
    const image = makeEsp8266Image({ core: '2.4.2', bytes: 60_000, flashBytes: 4 * 1024 * 1024, build: 'porch-2' });
    const { body: firmware } = await hub.ask('POST /api/firmware?name=porch.bin', {
      token: hub.tokens.flash,
      body: image,
    });
    const { body } = await hub.ask('POST /api/updates', {
      token: hub.tokens.flash,
      body: { firmware: firmware.id, devices: [id] },
    });
    expect(body.refused).toEqual([]);
    await vi.waitFor(() => expect(board.heard.at(-1)).toMatchObject({ command: command.internal }), patience);
    const { id: number, says } = board.heard.at(-1)!;
    expect(number).toBeGreaterThan(0);
    const url = new URL(String(says).replace('ota ', ''));
    expect(url.host).toBe(`127.0.35.23:${hub.hub.port}`);
    expect(url.pathname).toMatch(/^\/ota\/[\w-]{20,}\.bin$/);

    const fetched = async (request: string): Promise<Buffer> => {
      const socket = connect(hub.hub.port, '127.0.35.23');
      const parts: Buffer[] = [];
      socket.on('data', (part) => parts.push(part));
      socket.write(request);
      await new Promise((resolve) => socket.on('close', resolve));
      return Buffer.concat(parts);
    };
    expect((await fetched('GET /ota/guessed.bin HTTP/1.0\r\n\r\n')).toString()).toMatch(
      /^HTTP\/1\.1 404 .*content-length: 0/is,
    );
    for (const request of [
      `GET ${url.pathname} HTTP/1.0\r\n\r\n`,
      `GET ${url.pathname} HTTP/1.1\r\nHost: 127.0.35.23\r\nConnection: close\r\n\r\n`,
    ]) {
      const answer = await fetched(request);
      const end = answer.indexOf('\r\n\r\n') + 4;
      const head = answer.subarray(0, end).toString().toLowerCase();
      expect(head).toMatch(/^http\/1\.1 200 /);
      expect(head).toContain(`content-length: ${image.length}\r\n`);
      expect(head).toContain('content-type: application/octet-stream');
      expect(head).toContain(`x-md5: ${firmware.md5}`);
      expect(head).not.toMatch(/chunked|content-encoding/);
      expect(answer.subarray(end).equals(image)).toBe(true);
    }
  });
});

describe('when the hub is away', () => {
  it('blynk-library comes back by itself', async () => {
    const hub = await ownedHub('127.0.35.24', off);
    const { token } = await made(hub, 'page');
    const { Blynk, TcpClient } = createRequire(import.meta.url)('blynk-library');
    vi.spyOn(console, 'log').mockImplementation(() => {});
    const options = { addr: '127.0.35.24', port: hub.hub.port };
    const blynk = new Blynk(token, { connector: new TcpClient(options) });
    onTestFinished(() => blynk.disconnect(false));
    let connected = 0;
    blynk.on('connect', () => {
      connected++;
    });
    await vi.waitFor(() => expect(connected).toBe(1), patience);
    await hub.close();
    await emptyHub('127.0.35.24', { ...off, data: hub.data, port: options.port });
    await vi.waitFor(() => expect(connected).toBe(2), patience);
  }, 40_000);
});
