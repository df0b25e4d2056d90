/** GET /api/events: what changes, as server-sent events. Every event is made into text once, whoever watches. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { HubEvent } from '../contract/index.ts';
import type { Live } from '../live.ts';
import type { People } from '../people.ts';
import { Refusal } from './refusal.ts';
import { allowed } from './server.ts';

/** Events of so long are sent together. */
const gatherFor = 20;
/** A watcher who is so far behind is let go: it asks the lists again. */
const mostBehind = 8 * 1024 * 1024;
const mostWatchers = 200;

export function serveEvents(
  app: FastifyInstance,
  { live, people, aliveEvery = 15_000 }: { readonly live: Live; readonly people: People; readonly aliveEvery?: number },
): void {
  /** Each with the question whether who watches still may. */
  const watchers = new Map<ServerResponse, () => Promise<unknown>>();
  let waiting: string[] = [];
  let stop: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const send = (text: string): void => {
    for (const watcher of watchers.keys()) {
      watcher.write(text);
      if (watcher.writableLength > mostBehind) watcher.destroy();
    }
  };
  const flush = (): void => {
    timer = undefined;
    send(waiting.join(''));
    waiting = [];
  };
  const hear = ({ kind, ...data }: HubEvent): void => {
    waiting.push(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
    if (timer === undefined) timer = setTimeout(flush, gatherFor);
  };
  const alive = setInterval(() => {
    send(': \n\n');
    for (const [watcher, mayStill] of watchers) mayStill().catch(() => watcher.destroy());
  }, aliveEvery).unref();
  app.addHook('onClose', async () => {
    clearInterval(alive);
    stop?.();
    for (const watcher of watchers.keys()) watcher.destroy();
  });

  app.get('/api/events', { schema: { hide: true } }, async (request, reply) => {
    const mayStill = () => allowed(request, 'read', people);
    await mayStill();
    if (watchers.size >= mostWatchers) throw new Refusal(503, tooManyWatch);
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'x-accel-buffering': 'no',
    });
    raw.write('retry: 2000\n\n');
    watchers.set(raw, mayStill);
    stop ??= live.watch(hear);
    raw.on('close', () => {
      watchers.delete(raw);
      if (watchers.size > 0) return;
      stop?.();
      stop = undefined;
    });
    return reply;
  });
}

const tooManyWatch = {
  code: 'hub-too-many-watch',
  what: 'too many watch this hub',
  why: `it tells ${mostWatchers} at a time what happens`,
  fix: 'close some of the pages and scripts that watch it',
};
