/** Asks a hub over its HTTP API. A hub whose certificate nobody vouches for is known by the fingerprint that it had when one
 *  logged in; nothing is sent before that is checked. */
import { type IncomingMessage, request } from 'node:http';
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ProblemBody } from '#hub/contract/index.ts';
import { isProblem, type Problem, type Result, type Secret } from '#values/index.ts';

export const hubPort = 8080;
const patience = 15_000;
/** A hub sends a comment every quarter of a minute to those who listen. */
const silence = 60_000;
const largestAnswer = 64 * 1024 * 1024;

export interface HubPlace {
  readonly secure: boolean;
  readonly host: string;
  /** Where the host's name led, when the system itself can't look it up. */
  readonly address?: string | undefined;
  readonly port: number;
  /** SHA-256 of its certificate, where no authority vouches for it. */
  readonly fingerprint?: string | undefined;
}

export type Headers = Readonly<Record<string, string>>;

export interface HubClient {
  readonly place: HubPlace;
  /** `GET /api/status`; a body goes as JSON, bytes as they are. */
  ask<T>(route: string, body?: unknown): Promise<Result<T>>;
  /** The same, with what came in the headers. */
  askWhole<T>(route: string, body?: unknown, headers?: Headers): Promise<Result<{ value: T; headers: Headers }>>;
  /** Tells each event; resolves when the signal is aborted or the hub is not heard any more. */
  listen(heard: (kind: string, data: unknown) => void, signal: AbortSignal): Promise<void>;
}

export const urlOf = ({ secure, host, port }: HubPlace): string =>
  `${secure ? 'https' : 'http'}://${isIP(host) === 6 ? `[${host}]` : host}:${port}`;

/** `hub.local`, `hub.local:8443`, `https://hub.local`, `[fe80::1]:8080`. `secure` where the words say so. */
export function parseHub(typed: string): { host: string; port: number; secure?: boolean } | undefined {
  const [, scheme, rest = ''] = /^(?:(https?):\/\/)?(.+?)\/?$/i.exec(typed.trim()) ?? [];
  const url = URL.parse(`hub://${isIP(rest) === 6 ? `[${rest}]` : rest}`);
  if (!url?.hostname || url.pathname || url.username || url.search || url.hash) return undefined;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase(),
    port: url.port ? Number(url.port) : hubPort,
    ...(scheme ? { secure: scheme.toLowerCase() === 'https' } : {}),
  };
}

export function hubClient(place: HubPlace, token?: Secret): HubClient {
  const login: Headers = token ? { authorization: `Bearer ${token.reveal()}` } : {};

  const open = async (route: string, body: unknown, more: Headers = {}): Promise<IncomingMessage> => {
    const [method = 'GET', path = '/'] = route.split(' ');
    const bytes =
      body instanceof Uint8Array ? body : body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const socket = await connect(place);
    return new Promise((resolve, reject) => {
      const asked = request({
        createConnection: () => socket,
        host: place.host,
        port: place.port,
        method,
        path,
        headers: {
          ...login,
          ...more,
          ...(bytes && {
            'content-type': body instanceof Uint8Array ? 'application/octet-stream' : 'application/json',
            'content-length': bytes.length,
          }),
          connection: 'close',
        },
      });
      asked.on('error', reject);
      asked.on('response', resolve);
      // The hub looks at a large image for a while before it answers.
      asked.setTimeout(silence, () => asked.destroy(new Error('no answer in time')));
      asked.end(bytes);
    });
  };

  const askWhole: HubClient['askWhole'] = async <T>(route: string, body?: unknown, headers?: Headers) => {
    try {
      const answer = await open(route, body, headers);
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of answer as AsyncIterable<Buffer>) {
        size += part.length;
        if (size > largestAnswer) throw new Error('the answer is too large');
        parts.push(part);
      }
      const value: unknown = size === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString());
      const status = answer.statusCode ?? 0;
      if (status >= 400 || status < 200)
        return { ok: false, problem: isProblem(value) ? problemOf(value) : noHub(place, `it answered ${status}`) };
      const said = Object.entries(answer.headers).map(([name, word]) => [name, String(word)] as const);
      return { ok: true, value: { value: value as T, headers: Object.fromEntries(said) } };
    } catch (error) {
      return { ok: false, problem: problemOfTrouble(place, error) };
    }
  };

  return {
    place,
    askWhole,
    async ask<T>(route: string, body?: unknown) {
      const answer = await askWhole<T>(route, body);
      return answer.ok ? { ok: true, value: answer.value.value } : answer;
    },
    async listen(heard, signal) {
      const answer = await open('GET /api/events', undefined, { accept: 'text/event-stream' }).catch(() => undefined);
      if (answer?.statusCode !== 200 || signal.aborted) return void answer?.destroy();
      const stop = (): void => void answer.destroy();
      signal.addEventListener('abort', stop, { once: true });
      try {
        answer.setEncoding('utf8');
        let rest = '';
        for await (const text of answer as AsyncIterable<string>) {
          const events = (rest + text).split('\n\n');
          rest = events.pop()!.slice(-largestAnswer);
          for (const event of events) {
            const [, kind, data] = /^event: (.*)\ndata: (.*)$/m.exec(event) ?? [];
            if (kind !== undefined) heard(kind, JSON.parse(data!));
          }
        }
      } catch {
        // Whoever listens asks again.
      } finally {
        signal.removeEventListener('abort', stop);
      }
    },
  };
}

