/** The HTTP API of the legacy server: the token is part of the path. Source of paths and words: blynkkk/blynk-server
 *  HttpAPILogic.java. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { looksOf } from './said.ts';
import { pinOf, put, samplesOf, valuesOf } from './values.ts';
import type { WebSetting } from './web.ts';

interface Words {
  readonly Params: { readonly token: string; readonly pin: string };
  readonly Querystring: Readonly<Record<string, string | string[]>>;
  readonly Body: string | undefined;
}
type Request = FastifyRequest<Words>;

/** Properties of widgets; those that mean nothing here are taken and change nothing. */
const properties = new Set(
  'label min max suffix color labels onLabel offLabel isOnPlay isDisabled isHidden url urls step opacity scale rotation font'.split(
    ' ',
  ),
);
const longestNotice = 255;
/** What the CSV goes back, and its points: one a minute at most. */
const csvPoints = 43_200;
const minute = 60_000;
const csvEnd = '.csv.gz';

class Wrong extends Error {
  readonly status: number;
  constructor(text: string, status = 400) {
    super(text);
    this.status = status;
  }
}

export function serveLegacy(outer: FastifyInstance, setting: WebSetting): void {
  void outer.register(async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
    app.addHook('onRequest', async (_, reply) => {
      // Old scripts run in pages from anywhere; the token in the path is what lets them in.
      void reply.header('access-control-allow-origin', '*').removeHeader('cross-origin-resource-policy');
    });
    paths(app, setting);
  });
}

function paths(app: FastifyInstance, setting: WebSetting): void {
  const { devices, pins, connected } = setting;
  const route = (
    method: 'GET' | 'PUT' | 'POST',
    url: string,
    then: (device: string, request: Request, reply: FastifyReply) => Promise<unknown>,
  ): void => {
    app.route<Words>({
      method,
      url: `/:token/${url}`,
      schema: { hide: true },
      async handler(request, reply) {
        try {
          const device = await devices.byToken(request.params.token);
          if (!device) throw new Wrong('Invalid token.');
          const answer = await then(device.id, request, reply);
          if (answer === reply) return reply;
          if (answer === undefined) return reply.send('');
          return reply.type('application/json; charset=utf-8').send(JSON.stringify(answer));
        } catch (error) {
          if (!(error instanceof Wrong)) throw error;
          return reply.status(error.status).type('text/plain; charset=utf-8').send(error.message);
        }
      },
    });
  };
  const write = (device: string, pin: string, said: unknown): void => {
    const values = valuesOf(said);
    if (!values) throw new Wrong('Wrong request format.');
    if (!put(setting, device, pin, values)) throw new Wrong('Value is too long for the device.');
  };

  route('GET', 'isHardwareConnected', async (device) => connected(device));
  route('GET', 'isAppConnected', async () => true);
  route('GET', 'rtc', async () => {
    const now = setting.wall();
    return [String(Math.floor((now - new Date(now).getTimezoneOffset() * minute) / 1000))];
  });
  route('GET', 'project', async (device) => {
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
    return { id: 1, name: about?.name, isActive: true, widgets, devices: [{ id: 0, name: about?.name }] };
  });

  route('GET', 'get/:pin', async (device, request) => {
    const found = await pins.get(device, pinIn(request));
    if (!found) throw new Wrong("Requested pin doesn't exist in the app.");
    return found.values;
  });
  route('GET', 'update/:pin', async (device, request) => {
    const pin = pinIn(request);
    const { value, ...others } = request.query;
    if (value !== undefined) return write(device, pin, value);
    const [name] = Object.keys(others).filter((one) => properties.has(one));
    const said = name === undefined ? undefined : others[name];
    if (name === undefined || typeof said !== 'string') throw new Wrong('Wrong request format.');
    const looks = looksOf(name, said);
    if (looks) await pins.change(device, pin, looks);
    else if (name === 'min' || name === 'max') throw new Wrong('Error setting widget property.');
    return undefined;
  });
  for (const url of ['update/:pin', 'pin/:pin'])
    route('PUT', url, async (device, request) => {
      const pin = pinIn(request);
      const values = listIn(request);
      if (values.length === 0) throw new Wrong('No pin for update provided.');
      write(device, pin, values);
    });
  route('PUT', 'extra/pin/:pin', async (device, request) => {
    const pin = pinIn(request);
    const said = listIn(request) as readonly (Readonly<Record<string, unknown>> | null)[];
    if (said.length === 0) throw new Wrong('No pin for update provided.');
    const samples = samplesOf(
      said.map((one) => [one?.timestamp, one?.value]),
      setting.wall(),
    );
    if (!samples) throw new Wrong('Wrong request format.');
    write(device, pin, [String(said[0]!.value)]);
    await pins.record(device, pin, samples);
  });
  route('GET', 'data/:pin', async (device, request, reply) => {
    const { token, pin: word } = request.params;
    const pin = pinIn(request, csvEnd);
    const now = setting.wall();
    const { points } = await pins.history(device, pin, now - csvPoints * minute, now, csvPoints);
    if (points.length === 0) throw new Wrong('No data.');
    if (!word.endsWith(csvEnd)) return reply.redirect(`/${token}/data/${pin}${csvEnd}`, 301);
    const lines = points.map(({ at, value }) => `${value},${at},0\n`).join('');
    return reply.type('application/gzip').send(await promisify(gzip)(lines));
  });

  route('POST', 'notify', async (device, request) => {
    const text = partsIn(request).body;
    if (typeof text !== 'string' || text === '' || text.length > longestNotice)
      throw new Wrong('Body is empty or larger than 255 chars.');
    setting.notice(device, 'notify', text);
  });
  route('POST', 'email', async (device, request) => {
    const { to, subj, title } = partsIn(request);
    if (typeof to !== 'string' || typeof subj !== 'string' || to === '' || subj === '')
      throw new Wrong("Email body is wrong. Missing or empty fields 'to', 'subj'.");
    setting.notice(
      device,
      'notify',
      [subj, title].filter((part) => typeof part === 'string' && part !== '').join(': '),
    );
  });
}

/** The pin of the path; `end` may follow it. */
function pinIn({ params }: Request, end = ''): string {
  const pin = pinOf(params.pin.endsWith(end) ? params.pin.slice(0, params.pin.length - end.length) : params.pin);
  if (!pin) throw new Wrong('Wrong pin format.');
  return pin;
}

function jsonIn({ headers, body }: Request): unknown {
  if (!headers['content-type']?.startsWith('application/json'))
    throw new Wrong('Unexpected content type. Expecting application/json.', 500);
  try {
    return JSON.parse(body ?? '');
  } catch {
    throw unreadable(body);
  }
}
function listIn(request: Request): readonly unknown[] {
  const said = jsonIn(request);
  if (!Array.isArray(said)) throw unreadable(request.body);
  return said;
}
function partsIn(request: Request): Readonly<Record<string, unknown>> {
  const said = jsonIn(request);
  if (typeof said !== 'object' || said === null) throw unreadable(request.body);
  return said as Readonly<Record<string, unknown>>;
}
const unreadable = (body: string | undefined): Wrong => new Wrong(`Error parsing body param. ${body ?? ''}`, 500);
