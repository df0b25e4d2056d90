/** The HTTP API of Blynk IoT, as far as it is about a device's own pins. Source: docs.blynk.io, Device HTTPS API. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { looksOf } from './said.ts';
import { pinOf, put, samplesOf, valuesOf } from './values.ts';
import type { WebSetting } from './web.ts';

type Query = Readonly<Record<string, string | string[]>>;

const mostSamples = 10_000;

class Wrong extends Error {}

export function serveIot(app: FastifyInstance, setting: WebSetting): void {
  const { devices, pins, connected } = setting;
  const route = (
    method: 'GET' | 'POST',
    path: string,
    then: (device: string, query: Query, reply: FastifyReply, body: unknown) => Promise<unknown>,
  ): void => {
    app.route<{ Querystring: Query }>({
      method,
      url: `/external/api/${path}`,
      schema: { hide: true },
      async handler({ query, body }, reply) {
        void reply.header('access-control-allow-origin', '*').removeHeader('cross-origin-resource-policy');
        try {
          const { token, ...rest } = query;
          if (typeof token !== 'string') throw new Wrong('No token provided.');
          const device = await devices.byToken(token);
          if (!device) throw new Wrong('Invalid token.');
          return reply.send((await then(device.id, rest, reply, body)) ?? '');
        } catch (error) {
          if (!(error instanceof Wrong)) throw error;
          return reply.status(400).send({ error: { message: error.message } });
        }
      },
    });
  };

  route('GET', 'get', async (device, { pin, ...others }, reply) => {
    const wanted = (pin === undefined ? Object.keys(others) : [pin]).map(pinIn);
    if (wanted.length === 0) throw new Wrong('Wrong pin format.');
    const found = await Promise.all(wanted.map((one) => pins.get(device, one)));
    if (found.some((one) => !one)) throw new Wrong('No datastream setup for that pin.');
    if (found.length > 1) return Object.fromEntries(found.map((one) => [one!.pin.toLowerCase(), plain(one!.values)]));
    void reply.type('text/plain; charset=utf-8');
    return found[0]!.values.join(',');
  });
  route('GET', 'getAll', async (device) =>
    Object.fromEntries((await pins.of(device)).map(({ pin, values }) => [pin.toLowerCase(), plain(values)])),
  );
  for (const path of ['update', 'batch/update'])
    route('GET', path, async (device, { pin, value, ...others }) => {
      const said = pin === undefined ? Object.entries(others) : [[pin, value ?? ''] as const];
      if (said.length === 0) throw new Wrong('Wrong pin format.');
      const writes = said.map(([word, values]) => [pinIn(word), valuesOf(values)] as const);
      for (const [name, values] of writes)
        if (!values || !put(setting, device, name, values))
          throw new Wrong("Value doesn't match the Datastream data type");
    });
  route('POST', 'batch/update', async (device, { pin }, reply, body) => {
    const name = pinIn(pin);
    if (!Array.isArray(body)) throw new Wrong('Unknown content type.');
    if (body.length > mostSamples) throw new Wrong('Too much data in batch. Maximum batch size is 10000 points.');
    const samples = samplesOf(
      body.map((one) => (Array.isArray(one) ? [one[0], one[1]] : [undefined, undefined])),
      setting.wall(),
    );
    if (!samples) throw new Wrong("Value doesn't match the Datastream data type");
    await pins.record(device, name, samples);
    void reply.type('text/plain; charset=utf-8');
    return 'OK';
  });
  route('GET', 'update/property', async (device, { pin, ...others }) => {
    const name = pinIn(pin);
    for (const [property, value] of Object.entries(others)) {
      const looks = typeof value === 'string' ? looksOf(property, value) : undefined;
      if (looks) await pins.change(device, name, looks);
    }
  });
  route('GET', 'isHardwareConnected', async (device) => connected(device));
  route('GET', 'isAppConnected', async () => true);
  route('GET', 'logEvent', async (device, { code, description }) => {
    if (typeof code !== 'string') throw new Wrong('Event code is not provided.');
    setting.notice(device, 'event', [code, description].filter(Boolean).join(': ').slice(0, 500));
  });
}

function pinIn(word: string | string[] | undefined): string {
  const pin = typeof word === 'string' ? pinOf(word) : undefined;
  if (!pin) throw new Wrong('Wrong pin format.');
  return pin;
}

/** Numbers as numbers; several values as a list. */
function plain(values: readonly string[]): unknown {
  const read = values.map((value) => (value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value));
  return read.length === 1 ? read[0] : read;
}
