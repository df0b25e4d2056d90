/** Calls of the hub's HTTP API, typed by its routes. */
import type { Static, TSchema } from 'typebox';
import type { Me, ProblemBody, RouteName, routes } from '#hub/contract/index.ts';

type Routes = typeof routes;
type Of<R extends RouteName, K extends string> = Routes[R] extends { readonly [key in K]: infer S extends TSchema }
  ? Static<S>
  : never;
export type Answer<R extends RouteName> = [Of<R, 'answer'>] extends [never] ? undefined : Of<R, 'answer'>;

type Field<K extends string, V> = [V] extends [never] ? unknown : { readonly [key in K]: V };
type Input<R extends RouteName> = Field<'params', Of<R, 'params'>> &
  ([Of<R, 'query'>] extends [never] ? unknown : { readonly query?: Of<R, 'query'> }) &
  Field<'body', Of<R, 'body'>> &
  (Routes[R] extends { readonly file: true } ? { readonly file: Blob } : unknown);

/** The hub said no, or could not be reached. */
export class Refused extends Error {
  readonly status: number;
  readonly problem: ProblemBody;
  constructor(status: number, problem: ProblemBody) {
    super(problem.what);
    this.status = status;
    this.problem = problem;
  }
}

let csrf: string | undefined;

/** What the session gave us to send back with every change. */
export function remember(me: Me): Me {
  csrf = me.csrf;
  return me;
}

interface Parts {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly file?: Blob;
  readonly signal?: AbortSignal;
}

export async function call<R extends RouteName>(
  route: R,
  input: Input<R> & { readonly signal?: AbortSignal },
): Promise<Answer<R>> {
  const { params = {}, query = {}, body, file, signal } = input as Parts;
  const [method = 'GET', path = ''] = route.split(' ');
  const words = new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
  const url = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  const headers: Record<string, string> = {
    ...(file ? { 'content-type': 'application/octet-stream' } : {}),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...(csrf && method !== 'GET' ? { 'x-csrf': csrf } : {}),
  };
  const response = await fetch(words.size ? `${url}?${words}` : url, {
    method,
    headers,
    ...(file ? { body: file } : body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new Refused(0, notReached);
  });
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => undefined);
  if (response.ok) return answer as Answer<R>;
  throw new Refused(response.status, isProblem(answer) ? answer : noWords(response.status));
}

const isProblem = (value: unknown): value is ProblemBody =>
  typeof value === 'object' && value !== null && 'what' in value && 'fix' in value;

const notReached: ProblemBody = {
  code: 'hub-not-reached',
  what: 'the hub does not answer',
  why: 'it was stopped, or this computer has left its network',
  fix: 'see whether `whyota hub` still runs; this page goes on by itself when it answers again',
};

const noWords = (status: number): ProblemBody => ({
  code: 'hub-answer',
  what: `the hub answered ${status}`,
  why: 'what stands between here and the hub may have answered in its place',
  fix: 'load the page again; if it stays so, look at the log of `whyota hub`',
});
