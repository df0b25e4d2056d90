import { createServer, type RequestListener } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Secret } from '#values/index.ts';
import { hubClient, parseHub, urlOf } from './hub-client.ts';

const address = '127.0.34.60';

/** Something that answers in a hub's place. */
async function answering(answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen({ host: address, port: 0 }, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return hubClient({ secure: false, host: address, port }, new Secret('the-token'));
}

describe('where a hub is', () => {
  it.each([
    ['hub.local', { host: 'hub.local', port: 8080 }],
    ['HUB.local:80', { host: 'hub.local', port: 80 }],
    ['http://hub.local/', { host: 'hub.local', port: 8080, secure: false }],
    ['https://hub.example:443', { host: 'hub.example', port: 443, secure: true }],
    ['192.168.1.5:8090', { host: '192.168.1.5', port: 8090 }],
    ['fe80::1', { host: 'fe80::1', port: 8080 }],
    ['[fe80::1]:8443', { host: 'fe80::1', port: 8443 }],
  ])('%s', (typed, wanted) => {
    expect(parseHub(typed)).toEqual(wanted);
  });

  it.each(['', 'a b', 'hub/console', 'ann@hub', 'hub:99999', 'hub?x', 'ftp://hub'])('is not "%s"', (typed) => {
    expect(parseHub(typed)).toBe(undefined);
  });

  it('is read without harm from whatever is typed, and what is read can be written', () => {
    fc.assert(
      fc.property(fc.string(), (typed) => {
        const place = parseHub(typed);
        if (place) expect(URL.canParse(urlOf({ secure: false, ...place }).replace('http', 'hub'))).toBe(true);
      }),
    );
  });
});

describe('what is asked of a hub', () => {
  it('comes back as it was answered, with the token on the way', async () => {
    const client = await answering((request, response) => {
      response.end(JSON.stringify({ asked: request.url, by: request.headers.authorization }));
    });
    expect(await client.ask('GET /api/devices?limit=1')).toEqual({
      ok: true,
      value: { asked: '/api/devices?limit=1', by: 'Bearer the-token' },
    });
  });

  it("fails with the hub's own words, and with ours where something else answers", async () => {
    const said = { code: 'hub-not-there', what: 'a', why: 'b', fix: 'c' };
    const refusing = await answering((_, response) => response.writeHead(404).end(JSON.stringify(said)));
    expect(await refusing.ask('GET /api/x')).toEqual({ ok: false, problem: said });
    const page = await answering((_, response) => response.end('<html>'));
    expect(await page.ask('GET /api/x')).toMatchObject({ ok: false, problem: { code: 'hub-not-reached' } });
    const proxy = await answering((_, response) => response.writeHead(502).end());
    expect(await proxy.ask('GET /api/x')).toMatchObject({ ok: false, problem: { code: 'hub-not-reached' } });
    const gone = hubClient({ secure: false, host: address, port: 1 });
    expect(await gone.ask('GET /api/x')).toMatchObject({ ok: false, problem: { code: 'hub-not-reached' } });
  });

  it('as events is heard whole, however it is cut on the way, until the hub ends', async () => {
    const client = await answering((_, response) => {
      const text = ': \n\nevent: pin\ndata: {"a":1}\n\nretry: 2000\n\nevent: log\ndata: {"b":"ä"}\n\n';
      const bytes = Buffer.from(text);
      let at = 0;
      const more = (): void => {
        if (at >= bytes.length) return void response.end();
        response.write(bytes.subarray(at, at + 3), () => setImmediate(more));
        at += 3;
      };
      more();
    });
    const heard: unknown[] = [];
    await client.listen((kind, data) => heard.push([kind, data]), new AbortController().signal);
    expect(heard).toEqual([
      ['pin', { a: 1 }],
      ['log', { b: 'ä' }],
    ]);
  });
});
