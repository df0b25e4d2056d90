/** A hub in this process: real HTTP on loopback, a data folder of its own, an owner, and tokens of every scope. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Scope, scopes } from '#hub/contract/index.ts';
import { type Hub, type HubSetting, openHub } from '#hub/index.ts';
import { realWorld } from '#node/index.ts';

export const owner = { name: 'ann', password: 'correct horse' };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at field by field
  readonly body: any;
}

export interface Asking {
  readonly token?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface TestHub {
  readonly hub: Hub;
  readonly url: string;
  readonly data: string;
  readonly troubles: readonly unknown[];
  close(): Promise<void>;
  readonly tokens: Readonly<Record<Scope, string>>;
  /** Headers of the owner's session. */
  readonly session: Readonly<Record<'cookie' | 'x-csrf', string>>;
  ask(route: string, asking?: Asking): Promise<Answer>;
  /** The same with a token of scope admin. */
  admin(route: string, body?: unknown): Promise<Answer>;
}

export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'whyota-hub-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** Starts a hub that is closed after the test; without an owner. */
export async function emptyHub(address: string, more: Partial<HubSetting> = {}) {
  const data = more.data ?? folder();
  const troubles: unknown[] = [];
  const setting: HubSetting = {
    version: '0.0.0',
    data,
    address,
    port: 0,
    world: realWorld(),
    discovery: false,
    limits: { requests: 1_000_000, logins: 1_000_000 },
    trouble: (error) => troubles.push(error),
    ...more,
  };
  const hub = await openHub(setting);
  let closed = false;
  const close = async (): Promise<void> => {
    if (!closed) await hub.close();
    closed = true;
  };
  onTestFinished(close);
  const url = `http://${address}:${hub.port}`;
  return { hub, url, data, troubles, ask: asker(url), close };
}

export async function ownedHub(address: string, more: Partial<HubSetting> = {}): Promise<TestHub> {
  const { hub, url, data, troubles, ask, close } = await emptyHub(address, more);
  const link = hub.ownerPath!.split('/').at(-1);
  const made = await ask('POST /api/owner', { body: { link, ...owner } });
  const session = sessionOf(made);
  const tokens = {} as Record<Scope, string>;
  for (const scope of scopes)
    tokens[scope] = (await ask('POST /api/tokens', { headers: session, body: { name: scope, scope } })).body.token;
  return { hub, url, data, troubles, close, tokens, session, ask, admin: (route, body) => ask(route, { token: tokens.admin, body }) };
}

export const sessionOf = ({ headers, body }: Answer): Record<'cookie' | 'x-csrf', string> => ({
  cookie: headers.get('set-cookie')!.split(';')[0]!,
  'x-csrf': body.csrf,
});

export const asker =
  (url: string) =>
  async (route: string, { token, body, headers = {} }: Asking = {}): Promise<Answer> => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const bytes = body instanceof Uint8Array;
    const answer = await fetch(url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': bytes ? 'application/octet-stream' : 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: bytes || typeof body === 'string' ? (body as string) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = answer.headers.get('content-type')?.startsWith('application/json');
    return { status: answer.status, headers: answer.headers, body: json && text ? JSON.parse(text) : text || undefined };
  };
