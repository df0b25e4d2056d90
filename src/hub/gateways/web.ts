/** What devices and old scripts ask over HTTP: their update, and the paths of the legacy server and of Blynk IoT. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readPullRequest } from '#protocols/http-pull/index.ts';
import type { Devices } from '../devices.ts';
import type { Pins } from '../pins.ts';
import type { PullReply, Updates } from '../updates/index.ts';
import type { Written } from './types.ts';

export interface WebSetting {
  readonly devices: Devices;
  readonly pins: Pins;
  readonly updates: Updates;
  write(device: string, pin: string, values: readonly string[]): Written;
  connected(device: string): boolean;
  notice(device: string, kind: 'notify' | 'event', text: string): void;
  readonly wall: () => number;
}

const longestValue = 1024;
const mostValues = 32;
const pinWord = /^([dav])(25[0-5]|2[0-4]\d|1?\d?\d)$/i;

export function serveDevices(app: FastifyInstance, setting: WebSetting): void {
  pulls(app, setting);
  legacy(app, setting);
  iot(app, setting);
}

// ---------------------------------------------------------------- updates that boards fetch

function pulls(app: FastifyInstance, { devices, updates }: WebSetting): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply, token?: string): Promise<FastifyReply> => {
    const asked = {
      method: request.method,
      headers: request.headers as Record<string, string>,
      ...(token ? { token } : {}),
    };
    const said = readPullRequest(asked.headers);
    const id = (token === undefined ? undefined : await devices.byToken(token))?.id ?? (await boardOf(said, request));
    return send(reply, await updates.pull(id, asked));
  };
  /** A board that asks is seen; one that nobody knows becomes a row. */
  const boardOf = async (
    said: ReturnType<typeof readPullRequest>,
    request: FastifyRequest,
  ): Promise<string | undefined> => {
    if (!said?.mac) return undefined;
    return devices.sighted({
      way: 'pull',
      mac: said.mac,
      family: said.family,
      firmware: said.version,
      runningBytes: said.sketchBytes,
      address: request.socket.remoteAddress?.replace(/^::ffff:(?=\d)/, ''),
    });
  };
  app.get('/update', { schema: { hide: true } }, (request, reply) => answer(request, reply));
  app.get<{ Params: { token: string } }>('/update/:token', { schema: { hide: true } }, (request, reply) =>
    answer(request, reply, request.params.token),
  );
  app.get('/ota/:file', { schema: { hide: true } }, async (request, reply) => {
    const given = await updates.fetch(request.url.split('?')[0]!, request.method);
    // No body on errors: Edgent's client writes whatever has a length.
    return given ? send(reply, given) : reply.status(404).header('content-length', '0').send();
  });
}

function send(reply: FastifyReply, { status, headers, body, ended, text }: PullReply): FastifyReply {
  void reply.status(status).headers(headers);
  if (!body) return reply.send(text ?? '');
  let over = false;
  const end = (whole: boolean): void => {
    if (!over) ended?.(whole);
    over = true;
  };
  reply.raw.on('finish', () => end(true)).on('close', () => end(reply.raw.writableFinished));
  return reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}

// ---------------------------------------------------------------- the legacy server

type Words = {
  readonly Params: { readonly token: string; readonly pin: string };
  readonly Querystring: Record<string, string | string[]>;
};

