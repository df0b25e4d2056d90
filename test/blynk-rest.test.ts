// The HTTP APIs of Blynk's servers, as old scripts use them.
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { command, printFrame } from '#protocols/blynk/index.ts';
import { ownedHub, type TestHub } from './hub.fixture.ts';

const off = { discovery: false, ports: { old: 0, rescue: 0, names: 0 } };

async function hubWith(address: string) {
  const hub = await ownedHub(address, off);
  const { body } = await hub.admin('POST /api/devices', { name: 'porch' });
  const id: string = body.device.id;
  const token: string = body.token;
  /** A path below the token; what comes back as `[status, type, text]`. */
  const ask = async (path: string, more: RequestInit = {}) => {
    const [method = 'GET', rest = ''] = path.split(' ');
    const answer = await fetch(`${hub.url}/${token}/${rest}`, { method, redirect: 'manual', ...more });
    const type = answer.headers.get('content-type')?.replace(/; ?charset=utf-8/, '');
    return { answer, status: answer.status, type, text: await answer.text() };
  };
  const json = (path: string, body: unknown) =>
    ask(path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const logged = async () =>
    (await hub.admin(`GET /api/devices/${id}/log`)).body.items.map(
      ({ kind, text }: { kind: string; text: string }) => `${kind} ${text}`,
    );
  return { hub, id, token, ask, json, logged };
}

/** A device that is connected; its frames after the login as text with dots for NUL. */
async function device(hub: TestHub, token: string, info: readonly string[] = []) {
  const socket = connect(hub.hub.port, new URL(hub.url).hostname);
  onTestFinished(() => void socket.destroy());
  const heard: Buffer[] = [];
  socket.on('data', (bytes) => heard.push(bytes));
  socket.write(printFrame(command.hardwareLogin, 1, token));
  if (info.length) socket.write(printFrame(command.internal, 2, ...info));
  const text = () => Buffer.concat(heard).toString('latin1').replaceAll('\0', '·');
  await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0), 10_000);
  return { text };
}

