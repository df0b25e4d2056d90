/** Tells an address that the owner has named of what a person would want to know, as JSON by POST. */
import type { Clock, Http } from '#machine/index.ts';
import { seconds, ascii as utf8 } from '#values/index.ts';

/** `notify` and `event`: a device's own words. `update`: one has ended. */
export interface News {
  readonly kind: 'notify' | 'event' | 'offline' | 'flapping' | 'update';
  readonly device: { readonly id: string; readonly name: string };
  readonly text: string;
  readonly update?: {
    readonly id: string;
    readonly state: string;
    readonly firmware: string;
    readonly build?: string | undefined;
    readonly code?: string | undefined;
  };
}

export interface Webhook {
  tell(news: News): void;
  close(): void;
}

const mostWaiting = 200;
const patience = seconds(10);
/** Between the tries of one message; after the last it is dropped. */
const pauses = [seconds(2), seconds(20)];
const longestAnswer = 65_536;

export interface WebhookSetting {
  readonly http: Http;
  readonly clock: Clock;
  /** Where to; undefined: nobody wants to know. Asked for each message, for it may have been changed. */
  url(): Promise<string | undefined>;
  trouble(what: string): void;
}

/** One message after the other, in order; when it can't keep up the oldest are dropped. */
export function openWebhook({ http, clock, url, trouble }: WebhookSetting): Webhook {
  const closing = new AbortController();
  let waiting: (News & { readonly at: number })[] = [];
  let sending = false;

  const send = async (news: News): Promise<void> => {
    for (const pause of [undefined, ...pauses]) {
      if (pause !== undefined) await clock.sleep(pause, 'webhook', closing.signal);
      const to = closing.signal.aborted ? undefined : await url();
      if (to === undefined) return;
      const headers = { 'content-type': 'application/json', 'user-agent': 'whyota' };
      const body = utf8(JSON.stringify(news));
      const answer = await http.request(to, {
        method: 'POST',
        headers,
        body,
        timeout: patience,
        maxBytes: longestAnswer,
      });
      if (answer && answer.status < 400) return;
      // What it does not want it will not want a second time.
      if (answer && answer.status < 500 && answer.status !== 429)
        return trouble(`the webhook answered ${answer.status}`);
    }
    trouble('the webhook does not answer');
  };
  const sendAll = async (): Promise<void> => {
    sending = true;
    for (let next = waiting.shift(); next && !closing.signal.aborted; next = waiting.shift())
      await send(next).catch((error: unknown) =>
        trouble(`the webhook: ${error instanceof Error ? error.message : error}`),
      );
    sending = false;
  };

  return {
    tell(news) {
      if (closing.signal.aborted) return;
      if (waiting.length >= mostWaiting) {
        trouble(`the webhook is slow: ${waiting.length} messages were dropped`);
        waiting = [];
      }
      waiting.push({ ...news, at: clock.wall() });
      if (!sending) void sendAll();
    },
    close() {
      closing.abort();
      waiting = [];
    },
  };
}
