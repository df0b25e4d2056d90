import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { text } from '#values/index.ts';
import {
  answerPull,
  credentials,
  judgeFirstByte,
  judgePullAnswer,
  type Offer,
  type PullClient,
  printPullRequest,
  readPullAnswer,
  readPullRequest,
} from './index.ts';

const vectors = JSON.parse(readFileSync('test/fixtures/http-pull/vectors.json', 'utf8')) as {
  esp8266: { userAgent: string; headers: { name: string; since: string; optional?: boolean }[] };
  esp32: { headers: { name: string }[] };
};

const client: PullClient = {
  family: 'esp8266',
  core: '3.1.2',
  mac: '5c:cf:7f:01:02:03',
  freeSpace: 499_712,
  sketchBytes: 253_168,
  flashBytes: 1_048_576,
  sketchMd5: 'a'.repeat(32),
  sdk: '2.2.2',
  chipId: 66_051,
  version: '1.0',
};
const offer: Offer = { id: 'one', bytes: 300_000, md5: 'b'.repeat(32), mode: 'sketch', family: 'esp8266' };

/** What a server sees of the client's request. */
function headersOf(asking: PullClient): Record<string, string> {
  const lines = text(printPullRequest(asking, '/', 'hub'))
    .split('\r\n')
    .slice(1)
    .filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.split(': ')[0]!.toLowerCase(), line.split(': ')[1]!]));
}
const ask = (asking: PullClient, offers: readonly Offer[], more = {}, wanted?: string) =>
  answerPull({ method: 'GET', headers: { ...headersOf(asking), ...more } }, offers, wanted);

describe('what a board says when it asks', () => {
  it.each(['2.0.0', '2.1.0', '2.3.0', '2.4.0', '2.6.0', '3.1.2'])('is what ESP8266 core %s sends', (core) => {
    const order = (version: string): number => version.split('.').reduce((sum, part) => sum * 100 + Number(part), 0);
    const sent = headersOf({ ...client, core });
    expect(sent['user-agent']).toBe(vectors.esp8266.userAgent);
    for (const { name, since } of vectors.esp8266.headers)
      expect(`x-esp8266-${name.toLowerCase()}` in sent, name).toBe(order(core) >= order(since));
  });

  it('is read back as it was meant', () => {
    expect(readPullRequest(headersOf(client))).toEqual({
      family: 'esp8266',
      mode: 'sketch',
      mac: client.mac,
      freeSpace: client.freeSpace,
      sketchBytes: client.sketchBytes,
      flashBytes: client.flashBytes,
      sketchMd5: client.sketchMd5,
      sdk: client.sdk,
      version: '1.0',
    });
  });

  it('never breaks the reader', () => {
    const names = vectors.esp32.headers.map(({ name }) => `x-esp32-${name.toLowerCase()}`);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('user-agent', 'authorization', ...names), fc.string()), (headers) => {
        expect([200, 304, 401, 403, 404]).toContain(answerPull({ method: 'GET', headers }, [offer], 'x').status);
      }),
    );
  });
});

