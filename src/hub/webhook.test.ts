import { describe, expect, it } from 'vitest';
import type { Http } from '#machine/index.ts';
import { settle } from '#node/index.ts';
import { millis } from '#values/index.ts';
import { virtualClock } from '#virtual/index.ts';
import type { Device, Update } from './contract/index.ts';
import { openNews } from './news.ts';
import { type News, openWebhook } from './webhook.ts';

const message = (text: string): News => ({ kind: 'notify', device: { id: 'k', name: 'kitchen' }, text });

/** A webhook whose receiver gives these answers, one after the other, and then the last for ever. */
function scene(answers: readonly (number | undefined)[], url: string | null = 'http://house.example/hook') {
  const clock = virtualClock({ settle });
  const got: { at: number; text: string }[] = [];
  const troubles: string[] = [];
  const http: Http = {
    async request(_to, { body }) {
      const { text } = JSON.parse(new TextDecoder().decode(body)) as { text: string };
      const status = answers[Math.min(got.length, answers.length - 1)];
      got.push({ at: clock.now(), text });
      return status === undefined ? undefined : { status, headers: {}, body: new Uint8Array() };
    },
  };
  const webhook = openWebhook({
    http,
    clock,
    url: async () => url ?? undefined,
    trouble: (what) => troubles.push(what),
  });
  return { clock, got, troubles, webhook };
}

describe('the webhook', () => {
  it('sends one message after the other', async () => {
    const { webhook, got, clock } = scene([200]);
    for (const text of ['a', 'b', 'c']) webhook.tell(message(text));
    await clock.runFor(millis(1000));
    expect(got.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });

  it('tries again when nobody answers, then lets it be and says so', async () => {
    const { webhook, got, troubles, clock } = scene([undefined, 503, undefined, 204]);
    webhook.tell(message('a'));
    webhook.tell(message('b'));
    await clock.runFor(millis(60_000));
    expect(got.map(({ text }) => text)).toEqual(['a', 'a', 'a', 'b']);
    expect(troubles).toEqual(['the webhook does not answer']);
  });

  it('does not insist when it is told no', async () => {
    const { webhook, got, troubles, clock } = scene([404]);
    webhook.tell(message('a'));
    await clock.runFor(millis(60_000));
    expect(got.length).toBe(1);
    expect(troubles).toEqual(['the webhook answered 404']);
  });

  it('asks nobody where no address is set', async () => {
    const { clock, got, troubles, webhook } = scene([200], null);
    webhook.tell(message('a'));
    await clock.runFor(millis(1000));
    expect([got, troubles]).toEqual([[], []]);
  });

  it('holds no more than a bounded number of messages for a receiver that is slow', async () => {
    const { webhook, got, troubles, clock } = scene([undefined]);
    for (let i = 0; i < 1000; i++) webhook.tell(message(String(i)));
    await clock.runFor(millis(3_600_000));
    expect(got.length).toBeLessThan(700);
    expect(troubles.filter((what) => what.includes('dropped')).length).toBe(4);
  });

  it('stops at once when the hub closes', async () => {
    const { webhook, got, clock } = scene([undefined]);
    webhook.tell(message('a'));
    await clock.runFor(millis(100));
    webhook.close();
    await clock.runFor(millis(60_000));
    expect(got.length).toBe(1);
  });
});

describe('news', () => {
  function scene() {
    let now = 0;
    let flapping = false;
    const told: string[] = [];
    const news = openNews({
      devices: () => ({ get: async (id) => ({ id, name: 'kitchen' }) as Device }),
      live: { flapping: () => flapping },
      wall: () => now,
      tell: ({ kind, text }) => told.push(`${kind} ${text}`),
      trouble: (error) => told.push(String(error)),
    });
    return {
      news,
      told,
      async log(kind: Parameters<typeof news.logged>[1], text: string, at = now, flaps = false) {
        now = at;
        flapping = flaps;
        news.logged('k', kind, text);
        await Promise.resolve();
        await Promise.resolve();
      },
    };
  }

  it('is what a device says itself and that it went away, and not each of its log lines', async () => {
    const { log, told } = scene();
    await log('online', 'came online');
    await log('print', 'hello');
    await log('notify', 'the door is open');
    await log('event', 'alarm');
    await log('offline', 'went offline');
    expect(told).toEqual(['notify the door is open', 'event alarm', 'offline went offline']);
  });

  it('of a board that flaps comes once an hour', async () => {
    const { log, told } = scene();
    for (let minute = 0; minute < 90; minute++) await log('offline', 'went offline', minute * 60_000, minute > 0);
    expect(told).toEqual([
      'offline went offline',
      'flapping comes and goes all the time',
      'flapping comes and goes all the time',
    ]);
  });

  it('of an update is how it ended', () => {
    const { news, told } = scene();
    news.ended({ id: 'u', state: 'confirmed', device: 'k', deviceName: 'kitchen', firmwareName: 'lamp' } as Update);
    expect(told).toEqual(['update lamp: confirmed']);
  });
});
