// The hub's HTTP API over real HTTP: who may do what, and what it answers to whoever may not.
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RouteName, routes, type Scope, scopes } from '#hub/contract/index.ts';
import type { Http } from '#machine/index.ts';
import { emptyHub, folder, ownedHub, owner, sessionOf } from './hub.fixture.ts';

interface Route {
  readonly scope?: Scope;
  readonly file?: true;
  readonly body?: object;
}
const allRoutes = Object.entries(routes) as [RouteName, Route][];
const besides: [string, Route][] = [
  ['GET /api/openapi.json', { scope: 'read' }],
  ['GET /api/firmware/:id/bytes', { scope: 'read' }],
];
const placed = (route: string): string =>
  route
    .replace(':pin', 'V200')
    .replace(/firmware\/:id/, `firmware/${'0'.repeat(64)}`)
    .replace(':id', 'nobody');
const problem = {
  code: expect.any(String),
  what: expect.any(String),
  why: expect.any(String),
  fix: expect.any(String),
};

describe('who may do what', () => {
  it('is what each route says, for every scope, without login, and for a session with and without its header', async () => {
    const { ask, tokens, session } = await ownedHub('127.0.34.10');
    for (const [route, { scope, file, body: schema }] of [...allRoutes, ...besides]) {
      if (route === 'DELETE /api/session') continue;
      const body = file ? new Uint8Array(0) : schema ? {} : undefined;
      const one = placed(route);
      const nobody = await ask(one, { body });
      if (scope === undefined) {
        expect([nobody.status, one], one).not.toEqual([403, one]);
        continue;
      }
      expect([nobody.status, nobody.body.code], one).toEqual([401, 'hub-login-needed']);
      expect((await ask(one, { token: 'x'.repeat(32), body })).status, one).toBe(401);
      for (const has of scopes) {
        const { status, body: said } = await ask(one, { token: tokens[has], body });
        const may = scopes.indexOf(has) >= scopes.indexOf(scope);
        if (may) expect([401, 403, 500], `${one} with ${has}: ${JSON.stringify(said)}`).not.toContain(status);
        else expect([status, said.code], `${one} with ${has}`).toEqual([403, 'hub-not-allowed']);
      }
      const { cookie } = session;
      const forged = await ask(one, { headers: { cookie }, body });
      if (route.startsWith('GET ')) expect(forged.status, one).not.toBe(403);
      else expect([forged.status, forged.body.code], one).toEqual([403, 'hub-forged']);
    }
  });

  it('ends with the session, with the token, and with the device that is forgotten', async () => {
    const { ask, admin, session, tokens } = await ownedHub('127.0.34.10');
    expect((await ask('GET /api/session', { headers: session })).body).toMatchObject({ name: 'ann', scope: 'admin' });
    expect((await ask('DELETE /api/session', { headers: session })).status).toBe(204);
    expect((await ask('GET /api/session', { headers: session })).status).toBe(401);

    const { id, token } = (await admin('POST /api/tokens', { name: 'script', scope: 'read' })).body;
    expect((await ask('GET /api/devices', { token })).status).toBe(200);
    expect((await admin(`DELETE /api/tokens/${id}`)).status).toBe(204);
    expect((await ask('GET /api/devices', { token })).status).toBe(401);

    const { device } = (await admin('POST /api/devices', { name: 'kitchen' })).body;
    expect((await ask(`GET /api/devices/${device.id}`, { token: tokens.read })).body).toMatchObject({
      name: 'kitchen',
    });
    expect((await admin(`DELETE /api/devices/${device.id}`)).status).toBe(204);
    expect((await admin(`GET /api/devices/${device.id}`)).status).toBe(404);
  });

  it('is not a matter of another site: a foreign origin changes nothing', async () => {
    const { ask, session, url } = await ownedHub('127.0.34.10');
    const headers = { ...session, origin: 'http://evil.example' };
    expect((await ask('POST /api/devices', { headers, body: { name: 'x' } })).body.code).toBe('hub-forged');
    expect(
      (await ask('POST /api/session', { headers: { origin: 'http://evil.example' }, body: owner })).body.code,
    ).toBe('hub-forged');
    expect((await ask('POST /api/devices', { headers: { ...session, origin: url }, body: { name: 'x' } })).status).toBe(
      200,
    );
    const preflight = await ask('OPTIONS /api/devices', {
      headers: { origin: 'http://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(null);
  });
});

describe('the first start', () => {
  it('prints a link that makes the owner once, however many come with it', async () => {
    const { hub, ask } = await emptyHub('127.0.34.10');
    const link = hub.ownerPath!.split('/').at(-1);
    expect((await ask('GET /api/status')).body).toMatchObject({ product: 'whyota', hasOwner: false });
    expect((await ask('POST /api/owner', { body: { link: 'guessed', ...owner } })).body.code).toBe('hub-link-used');
    expect((await ask('POST /api/owner', { body: { link, ...owner, password: 'short' } })).status).toBe(400);
    const came = await Promise.all(
      ['ann', 'bob', 'eve'].map((name) => ask('POST /api/owner', { body: { link, ...owner, name } })),
    );
    expect(came.map(({ status }) => status).sort()).toEqual([200, 403, 403]);
    expect((await ask('GET /api/status')).body).toMatchObject({ hasOwner: true });
  });

  it('prints none when there is an owner, and a new one when that is asked for; the owner before is no more', async () => {
    const data = folder();
    const first = await emptyHub('127.0.34.10', { data });
    const session = sessionOf(
      await first.ask('POST /api/owner', { body: { link: first.hub.ownerPath!.split('/').at(-1), ...owner } }),
    );
    await first.close();
    const second = await emptyHub('127.0.34.10', { data });
    expect(second.hub.ownerPath).toBe(undefined);
    await second.close();
    const third = await emptyHub('127.0.34.10', { data, resetOwner: true });
    const link = third.hub.ownerPath!.split('/').at(-1);
    expect((await third.ask('GET /api/session', { headers: session })).status).toBe(200);
    expect(
      (await third.ask('POST /api/owner', { body: { link, name: 'bob', password: 'battery staple' } })).status,
    ).toBe(200);
    expect((await third.ask('GET /api/session', { headers: session })).status).toBe(401);
    expect((await third.ask('POST /api/session', { body: owner })).body.code).toBe('hub-wrong-login');
  });

  it('keeps neither link, nor password, nor session, nor token readable', async () => {
    const { hub, tokens, session, data, close } = await ownedHub('127.0.34.10');
    const { cookie } = session;
    await close();
    const kept = readFileSync(`${data}/hub.db`).toString('latin1');
    for (const secret of [
      owner.password,
      cookie.split('=')[1]!,
      hub.ownerPath!.split('/').at(-1)!,
      ...Object.values(tokens),
    ])
      expect(kept.includes(secret)).toBe(false);
  });
});

describe('too much', () => {
  it('of wrong logins is slowed down, and says for how long', async () => {
    const { ask } = await emptyHub('127.0.34.10', { limits: { logins: 3 } });
    const answers = [];
    for (let i = 0; i < 5; i++)
      answers.push(await ask('POST /api/session', { body: { ...owner, password: `wrong ${i}` } }));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429, 429]);
    expect(answers[4]!.body).toMatchObject({ ...problem, code: 'hub-too-often' });
    expect(Number(answers[4]!.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('of anything is slowed down', async () => {
    const { ask } = await emptyHub('127.0.34.10', { limits: { requests: 5 } });
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('GET /api/status')));
    expect(answers.filter(({ status }) => status === 429).length).toBe(3);
  });

  it('in one request is refused', async () => {
    const { ask, tokens } = await ownedHub('127.0.34.10');
    const file = new Uint8Array(18 * 1024 * 1024);
    const answer = await ask('POST /api/firmware?name=x', { token: tokens.admin, body: file }).catch(() => undefined);
    // The hub may hang up before it was sent all.
    if (answer) expect([answer.status, answer.body.code]).toEqual([413, 'hub-too-large']);
    const json = await ask('POST /api/devices', { token: tokens.admin, body: { name: 'x'.repeat(3_000_000) } }).catch(
      () => undefined,
    );
    if (json) expect([json.status, json.body.code]).toEqual([413, 'hub-too-large']);
  });
});

describe('too slow', () => {
  it('is a request that trickles in: its sender is let go, and others are served meanwhile', async () => {
    const { url, ask } = await emptyHub('127.0.34.10', { limits: { patience: 600 } });
    const { hostname, port } = new URL(url);
    const slow = Array.from({ length: 50 }, () => {
      const socket = connect(Number(port), hostname);
      socket.write('GET /api/status HTTP/1.1\r\nhost: hub\r\nx-slow: ');
      socket.on('error', () => {});
      const trickle = setInterval(() => socket.write('x'), 50);
      return new Promise((resolve) => socket.on('close', resolve)).finally(() => clearInterval(trickle));
    });
    expect((await ask('GET /api/status')).status).toBe(200);
    await Promise.all(slow);
  });
});

describe('the webhook', () => {
  it('tells what a device says, once the owner has named an address', async () => {
    const told: { url: string; text: string }[] = [];
    const http: Http = {
      async request(url, { body }) {
        told.push({ url, ...JSON.parse(new TextDecoder().decode(body)) });
        return { status: 200, headers: {}, body: new Uint8Array() };
      },
    };
    const { ask, admin } = await ownedHub('127.0.34.10', { http });
    const { token, device } = (await admin('POST /api/devices', { name: 'door' })).body;
    const say = (body: string) => ask(`POST /${token}/notify`, { body: { body } });
    expect((await say('nobody hears this')).status).toBe(200);
    expect((await admin('PATCH /api/settings', { webhook: 'javascript:alert(1)' })).status).toBe(400);
    expect((await admin('PATCH /api/settings', { webhook: 'http://house.example/hook' })).status).toBe(200);
    await say('the door is open');
    await expect
      .poll(() => told)
      .toMatchObject([
        {
          url: 'http://house.example/hook',
          kind: 'notify',
          text: 'the door is open',
          device: { id: device.id, name: 'door' },
        },
      ]);
    await admin('PATCH /api/settings', { webhook: null });
    await say('nobody hears this either');
    expect(told.length).toBe(1);
  });
});

describe('what it answers', () => {
  it('is a problem in four parts whenever something is wrong', async () => {
    const { ask, admin, tokens } = await ownedHub('127.0.34.10');
    const wrong = [
      await ask('GET /api/nowhere'),
      await ask('GET /nowhere'),
      await admin('POST /api/devices', { name: '' }),
      await admin('POST /api/devices', { name: 'x', odd: 1 }),
      await admin('POST /api/devices', '{"name":'),
      await admin('POST /api/devices', '[]'),
      await admin('GET /api/devices?limit=-1'),
      await admin('GET /api/devices/Nobody!'),
      await admin('POST /api/firmware?name=x', new Uint8Array(100)),
      await ask('POST /api/devices', { token: tokens.admin, body: 'x', headers: { 'content-type': 'text/html' } }),
      await ask('PUT /api/devices', { token: tokens.admin }),
    ];
    for (const { status, body } of wrong) {
      expect(body).toMatchObject(problem);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });

  it('never is a page from what a device said, and no other page may show it', async () => {
    const { admin, ask } = await ownedHub('127.0.34.10');
    await admin('POST /api/devices', { name: '<img src=x onerror=alert(1)>' });
    for (const answer of [await admin('GET /api/devices'), await ask('GET /api/nowhere'), await ask('GET /')]) {
      const said = (name: string) => answer.headers.get(name);
      expect(said('x-content-type-options')).toBe('nosniff');
      expect(said('content-security-policy')).toContain("default-src 'none'");
      expect(said('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(said('content-security-policy')).not.toMatch(/unsafe-inline|unsafe-eval'? /);
      expect(said('referrer-policy')).toBe('no-referrer');
    }
    expect((await admin('GET /api/devices')).headers.get('content-type')).toMatch(/^application\/json/);
  });

  it('is described by OpenAPI, every route', async () => {
    const { admin } = await ownedHub('127.0.34.10');
    const { paths, openapi } = (await admin('GET /api/openapi.json')).body;
    expect(openapi).toMatch(/^3\./);
    for (const [route] of allRoutes) {
      const [method, path] = route.split(' ') as [string, string];
      expect(paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()], route).toBeDefined();
    }
  });

  it('is listed in the docs, every route with its scope', () => {
    const listed = [
      ...readFileSync('docs/reference/http-api.md', 'utf8').matchAll(/^\| `([A-Z]+ \/api[^`]*)` \| (\S+) \|/gm),
    ];
    const wanted = [...allRoutes, ...besides, ['GET /api/events', { scope: 'read' }] as const];
    expect(listed.map(([, route, scope]) => `${route} ${scope}`).sort()).toEqual(
      wanted.map(([route, { scope = '-' }]) => `${route} ${scope}`).sort(),
    );
  });

  it('to arbitrary bodies and queries is never its own failure', async () => {
    const { ask, tokens, troubles } = await ownedHub('127.0.34.10');
    const odd = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record(
          { name: fc.anything(), firmware: fc.string(), devices: fc.array(fc.string()), values: fc.array(fc.string()) },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one)) ?? ''),
    );
    const words = fc.array(
      fc.tuple(fc.constantFrom('limit', 'after', 'before', 'search', 'from', 'to', 'points', 'name', 'x'), fc.string()),
      { maxLength: 4 },
    );
    const route = fc.constantFrom(...allRoutes.map(([name]) => name).filter((name) => name !== 'DELETE /api/session'));
    await fc.assert(
      fc.asyncProperty(route, fc.webPath(), odd, words, async (name, place, body, query) => {
        const id = place.split('/')[1] || 'nobody';
        const path = name.replace(':pin', 'V1').replace(':id', id);
        const reads = name.startsWith('GET ');
        const { status } = await ask(`${path}?${new URLSearchParams(query)}`, {
          token: tokens.admin,
          ...(reads || body === '' ? {} : { body }),
        });
        expect(status, `${path} ${body}`).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
    expect(troubles).toEqual([]);
  });
});
