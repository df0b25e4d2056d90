/** The HTTP side of the hub: its routes as data become Fastify's, behind login, limits and headers. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type Type from 'typebox';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import type { Problem } from '#values/index.ts';
import { consolePolicy, type RouteName, routes, type Scope } from '../contract/index.ts';
import { largestFirmware } from '../firmwares.ts';
import { includes, type People, same, type Who } from '../people.ts';
import type { Asked, Handlers } from './handlers.ts';
import { forged, loginNeeded, notAllowed, Refusal } from './refusal.ts';

/** With TLS a browser holds the cookie to this host alone; plain hosts can't have a name that says so. */
const cookieName = (secure: boolean): string => (secure ? '__Host-whyota' : 'whyota');
const isSecure = (request: FastifyRequest): boolean => 'encrypted' in request.raw.socket;
const sessionOf = (request: FastifyRequest): string | undefined => request.cookies[cookieName(isSecure(request))];
/** A signed or padded image of the largest flash, and some. */
const largestFile = largestFirmware + 65_536;
const largestJson = 2 * 1024 * 1024;

export interface ApiSetting {
  readonly version: string;
  readonly people: People;
  readonly handlers: Handlers;
  /** The hub has TLS: what carries passwords, tokens and sessions is refused without. */
  readonly secureOnly?: boolean;
  /** Requests a minute and address. */
  readonly limit?: number;
  /** Logins a minute and address. */
  readonly logins?: number;
  /** Milliseconds within which a request must be there whole. */
  readonly patience?: number;
  /** Which requests may change the protocol; default: none. */
  upgrades?(request: IncomingMessage): boolean;
  /** Told of what failed inside. */
  trouble(error: unknown): void;
}

interface RouteParts {
  readonly scope?: Scope;
  readonly params?: object;
  readonly query?: object;
  readonly body?: object;
  readonly file?: true;
  readonly answer?: object;
}

declare module 'fastify' {
  interface FastifyRequest {
    who: Who | null;
  }
  interface FastifyContextConfig {
    scope?: Scope;
  }
}

