/** What devices and old scripts ask over HTTP: their update here, the paths of Blynk's servers in legacy.ts and iot.ts. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readPullRequest } from '#protocols/http-pull/index.ts';
import type { Devices } from '../devices.ts';
import type { Pins } from '../pins.ts';
import type { PullReply, Updates } from '../updates/index.ts';
import { serveIot } from './iot.ts';
import { serveLegacy } from './legacy.ts';
import { plainAddress } from './said.ts';
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

export function serveDevices(app: FastifyInstance, setting: WebSetting): void {
  servePulls(app, setting);
  serveLegacy(app, setting);
  serveIot(app, setting);
}

function servePulls(app: FastifyInstance, { devices, updates }: WebSetting): void {
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
      address: plainAddress(request.socket.remoteAddress),
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
