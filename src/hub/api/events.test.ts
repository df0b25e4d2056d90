import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { HubEvent } from '../contract/index.ts';
import { openLive } from '../live.ts';
import { openPeople } from '../people.ts';
import { openStore } from '../store/open.ts';
import { serveEvents } from './events.ts';
import type { Handlers } from './handlers.ts';
import { openApi } from './server.ts';

const address = '127.0.34.40';

async function scene(aliveEvery = 15_000) {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-events-'));
  const store = await openStore(join(folder, 'hub.db'));
  const people = openPeople({ db: store.db, wall: Date.now });
  const live = openLive(Date.now);
  const { app, http } = await openApi({ version: '0', people, handlers: {} as Handlers, trouble: () => {} });
  serveEvents(app, { live, people, aliveEvery });
  await app.ready();
  await new Promise<void>((resolve) => http.listen({ host: address, port: 0 }, resolve));
  const { port } = http.address() as { port: number };
  onTestFinished(async () => {
    await app.close();
    http.closeAllConnections();
    http.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const { id, token } = await people.makeToken({ name: 'page', scope: 'read' });
  const watch = () => watching(`http://${address}:${port}/api/events`, token);
  const log = (text: string): HubEvent => ({ kind: 'log', device: 'k', line: { id: 1, at: 0, kind: 'print', text } });
  return { live, people, port, id, token, watch, log };
}

/** A page that reads what the hub tells. */
async function watching(url: string, token: string) {
  const leaving = new AbortController();
  const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` }, signal: leaving.signal });
  let text = '';
  const looks = new Set<() => void>();
  let over = false;
  const read = (async () => {
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      for (const look of looks) look();
    }
  })()
    .catch(() => {})
    .finally(() => {
      over = true;
      for (const look of looks) look();
    });
  const until = (wanted: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (text.includes(wanted)) resolve(text);
        else if (over) reject(new Error(`ended without ${wanted}`));
      };
      looks.add(look);
      look();
    });
  return { answer, until, ended: read, close: () => leaving.abort() };
}

describe('what the hub tells as it happens', () => {
  it('goes to everybody who watches, by name, as JSON, whatever is in it', async () => {
    const { live, watch, log } = await scene();
    const pages = [await watch(), await watch()];
    live.tell(log('a\n\nevent: device\ndata: {}'));
    live.tell({ kind: 'device-gone', id: 'k' });
    for (const page of pages) {
      const text = await page.until('device-gone');
      expect(page.answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
      expect(text.split('\n\n').filter((event) => event.startsWith('event:')).length).toBe(2);
      expect(text).toContain('event: device-gone\ndata: {"id":"k"}\n\n');
    }
  });

  it('is told to nobody without a login', async () => {
    const { port } = await scene();
    const page = await watching(`http://${address}:${port}/api/events`, 'x'.repeat(32));
    expect(page.answer.status).toBe(401);
  });

  it('costs nothing when nobody watches any more', async () => {
    const { live, watch } = await scene();
    expect(live.watched).toBe(false);
    const page = await watch();
    expect(live.watched).toBe(true);
    page.close();
    await expect.poll(() => live.watched).toBe(false);
  });

  it('begins again with signs of life, and ends soon after the token has ended', async () => {
    const { people, id, watch } = await scene(20);
    const page = await watch();
    await page.until(': \n\n: \n\n');
    await people.dropToken(id);
    await page.ended;
  });

  it('is not kept for a watcher who does not read', async () => {
    const { live, port, token, log } = await scene();
    const lazy = connect(port, address);
    lazy.write(`GET /api/events HTTP/1.1\r\nhost: ${address}\r\nauthorization: Bearer ${token}\r\n\r\n`);
    lazy.on('error', () => {});
    lazy.pause();
    await expect.poll(() => live.watched).toBe(true);
    const long = 'x'.repeat(100_000);
    for (let i = 0; i < 2000 && live.watched; i++) {
      live.tell(log(long));
      if (i % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 25));
    }
    expect(live.watched).toBe(false);
    lazy.destroy();
  });
});