function legacy(app: FastifyInstance, setting: WebSetting): void {
  const { devices, pins, connected } = setting;
  const wrong = (reply: FastifyReply, text: string): FastifyReply =>
    reply.status(400).type('text/plain; charset=utf-8').send(text);
  const json = (reply: FastifyReply, value: unknown): FastifyReply =>
    reply.type('application/json; charset=utf-8').send(JSON.stringify(value));
  const paths =
    (then: (device: string, request: FastifyRequest<Words>, reply: FastifyReply) => Promise<FastifyReply>) =>
    async (request: FastifyRequest<Words>, reply: FastifyReply): Promise<FastifyReply> => {
      // Old scripts run in pages from anywhere; the token in the path is what lets them in.
      void reply.header('access-control-allow-origin', '*').removeHeader('cross-origin-resource-policy');
      const device = await devices.byToken(request.params.token);
      return device ? then(device.id, request, reply) : wrong(reply, 'Invalid token.');
    };
  const onPin = (
    then: (device: string, pin: string, request: FastifyRequest<Words>, reply: FastifyReply) => Promise<FastifyReply>,
  ) =>
    paths(async (device, request, reply) => {
      const pin = pinOf(request.params.pin);
      return pin ? then(device, pin, request, reply) : wrong(reply, 'Wrong pin format.');
    });
  const update = (device: string, pin: string, values: readonly string[]): void => {
    pins.set(device, pin, values);
    setting.write(device, pin, values);
  };
  const options = { schema: { hide: true } };

  app.get<Words>(
    '/:token/isHardwareConnected',
    options,
    paths(async (device, _, reply) => json(reply, connected(device))),
  );
  app.get<Words>(
    '/:token/isAppConnected',
    options,
    paths(async (_device, _, reply) => json(reply, true)),
  );
  app.get<Words>(
    '/:token/rtc',
    options,
    paths(async (_device, _, reply) => {
      const now = setting.wall();
      return json(reply, [String(Math.floor((now - new Date(now).getTimezoneOffset() * 60_000) / 1000))]);
    }),
  );
  app.get<Words>(
    '/:token/project',
    options,
    paths(async (device, _, reply) => {
      const [about, all] = [await devices.get(device), await pins.of(device)];
      const widgets = all.map(({ pin, name, values, min, max }, i) => ({
        id: i + 1,
        pinType: { V: 'VIRTUAL', D: 'DIGITAL', A: 'ANALOG' }[pin[0]!],
        pin: Number(pin.slice(1)),
        label: name ?? pin,
        value: values.join('\0'),
        min,
        max,
      }));
      return json(reply, {
        id: 1,
        name: about?.name,
        isActive: true,
        widgets,
        devices: [{ id: 0, name: about?.name }],
      });
    }),
  );
  app.get<Words>(
    '/:token/get/:pin',
    options,
    onPin(async (device, pin, _, reply) => {
      const found = await pins.get(device, pin);
      return found ? json(reply, found.values) : wrong(reply, "Requested pin doesn't exist in the app.");
    }),
  );
  app.get<Words>(
    '/:token/update/:pin',
    options,
    onPin(async (device, pin, { query }, reply) => {
      const { value, label, min, max, ...others } = query;
      if (value !== undefined) update(device, pin, valuesOf(value));
      const change = {
        ...(typeof label === 'string' ? { name: label.slice(0, 64) } : {}),
        ...(Number.isFinite(Number(min ?? Number.NaN)) ? { min: Number(min) } : {}),
        ...(Number.isFinite(Number(max ?? Number.NaN)) ? { max: Number(max) } : {}),
      };
      if (Object.keys(change).length) await pins.change(device, pin, change);
      else if (value === undefined && Object.keys(others).length === 0)
        return wrong(reply, 'No pin for update provided.');
      return reply.send('');
    }),
  );
  for (const url of ['/:token/update/:pin', '/:token/pin/:pin'])
    app.put<Words>(
      url,
      options,
      onPin(async (device, pin, { body }, reply) => {
        const values = Array.isArray(body) ? body.map(String) : [];
        if (values.length === 0) return wrong(reply, 'No pin for update provided.');
        update(device, pin, valuesOf(values));
        return reply.send('');
      }),
    );
  app.post<Words>(
    '/:token/notify',
    options,
    paths(async (device, { body }, reply) => {
      const text = (body as { body?: unknown } | undefined)?.body;
      if (typeof text !== 'string' || text === '' || text.length > 255)
        return wrong(reply, 'Body is empty or larger than 255 chars.');
      setting.notice(device, 'notify', text);
      return reply.send('');
    }),
  );
}

const pinOf = (word: string | undefined): string | undefined => {
  const [, kind, number] = pinWord.exec(word ?? '') ?? [];
  return kind && `${kind.toUpperCase()}${Number(number)}`;
};
const valuesOf = (value: string | readonly string[]): string[] =>
  (typeof value === 'string' ? [value] : [...value]).slice(0, mostValues).map((one) => one.slice(0, longestValue));