class OtherCertificate extends Error {}
class NobodyVouches extends Error {
  readonly fingerprint: string;
  constructor(fingerprint: string) {
    super('no authority vouches for its certificate');
    this.fingerprint = fingerprint;
  }
}

/** A socket to the hub, after its certificate has been checked. */
function connect({ secure, host, address, port, fingerprint }: HubPlace): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const to = { host: address ?? host, port, timeout: patience };
    const named = isIP(host) ? {} : { servername: host };
    const socket = secure ? connectTls({ ...to, ...named, rejectUnauthorized: false }) : connectPlain(to);
    socket.once('error', reject);
    socket.once('timeout', () => socket.destroy(new Error('no answer in time')));
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.removeListener('error', reject);
      socket.setTimeout(0);
      if (!('authorized' in socket)) return resolve(socket);
      const { fingerprint256 } = socket.getPeerCertificate();
      if (fingerprint !== undefined ? fingerprint256 === fingerprint : socket.authorized) return resolve(socket);
      socket.destroy();
      reject(fingerprint === undefined ? new NobodyVouches(fingerprint256) : new OtherCertificate());
    });
  });
}

const problemOf = ({ code, what, why, fix }: ProblemBody | Problem): Problem => ({ code, what, why, fix });

function problemOfTrouble(place: HubPlace, error: unknown): Problem {
  if (error instanceof NobodyVouches)
    return {
      code: 'hub-certificate-unknown',
      what: `no authority vouches for the certificate of ${place.host}`,
      why: 'a certificate that the hub made itself is known only by its fingerprint, which the hub prints when it starts',
      fix: 'compare; if it is the same, log in with --fingerprint and these letters',
      details: [error.fingerprint],
      blame: 'person',
    };
  if (error instanceof OtherCertificate)
    return {
      code: 'hub-certificate-changed',
      what: `${place.host} shows another certificate than when you logged in`,
      why: 'the hub got a new one, or something else answers in its place',
      fix: 'if the hub got a new one, log in again; nothing was sent',
      blame: 'network',
    };
  return noHub(
    place,
    error instanceof Error ? error.message || (error as NodeJS.ErrnoException).code || 'no answer' : 'no answer',
  );
}

const noHub = (place: HubPlace, detail: string): Problem => ({
  code: 'hub-not-reached',
  what: `no hub answers at ${urlOf(place)}`,
  why: `it does not run, or stands elsewhere: ${detail}`,
  fix: 'look at the address that `whyota hub` prints when it starts',
  blame: 'network',
});