describe("the legacy server's HTTP API", () => {
  it('writes a pin by GET and PUT and gives it back as a list of text', async () => {
    const { ask, json } = await hubWith('127.0.35.11');
    const good = { status: 200, text: '' };
    expect(await ask('GET update/V5?value=1')).toMatchObject(good);
    expect(await ask('GET get/V5')).toMatchObject({ status: 200, type: 'application/json', text: '["1"]' });
    expect(await json('PUT update/v5', ['a "quoted"\u0007 one', 'b'])).toMatchObject(good);
    expect((await ask('GET get/V5')).text).toBe('["a \\"quoted\\"\\u0007 one","b"]');
    expect(await json('PUT pin/D4', ['1'])).toMatchObject(good);
    expect((await ask('GET get/d4')).text).toBe('["1"]');
    expect((await ask('GET update/V6?value=1&value=2')).status).toBe(200);
    expect((await ask('GET get/V6')).text).toBe('["1","2"]');
    expect((await ask('GET update/V7?label=Lamp')).status).toBe(200);
    expect((await ask('GET get/V7')).text).toBe('[]');
  });

  it("answers mistakes with that server's status and words", async () => {
    const { ask, json, hub } = await hubWith('127.0.35.12');
    const wrong = (text: string, status = 400) => ({ status, type: 'text/plain', text });
    expect(await (await fetch(`${hub.url}/${'0'.repeat(32)}/get/V5`)).text()).toBe('Invalid token.');
    for (const word of ['V256', 'V', 'X1', 'V-1', '5', 'V1.5', '%00'])
      expect(await ask(`GET get/${word}`), word).toMatchObject(wrong('Wrong pin format.'));
    expect(await ask('GET get/V9')).toMatchObject(wrong("Requested pin doesn't exist in the app."));
    expect(await ask('GET update/V9')).toMatchObject(wrong('Wrong request format.'));
    expect(await ask('GET update/V9?nonsense=1')).toMatchObject(wrong('Wrong request format.'));
    expect(await ask('GET update/V9?min=much')).toMatchObject(wrong('Error setting widget property.'));
    expect(await json('PUT update/V9', [])).toMatchObject(wrong('No pin for update provided.'));
    expect(await json('PUT update/V9', [null])).toMatchObject(wrong('Wrong request format.'));
    const typeless = wrong('Unexpected content type. Expecting application/json.', 500);
    expect(await ask('PUT update/V9', { body: '["1"]' })).toMatchObject(typeless);
    const broken = await ask('PUT update/V9', { body: '["1', headers: { 'content-type': 'application/json' } });
    expect(broken).toMatchObject(wrong('Error parsing body param. ["1', 500));
    expect(await json('PUT update/V9', '1')).toMatchObject(wrong('Error parsing body param. "1"', 500));
    expect(await json('POST notify', { body: '' })).toMatchObject(wrong('Body is empty or larger than 255 chars.'));
    expect(await json('POST email', { to: 'me' })).toMatchObject(
      wrong("Email body is wrong. Missing or empty fields 'to', 'subj'."),
    );
    expect(hub.troubles).toEqual([]);
  });

  it('knows whether the device is there, what it has, and the time', async () => {
    const { ask, hub, token } = await hubWith('127.0.35.13');
    expect(await ask('GET isHardwareConnected')).toMatchObject({ type: 'application/json', text: 'false' });
    await device(hub, token);
    expect((await ask('GET isHardwareConnected')).text).toBe('true');
    expect((await ask('GET isAppConnected')).text).toBe('true');
    await ask('GET update/V1?label=Lamp');
    expect(JSON.parse((await ask('GET project')).text)).toMatchObject({
      name: 'porch',
      widgets: [{ pinType: 'VIRTUAL', pin: 1, label: 'Lamp' }],
    });
    const [seconds] = JSON.parse((await ask('GET rtc')).text);
    expect(seconds).toMatch(/^\d{10}$/);
  });

  it('sends a write to the device in one frame, and says when the device has no room for it', async () => {
    const { ask, hub, token } = await hubWith('127.0.35.14');
    const { text } = await device(hub, token, ['ver', '0.3.10', 'buff-in', '256']);
    expect((await ask('GET update/V1?value=on&value=off')).status).toBe(200);
    await vi.waitFor(() => expect(text()).toContain('vw·1·on·off'), 10_000);
    const long = 'x'.repeat(300);
    expect(await ask(`GET update/V1?value=${long}`)).toMatchObject({
      status: 400,
      text: 'Value is too long for the device.',
    });
    expect((await ask('GET get/V1')).text).toBe('["on","off"]');
  });

  it('takes values of former times, and gives the history as compressed lines', async () => {
    const { ask, json, token, hub } = await hubWith('127.0.35.15');
    expect(await ask('GET data/V3')).toMatchObject({ status: 400, text: 'No data.' });
    const minute = 60_000;
    const at = Math.floor(Date.now() / minute) * minute - 10 * minute;
    const said = [0, 1, 2].map((i) => ({ value: String(20 + i), timestamp: at + i * minute }));
    expect((await json('PUT extra/pin/V3', said)).status).toBe(200);
    expect((await ask('GET get/V3')).text).toBe('["20"]');
    const far = [{ value: '1', timestamp: 9e15 }];
    expect(await json('PUT extra/pin/V3', far)).toMatchObject({ status: 400, text: 'Wrong request format.' });

    const { status, answer } = await ask('GET data/V3');
    expect([status, answer.headers.get('location')]).toEqual([301, `/${token}/data/V3.csv.gz`]);
    const file = await fetch(`${hub.url}/${token}/data/V3.csv.gz`);
    const lines = gunzipSync(Buffer.from(await file.arrayBuffer()))
      .toString()
      .trim()
      .split('\n');
    expect(lines.slice(0, 3)).toEqual(said.map(({ value, timestamp }) => `${value},${timestamp},0`));
  });

  it('puts notifications and e-mail into the log of the device', async () => {
    const { json, logged } = await hubWith('127.0.35.16');
    expect((await json('POST notify', { body: 'the door is open' })).status).toBe(200);
    expect((await json('POST email', { to: 'me@example.com', subj: 'door', title: 'open' })).status).toBe(200);
    expect(await logged()).toEqual(expect.arrayContaining(['notify the door is open', 'notify door: open']));
  });

  it('can be used from any page, and says how long its answers are, also to HTTP/1.0', async () => {
    const { ask, hub, token } = await hubWith('127.0.35.17');
    const { headers } = (await ask('GET update/V1?value=1')).answer;
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('content-length')).toBe('0');
    const socket = connect(hub.hub.port, '127.0.35.17');
    const heard: Buffer[] = [];
    socket.on('data', (bytes) => heard.push(bytes));
    socket.write(`GET /${token}/get/V1 HTTP/1.0\r\n\r\n`);
    await new Promise((resolve) => socket.on('close', resolve));
    const text = Buffer.concat(heard).toString().toLowerCase();
    expect(text).toContain('content-length: 5\r\n');
    expect(text).toContain('connection: close\r\n');
    expect(text).not.toContain('chunked');
    expect(text.endsWith('\r\n\r\n["1"]')).toBe(true);
  });
});