/** Fastify whose HTTP server takes sockets from whoever has looked at their first bytes; it listens nowhere itself. */
export async function openApi(setting: ApiSetting): Promise<{ app: FastifyInstance; http: Server }> {
  const { patience = 60_000 } = setting;
  const http = createServer({
    requestTimeout: patience,
    headersTimeout: patience / 3,
    connectionsCheckingInterval: patience / 12,
    maxHeaderSize: 16_384,
    shouldUpgradeCallback: setting.upgrades ?? (() => false),
  });
  // Node looks for slow senders only from this event on, and this server listens nowhere itself.
  http.emit('listening');
  const app = fastify({
    serverFactory: (handler) => http.on('request', handler),
    bodyLimit: largestJson,
    routerOptions: { maxParamLength: 200 },
    forceCloseConnections: true,
  });
  app.setValidatorCompiler<Type.TSchema>(({ schema, httpPart }) => {
    const shape = Compile(schema);
    return (given) => {
      // Of an address everything is text; a body says itself what is a number and what is null.
      const value = httpPart === 'body' ? given : Value.Convert(schema, given);
      return shape.Check(value) ? { value } : { error: shape.Errors(value) as unknown as Error };
    };
  });
  // What is sent was made by the handlers, typed by the contract: schemas of answers are for the description alone.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  app.decorateRequest('who', null);
  app.addContentTypeParser('application/octet-stream', { parseAs: 'buffer', bodyLimit: largestFile }, (_, body, done) =>
    done(null, body),
  );
  await app.register(cookie);
  await app.register(rateLimit, {
    max: setting.limit ?? 6000,
    timeWindow: 60_000,
    errorResponseBuilder: (_, { after }) => new Refusal(429, tooOften(after)),
  });
  await app.register(swagger, {
    openapi: {
      info: { title: 'WhyOTA hub', version: setting.version },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    headers(reply);
    if (setting.secureOnly && !isSecure(request)) {
      if (request.url.startsWith('/api/')) throw new Refusal(403, needsTls);
      if (request.url === '/') return reply.redirect(`https://${request.headers.host}/`, 308);
    }
    const { scope } = request.routeOptions.config;
    if (scope !== undefined) request.who = await allowed(request, scope, setting.people);
    else if (request.method !== 'GET' && request.method !== 'HEAD' && !ownOrigin(request)) throw forged();
  });
  app.setErrorHandler((error: Error & { statusCode?: number; validation?: unknown }, _request, reply) => {
    const { status, problem } = refusalOf(error);
    if (status >= 500) setting.trouble(error);
    headers(reply);
    void reply.status(status).type('application/json').send(problem);
  });
  app.setNotFoundHandler((_request, reply) => {
    headers(reply);
    void reply.status(404).type('application/json').send(noAddress);
  });

  await app.register(async (inside) => {
    for (const name of Object.keys(routes) as RouteName[]) route(inside, name, setting);
    inside.get('/api/openapi.json', { config: { scope: 'read' }, schema: { hide: true } }, () => app.swagger());
  });
  return { app, http };
}

function route(app: FastifyInstance, name: RouteName, { handlers, logins = 10 }: ApiSetting): void {
  const [method = 'GET', url = ''] = name.split(' ');
  const { scope, params, query, body, file, answer }: RouteParts = routes[name];
  const isLogin = name === 'POST /api/session' || name === 'POST /api/owner';
  const handler = handlers[name] as (asked: Asked) => Promise<unknown>;
  app.route({
    method,
    url,
    ...(file ? { bodyLimit: largestFile } : {}),
    config: { ...(scope ? { scope } : {}), ...(isLogin ? { rateLimit: { max: logins, timeWindow: 60_000 } } : {}) },
    schema: {
      ...(params ? { params } : {}),
      ...(query ? { querystring: query } : {}),
      ...(body ? { body } : {}),
      ...(file ? { consumes: ['application/octet-stream'] } : {}),
      ...(scope ? { security: [{ token: [] }] } : {}),
      response: { [answer ? 200 : 204]: answer ?? { type: 'null' } },
    },
    async handler(request, reply) {
      if (file && !(request.body instanceof Uint8Array)) throw new Refusal(415, noFile);
      const secure = isSecure(request);
      const given = await handler({
        params: (request.params ?? {}) as Record<string, string>,
        query: (request.query ?? {}) as Record<string, unknown>,
        body: request.body,
        who: request.who ?? { name: 'nobody', scope: 'read' },
        address: request.socket.remoteAddress ?? '',
        session: sessionOf(request),
        begin: (key) =>
          void reply.setCookie(cookieName(secure), key, {
            path: '/',
            httpOnly: true,
            sameSite: 'strict',
            secure,
            maxAge: 30 * 86_400,
          }),
        end: () => void reply.clearCookie(cookieName(secure), { path: '/', secure }),
      });
      if (given === undefined) return reply.status(204).send();
      return reply.send(given);
    },
  });
}

/** Who asks, where that may be done with what came; throws where it may not. */
export async function allowed(request: FastifyRequest, scope: Scope, people: People): Promise<Who> {
  const [, bearer] = /^Bearer ([\w-]{10,100})$/.exec(request.headers.authorization ?? '') ?? [];
  const session = sessionOf(request);
  const who =
    bearer !== undefined
      ? await people.byToken(bearer)
      : session !== undefined
        ? await people.bySession(session)
        : undefined;
  if (!who) throw loginNeeded();
  const reads = request.method === 'GET' || request.method === 'HEAD';
  if (who.csrf !== undefined && !reads) {
    const sent = request.headers['x-csrf'];
    if (typeof sent !== 'string' || !same(sent, who.csrf) || !ownOrigin(request)) throw forged();
  }
  if (!includes(who.scope, scope)) throw notAllowed(scope);
  return who;
}

/** A browser says where a request comes from; programs say nothing. */
function ownOrigin({ headers: { origin, host } }: FastifyRequest): boolean {
  if (origin === undefined) return true;
  return URL.parse(origin)?.host === host;
}

function headers(reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': consolePolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
  });
}

function refusalOf(error: Error & { statusCode?: number; validation?: unknown }): { status: number; problem: Problem } {
  if (error instanceof Refusal) return error;
  if (error.validation) return { status: 400, problem: wrongRequest(error.message) };
  const status = error.statusCode ?? 500;
  if (status === 413) return { status, problem: tooLarge };
  if (status >= 400 && status < 500) return { status, problem: wrongRequest(error.message) };
  return { status: 500, problem: inside };
}

const wrongRequest = (detail: string): Problem => ({
  code: 'hub-wrong-request',
  what: "the request can't be carried out as it stands",
  why: detail,
  fix: 'see /api/openapi.json for what each route takes',
});
const tooOften = (after: string): Problem => ({
  code: 'hub-too-often',
  what: 'too many requests',
  why: 'from this address came more than the hub takes in a minute',
  fix: `try again in ${after}`,
});
const needsTls: Problem = {
  code: 'hub-needs-tls',
  what: 'the hub answers this only over HTTPS',
  why: 'it has a certificate, and without encryption everybody on the way could read what was sent',
  fix: 'use the same address with https://',
};
const noFile: Problem = {
  code: 'hub-wrong-request',
  what: 'this takes a firmware file',
  why: 'the body of the request is something else',
  fix: "send the file's bytes as they are, with the content type application/octet-stream",
};
const tooLarge: Problem = {
  code: 'hub-too-large',
  what: 'the request is too large',
  why: 'no flash of these boards takes more than 16 MiB',
  fix: 'send the firmware file itself',
};
const noAddress: Problem = {
  code: 'hub-no-such-address',
  what: 'the hub has no such address',
  why: 'it is mistyped, or belongs to another version',
  fix: 'see /api/openapi.json for what there is',
};
const inside: Problem = {
  code: 'hub-internal',
  what: 'the hub itself failed',
  why: 'an error that nobody has foreseen; its log says more',
  fix: 'try again; if it stays so, report what the log of `whyota hub` says',
};
