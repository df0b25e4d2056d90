// Boards at the hub that come, go, stay away, do not read, or are told something.
import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import { decode, encode } from 'dns-packet';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { command, decodeText, type Frame, printFrame, takeFrames } from '#protocols/blynk/index.ts';
import { emptyHub, ownedHub, type TestHub } from './hub.fixture.ts';

const off = { discovery: false, ports: { old: 0, rescue: 0, names: 0 } };
const patience = { timeout: 15_000, interval: 20 };
const info = (more: Readonly<Record<string, string>> = {}): Uint8Array =>
  printFrame(
    command.internal,
    2,
    ...Object.entries({ ver: '0.6.1', 'h-beat': '10', 'buff-in': '1024', dev: 'NodeMCU', ...more }).flat(),
  );

async function made(hub: TestHub, name = 'kitchen'): Promise<{ id: string; token: string }> {
  const { body } = await hub.admin('POST /api/devices', { name });
  return { id: body.device.id, token: body.token };
}
const deviceOf = async (hub: TestHub, id: string) => (await hub.admin(`GET /api/devices/${id}`)).body;
const logOf = async (hub: TestHub, id: string): Promise<{ kind: string; text: string }[]> =>
  (await hub.admin(`GET /api/devices/${id}/log`)).body.items;

/** A board by hand: logged in, and what it heard. */
async function board(hub: TestHub, token: string, said?: Uint8Array) {
  const socket = connect(hub.hub.port, new URL(hub.url).hostname);
  onTestFinished(() => void socket.destroy());
  const heard: Frame[] = [];
  let rest: Uint8Array = new Uint8Array(0);
  socket.on('data', (bytes: Buffer) => {
    const taken = takeFrames(rest, bytes, 65_535);
    heard.push(...taken.frames);
    rest = taken.rest;
  });
  socket.on('error', () => {});
  socket.write(printFrame(command.hardwareLogin, 1, token));
  if (said) socket.write(said);
  await vi.waitFor(() => expect(heard.length).toBeGreaterThanOrEqual(said ? 2 : 1), patience);
  const bodies = (): string[] => heard.map(({ body }) => decodeText(body)).filter((body) => body !== '');
  return { socket, heard, bodies };
}

describe('a board', () => {
  it('of before a restart is unknown until it comes back, and offline when it does not', async () => {
    const before = await ownedHub('127.0.31.61', off);
    const { id, token } = await made(before);
    await board(before, token);
    await vi.waitFor(async () => expect((await deviceOf(before, id)).presence).toBe('online'), patience);
    await before.close();
    const { ask } = await emptyHub('127.0.31.61', { ...off, data: before.data, missingAfter: 1500 });
    const presence = async () => (await ask(`GET /api/devices/${id}`, { token: before.tokens.read })).body.presence;
    expect(await presence()).toBe('unknown');
    await vi.waitFor(async () => expect(await presence()).toBe('offline'), patience);
  });

  it('was last seen when its last word came, not when it logged in', async () => {
    const hub = await ownedHub('127.0.31.73', off);
    const { id, token } = await made(hub);
    const { socket } = await board(hub, token, info());
    const { lastSeen } = await deviceOf(hub, id);
    await vi.waitFor(async () => {
      socket.write(printFrame(command.ping, 3));
      expect((await deviceOf(hub, id)).lastSeen).toBeGreaterThan(lastSeen);
    }, patience);
  });

  it('that comes and goes all the time stands out, and does not fill its log', async () => {
    const hub = await ownedHub('127.0.31.62', off);
    const { id, token } = await made(hub);
    for (let i = 0; i < 12; i++) {
      const { socket } = await board(hub, token);
      await vi.waitFor(async () => expect((await deviceOf(hub, id)).presence).toBe('online'), patience);
      socket.destroy();
      await vi.waitFor(async () => expect((await deviceOf(hub, id)).presence).toBe('offline'), patience);
    }
    expect((await deviceOf(hub, id)).flapping).toBe(true);
    const lines = await logOf(hub, id);
    expect(lines.filter(({ text }) => text.startsWith('comes and goes'))).toHaveLength(1);
    expect(lines.length).toBeLessThan(12);
  });

  it('that does not read is let go before it costs memory, and others are served meanwhile', async () => {
    const hub = await ownedHub('127.0.31.63', off);
    const [deaf, good] = [await made(hub, 'deaf'), await made(hub, 'good')];
    for (let i = 0; i < 60; i++)
      await hub.admin(`PUT /api/devices/${deaf.id}/pins/V${i}`, { values: ['x'.repeat(1000)] });
    const one = await board(hub, deaf.token, info());
    const other = await board(hub, good.token, info());
    one.socket.pause();
    const asking = setInterval(() => {
      for (let i = 0; i < 20; i++) one.socket.write(printFrame(command.sync, 7));
    }, 200);
    onTestFinished(() => clearInterval(asking));
    await vi.waitFor(async () => expect((await deviceOf(hub, deaf.id)).presence).toBe('offline'), {
      timeout: 30_000,
      interval: 200,
    });
    const before = other.heard.length;
    other.socket.write(printFrame(command.ping, 9));
    await vi.waitFor(() => expect(other.heard.length).toBeGreaterThan(before), patience);
    expect(hub.troubles).toEqual([]);
  }, 45_000);
});