// ---------------------------------------------------------------- Blynk IoT's names

type IotWords = { readonly Querystring: Record<string, string | string[]> };

function iot(app: FastifyInstance, setting: WebSetting): void {
  const { devices, pins, connected } = setting;
  const wrong = (reply: FastifyReply, message: string): FastifyReply => reply.status(400).send({ error: { message } });
  const route = (
    path: string,
    then: (device: string, query: Record<string, string | string[]>, reply: FastifyReply) => Promise<FastifyReply>,
  ): void => {
    app.get<IotWords>(`/external/api/${path}`, { schema: { hide: true } }, async ({ query }, reply) => {
      const { token, ...rest } = query;
      if (typeof token !== 'string') return wrong(reply, 'No token provided.');
      const device = await devices.byToken(token);
      return device ? then(device.id, rest, reply) : wrong(reply, 'Invalid token.');
    });
  };
  /** `v1=100&v2=7`, or `pin=V1&value=100`. */
  const writesOf = (query: Record<string, string | string[]>): [string, string[]][] | undefined => {
    const { pin, value, ...others } = query;
    const named = typeof pin === 'string' ? [[pin, value ?? ''] as const] : Object.entries(others);
    const writes = named.map(([word, values]): [string | undefined, string[]] => [pinOf(word), valuesOf(values)]);
    return writes.length > 0 && writes.every(([name]) => name) ? (writes as [string, string[]][]) : undefined;
  };
  const update = async (
    device: string,
    query: Record<string, string | string[]>,
    reply: FastifyReply,
  ): Promise<FastifyReply> => {
    const writes = writesOf(query);
    if (!writes) return wrong(reply, 'Wrong pin format.');
    for (const [pin, values] of writes) {
      pins.set(device, pin, values);
      setting.write(device, pin, values);
    }
    return reply.send('');
  };
  const plain = (values: readonly string[]): unknown => {
    const read = values.map((value) => (value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value));
    return read.length === 1 ? read[0] : read;
  };

  route('get', async (device, query, reply) => {
    const { pin, ...others } = query;
    const wanted = (typeof pin === 'string' ? [pin] : Object.keys(others)).map(pinOf);
    if (wanted.length === 0 || wanted.some((one) => !one)) return wrong(reply, 'Wrong pin format.');
    const found = await Promise.all(wanted.map((one) => pins.get(device, one!)));
    if (found.some((one) => !one)) return wrong(reply, 'No datastream setup for that pin.');
    if (found.length === 1) return reply.type('text/plain; charset=utf-8').send(found[0]!.values.join(','));
    return reply.send(Object.fromEntries(found.map((one) => [one!.pin.toLowerCase(), plain(one!.values)])));
  });
  route('getAll', async (device, _, reply) =>
    reply.send(
      Object.fromEntries((await pins.of(device)).map(({ pin, values }) => [pin.toLowerCase(), plain(values)])),
    ),
  );
  route('update', update);
  route('batch/update', update);
  route('isHardwareConnected', async (device, _, reply) => reply.send(connected(device)));
  route('isAppConnected', async (_device, _, reply) => reply.send(true));
  route('logEvent', async (device, { code, description }, reply) => {
    if (typeof code !== 'string') return wrong(reply, 'Event code is not provided.');
    setting.notice(device, 'event', [code, description].filter(Boolean).join(': ').slice(0, 500));
    return reply.send('');
  });
  route('update/property', async (device, { pin, label, min, max }, reply) => {
    const name = typeof pin === 'string' ? pinOf(pin) : undefined;
    if (!name) return wrong(reply, 'Wrong pin format.');
    await pins.change(device, name, {
      ...(typeof label === 'string' ? { name: label.slice(0, 64) } : {}),
      ...(Number.isFinite(Number(min ?? Number.NaN)) ? { min: Number(min) } : {}),
      ...(Number.isFinite(Number(max ?? Number.NaN)) ? { max: Number(max) } : {}),
    });
    return reply.send('');
  });
}
