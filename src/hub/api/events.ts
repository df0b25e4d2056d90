/** GET /api/events: what changes, as server-sent events. Every event is made into text once, whoever watches. */
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { HubEvent } from '../contract/index.ts';
import type { Live } from '../live.ts';
import type { People } from '../people.ts';
import { allowed } from './server.ts';

/** Events of so long are sent together. */
const gatherFor = 20;
/** Proxies and phones hang up on connections that are silent for a minute. */
const aliveEvery = 15_000;
/** A watcher who is so far behind is let go: it asks the lists again. */
const mostBehind = 8 * 1024 * 1024;
const mostWatchers = 200;

export function serveEvents(
  app: FastifyInstance,
  { live, people }: { readonly live: Live; readonly people: People },
): void {
  const watchers = new Set<ServerResponse>();
  let waiting: string[] = [];
  let stop: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const send = (text: string): void => {
    for (const watcher of watchers) {
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
  const alive = setInterval(() => send(': \n\n'), aliveEvery).unref();
  app.addHook('onClose', async () => {
    clearInterval(alive);
    stop?.();
    for (const watcher of watchers) watcher.destroy();
  });

  app.get('/api/events', { schema: { hide: true } }, async (request, reply) => {
    await allowed(request, 'read', people);
    if (watchers.size >= mostWatchers) return reply.status(503).send();
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    raw.write('retry: 2000\n\n');
    watchers.add(raw);
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