describe("Blynk IoT's HTTP API", () => {
  it('reads and writes pins by its own names', async () => {
    const { hub, id, token } = await hubWith('127.0.35.18');
    const ask = async (route: string, body?: unknown) => {
      const [method = '', path = ''] = route.split(' ');
      const { status, body: got } = await hub.ask(`${method} /external/api/${path.replace('T', `token=${token}`)}`, {
        ...(body === undefined ? {} : { body }),
      });
      return got === undefined ? status : got;
    };
    const error = (message: string) => ({ error: { message } });
    expect(await ask('GET update?T&v1=100')).toBe(200);
    expect(await ask('GET get?T&v1')).toBe('100');
    expect(await ask('GET get?T&pin=V1')).toBe('100');
    expect(await ask('GET batch/update?T&v1=1&v2=a&V3=7')).toBe(200);
    expect(await ask('GET update?T&pin=v4&value=12.5&value=11')).toBe(200);
    expect(await ask('GET get?T&v1&v2')).toEqual({ v1: 1, v2: 'a' });
    expect(await ask('GET getAll?T')).toEqual({ v1: 1, v2: 'a', v3: 7, v4: [12.5, 11] });
    expect(await ask('GET update/property?T&pin=v1&label=Lamp&min=0&max=5')).toBe(200);
    expect((await hub.admin(`GET /api/devices/${id}/pins`)).body.items[0]).toMatchObject({ name: 'Lamp', max: 5 });
    expect(await ask('GET isHardwareConnected?T')).toBe(false);
    expect(await ask('GET isAppConnected?T')).toBe(true);
    expect(await ask('GET logEvent?T&code=door&description=open')).toBe(200);
    expect(await ask('POST batch/update?T&pin=V9', [[Date.now() - 5000, 3]])).toBe('OK');
    expect((await hub.admin(`GET /api/devices/${id}/pins/V9/history`)).body.points).toHaveLength(1);

    expect(await ask('GET get?v1')).toEqual(error('No token provided.'));
    expect(await ask('GET get?token=nobody&v1')).toEqual(error('Invalid token.'));
    expect(await ask('GET get?T&x1')).toEqual(error('Wrong pin format.'));
    expect(await ask('GET update?T')).toEqual(error('Wrong pin format.'));
    expect(await ask('GET get?T&v77')).toEqual(error('No datastream setup for that pin.'));
    expect(await ask('GET logEvent?T')).toEqual(error('Event code is not provided.'));
    const many = Array.from({ length: 10_001 }, () => [1, 1]);
    expect(await ask('POST batch/update?T&pin=V9', many)).toEqual(
      error('Too much data in batch. Maximum batch size is 10000 points.'),
    );
    expect(hub.troubles).toEqual([]);
  });
});

describe('whatever is asked of them', () => {
  it('is answered, and is never a failure of the hub itself', async () => {
    const { hub, token } = await hubWith('127.0.35.19');
    const paths = 'get update pin extra/pin data notify email project rtc'
      .split(' ')
      .map((path) => `/${token}/${path}`);
    const names = 'get getAll update batch/update update/property logEvent'
      .split(' ')
      .map((path) => `/external/api/${path}`);
    const values = fc.oneof(
      fc.jsonValue(),
      fc.array(fc.record({ value: fc.anything(), timestamp: fc.double() })),
      fc.array(fc.tuple(fc.double(), fc.anything())),
    );
    const asked = fc.record({
      method: fc.constantFrom('GET', 'PUT', 'POST'),
      path: fc.constantFrom(...paths, ...names),
      pin: fc.oneof(
        fc.constantFrom('V1', 'd2', 'A0', 'V1.csv.gz', 'V999'),
        fc.string({ unit: 'binary', maxLength: 12 }),
      ),
      query: fc.dictionary(
        fc.oneof(fc.constantFrom('value', 'v1', 'pin', 'label', 'min', 'code'), fc.string()),
        fc.string(),
      ),
      body: fc.option(
        fc.oneof(
          values.map((value) => fc.stringify(value)),
          fc.json(),
          fc.string(),
        ),
      ),
      type: fc.constantFrom('application/json', 'text/plain', 'multipart/form-data'),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ method, path, pin, query, body, type }) => {
        const words = new URLSearchParams(path.startsWith('/ext') ? { ...query, token } : query);
        const place = path.startsWith('/ext') ? path : `${path}/${encodeURIComponent(pin)}`;
        const { status, body: text } = await hub.ask(`${method} ${place}?${words}`, {
          headers: { 'content-type': type },
          ...(method === 'GET' || body === null ? {} : { body }),
        });
        if (status >= 500) expect(text).toMatch(/^(Unexpected content type|Error parsing body param)/);
      }),
      { numRuns: 100 },
    );
    expect(hub.troubles).toEqual([]);
  }, 30_000);
});