describe('what a board is told', () => {
  it('is never longer than it takes: whoever writes hears of it', async () => {
    const hub = await ownedHub('127.0.31.64', off);
    const { id, token } = await made(hub);
    await board(hub, token, info({ 'buff-in': '256', ver: '0.4.3' }));
    const { status, body } = await hub.admin(`PUT /api/devices/${id}/pins/V1`, { values: ['x'.repeat(300)] });
    expect([status, body.code]).toEqual([409, 'hub-value-too-long']);
    expect((await hub.admin(`GET /api/devices/${id}/pins`)).body.items).toEqual([]);
  });

  it('to say: the level of physical pins, as soon as somebody looks', async () => {
    const hub = await ownedHub('127.0.31.65', off);
    const { id, token } = await made(hub);
    const { socket, bodies } = await board(hub, token, info());
    await hub.admin(`PATCH /api/devices/${id}/pins/A0`, { name: 'Light' });
    await hub.admin(`GET /api/devices/${id}/pins`);
    await vi.waitFor(() => expect(bodies()).toContain('ar\x000'), patience);
    socket.write(printFrame(command.hardware, 3, 'aw', '0', '512'));
    await vi.waitFor(async () => {
      const [pin] = (await hub.admin(`GET /api/devices/${id}/pins`)).body.items;
      expect(pin).toMatchObject({ pin: 'A0', values: ['512'] });
    }, patience);
  });

  it('to restart, where its sketch knows the word; else the person hears that it does not', async () => {
    const hub = await ownedHub('127.0.31.66', off);
    const [edgent, plain] = [await made(hub, 'edgent'), await made(hub, 'plain')];
    const one = await board(hub, edgent.token, info({ ver: '1.1.0', tmpl: 'TMPL1234567' }));
    const other = await board(hub, plain.token, info());
    expect((await hub.admin(`POST /api/devices/${edgent.id}/restart`)).status).toBeLessThan(300);
    await vi.waitFor(() => expect(one.bodies()).toContain('dbg\0reboot'), patience);
    expect((await hub.admin(`POST /api/devices/${plain.id}/restart`)).body.code).toBe('hub-no-restart');
    expect(other.bodies()).toEqual([]);
  });

  it('to go to another server, where its library can; else the person hears that it can not', async () => {
    const hub = await ownedHub('127.0.31.72', off);
    const { id, token } = await made(hub);
    const order = () => hub.admin(`POST /api/devices/${id}/redirect`, { host: '192.168.1.6', port: 8080 });
    expect((await order()).body.code).toBe('hub-no-redirect');
    const one = await board(hub, token, info());
    expect((await order()).status).toBe(204);
    await vi.waitFor(() => expect(one.bodies()).toContain('192.168.1.6\x008080'), patience);
    expect(one.heard.some((frame) => frame.command === command.redirect)).toBe(true);
  });

  it('of its own properties changes how its pin is shown, and nothing that could be HTML is more than text', async () => {
    const hub = await ownedHub('127.0.31.67', off);
    const { id, token } = await made(hub);
    const { socket } = await board(hub, token, info());
    const label = '<img src=x onerror=alert(1)>';
    for (const [name, value] of [
      ['label', label],
      ['max', '50'],
      ['suffix', '°C'],
      ['color', '#ff0000'],
    ] as const)
      socket.write(printFrame(command.property, 3, '5', name, value));
    await vi.waitFor(async () => {
      const [pin] = (await hub.admin(`GET /api/devices/${id}/pins`)).body.items;
      expect(pin).toMatchObject({ pin: 'V5', name: label, max: 50, unit: '°C' });
    }, patience);
  });
});

describe('rescue', () => {
  it('asks a board of another family at the port that its kind listens on', async () => {
    const hub = await ownedHub('127.0.31.68', { ...off, rescue: true });
    await board(hub, 'c'.repeat(32), info({ dev: 'ESP32', ver: '0.6.1' }));
    await vi.waitFor(async () => {
      const [device] = (await hub.admin('GET /api/devices')).body.items;
      expect(device).toMatchObject({ flashable: true, family: 'esp32', port: 3232 });
    }, patience);
  });

  it('answers names at the one address that boards know, where another program has the port on others', async () => {
    const taken = createSocket('udp4');
    onTestFinished(() => void taken.close());
    const port = await new Promise<number>((resolve) =>
      taken.bind(0, '127.0.31.69', () => resolve(taken.address().port)),
    );
    const setting = { ...off, rescue: true, outside: '127.0.31.70', ports: { old: 0, rescue: 0, names: port } };
    const { hub: found } = await emptyHub('0.0.0.0', setting);
    expect(found.problems).toEqual([]);
    const asking = createSocket('udp4');
    onTestFinished(() => void asking.close());
    const answer = new Promise<Buffer>((resolve) => asking.once('message', resolve));
    asking.send(
      encode({ type: 'query', id: 7, questions: [{ type: 'A', name: 'blynk-cloud.com' }] }),
      port,
      '127.0.31.70',
    );
    expect(decode(await answer).answers).toMatchObject([{ data: '127.0.31.70' }]);
  });

  it('names the ports that it could not have', async () => {
    const other = await ownedHub('127.0.31.71', off);
    const { port } = other.hub.listening[0]!;
    const { hub } = await emptyHub('127.0.31.71', { ...off, rescue: true, ports: { old: 0, rescue: port, names: 0 } });
    expect(hub.problems).toMatchObject([{ code: 'hub-port-taken', what: expect.stringContaining(String(port)) }]);
  });
});