describe('which answer it gets', () => {
  it('is the image, with its length and MD5', () => {
    const { status, headers } = ask(client, [offer]);
    expect({ status, length: headers['content-length'], md5: headers['x-md5'] }).toEqual({
      status: 200,
      length: '300000',
      md5: offer.md5,
    });
  });

  it('is 304 when the board runs it already, by MD5, by the MD5 inside a compressed file, or by version', () => {
    expect(ask(client, [{ ...offer, md5: client.sketchMd5 }]).status).toBe(304);
    expect(ask(client, [{ ...offer, innerMd5: client.sketchMd5 }]).status).toBe(304);
    expect(ask(client, [{ ...offer, version: '1.0' }]).status).toBe(304);
  });

  it('is the image that names the board rather than the one for all', () => {
    const mine = { ...offer, id: 'mine', for: { macs: [client.mac] } };
    const other = { ...offer, id: 'other', for: { macs: ['00:00:00:00:00:01'] } };
    expect(ask(client, [offer, other, mine]).offer?.id).toBe('mine');
    expect(ask(client, [other]).outcome).toBe('not-for-it');
  });

  it('follows token and group', () => {
    const offers = [{ ...offer, for: { tokens: ['t'], groups: ['g'] } }];
    const asked = { method: 'GET', headers: headersOf(client) };
    expect(answerPull(asked, offers).status).toBe(404);
    expect(answerPull({ ...asked, token: 't' }, offers).status).toBe(200);
    expect(answerPull({ ...asked, groups: ['g'] }, offers).status).toBe(200);
  });

  it('never is an image for another chip, nor a sketch for a file system', () => {
    expect(ask({ ...client, family: 'esp32' }, [offer]).outcome).toBe('wrong-family');
    expect(ask({ ...client, mode: 'spiffs' }, [offer]).outcome).toBe('not-for-it');
  });

  it('is nothing without the right user and password', () => {
    const wanted = credentials('user', 'pass');
    const basic = (words: string) => ({ authorization: `Basic ${btoa(words)}` });
    expect(ask(client, [offer], {}, wanted).status).toBe(401);
    expect(ask(client, [offer], basic('user:wrong'), wanted).status).toBe(401);
    expect(ask(client, [offer], basic('user:pass'), wanted).status).toBe(200);
  });

  it('says no to browsers', () => {
    expect(answerPull({ method: 'GET', headers: { 'user-agent': 'Mozilla' } }, [offer]).outcome).toBe('not-a-board');
  });
});

describe('what a board makes of it', () => {
  const judged = (asking: PullClient, status: number, headers: Record<string, string> = {}) =>
    judgePullAnswer(asking, { status, headers });

  it.each([
    [404, '3.1.2', -102],
    [403, '3.1.2', -103],
    [500, '3.1.2', -104],
    [401, '3.1.2', -108],
    [401, '2.7.4', -104],
    [404, '2.0.0', undefined],
  ])('of %s on core %s is %s', (status, core, code) => {
    expect(judged({ ...client, core }, status)).toMatchObject({ kind: 'failed', code });
  });

  it('is the text of its time', () => {
    expect(judged({ ...client, core: '2.3.0' }, 404)).toMatchObject({ text: 'File not Found (404)' });
    expect(judged(client, 404)).toMatchObject({ text: 'File Not Found (404)' });
  });

  it('is no update without a length, and none that does not fit', () => {
    expect(judged(client, 200)).toMatchObject({ code: -101 });
    expect(judged(client, 200, { 'content-length': '9', 'transfer-encoding': 'chunked' })).toMatchObject({
      code: -101,
    });
    expect(judged(client, 200, { 'content-length': '600000' })).toMatchObject({ code: -100 });
    expect(judged(client, 200, { 'content-length': '9', 'x-md5': 'short' })).toMatchObject({ code: -105 });
  });

  it('takes gzip from 2.7.0 on', () => {
    expect(judgeFirstByte({ ...client, core: '2.7.0' }, 0x1f)).toBeUndefined();
    expect(judgeFirstByte({ ...client, core: '2.6.3' }, 0x1f)).toMatchObject({ code: -106 });
  });

  it('agrees with the server on every image on offer', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000_000 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        (bytes, freeSpace) => {
          const asking = { ...client, freeSpace };
          const { status, headers, outcome } = ask(asking, [{ ...offer, bytes }]);
          expect(judged(asking, status, headers).kind === 'flash').toBe(outcome === 'update');
        },
      ),
    );
  });

  it('is read from any bytes without harm', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readPullAnswer(bytes)));
    const head = readPullAnswer(new TextEncoder().encode('HTTP/1.1 200 OK\r\nX-MD5: b\r\n\r\nbody'));
    expect(head).toEqual({ status: 200, headers: { 'x-md5': 'b' }, body: 29 });
  });
});
