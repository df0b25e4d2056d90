/** whyota login: a token of a hub for this command line. The password is used once and not kept. */
import { hostname } from 'node:os';
import { isLoopback } from '#discovery/index.ts';
import type { Me, Scope } from '#hub/contract/index.ts';
import { type Problem, type Result, Secret } from '#values/index.ts';
import { done, type Ending, interrupted, type Setting, usage } from './command.ts';
import { type HubClient, type HubPlace, hubClient, parseHub, urlOf } from './hub-client.ts';
import { addressOf, forgetHub, keepHub } from './hubs.ts';
import { readInput } from './input.ts';
import { askPassword, givenPassword } from './password.ts';

type Options = Record<string, unknown>;

export async function login([typed = '']: readonly string[], options: Options, setting: Setting): Promise<Ending> {
  const { desk } = setting;
  const parsed = parseHub(typed);
  if (!parsed)
    return usage(
      `"${typed}" is not where a hub can be`,
      'name it as in hub.local, 192.168.1.5:8080 or https://hub.local',
    );
  if (options['forget'] === true) {
    if (!(await forgetHub(parsed))) return usage(`you have not logged in to ${typed}`, 'nothing is to be forgotten');
    desk.say(`forgot ${typed}; its token goes on until it is ended in the settings of the console`);
    return done;
  }
  const where = { ...parsed, address: await addressOf(parsed.host) };
  let found = await findHub(where, parsed.secure, options['fingerprint']);
  if (!found.ok && found.problem.code === 'hub-certificate-unknown' && desk.interactive) {
    const [fingerprint] = found.problem.details ?? [];
    if (await isTheHubs(fingerprint)) found = await findHub(where, parsed.secure, fingerprint);
  }
  if (!found.ok) return { exit: 1, problem: found.problem };
  const { place } = found.value;
  if (!place.secure && !isLoopback(place.address ?? place.host) && place.host !== 'localhost')
    desk.warn(readable(place));

  const token = await tokenOf(found.value, options, setting);
  if ('exit' in token) return token;
  const me = await hubClient(place, token).ask<Me>('GET /api/session');
  if (!me.ok) return { exit: 1, problem: me.problem };
  await keepHub(place, token);
  desk.say(`logged in to ${urlOf(place)}; this computer may: ${may[me.value.scope]}`);
  return { ...done, more: { hub: urlOf(place), scope: me.value.scope } };
}

const may: Record<Scope, string> = {
  read: 'look',
  control: 'look, move pins and restart devices',
  flash: 'look, move pins and flash devices',
  admin: 'do everything',
};

/** Where nobody says whether it is TLS, that is asked for first: a hub that has it is not spoken to without. */
async function findHub(
  place: Omit<HubPlace, 'secure'>,
  secure: boolean | undefined,
  fingerprint: unknown,
): Promise<Result<HubClient>> {
  const known = typeof fingerprint === 'string' ? { fingerprint: fingerprint.toUpperCase() } : {};
  for (const tls of [true, false]) {
    if (secure === !tls) continue;
    const client = hubClient({ ...place, ...known, secure: tls });
    const status = await client.ask<{ product?: string }>('GET /api/status');
    if (status.ok && status.value?.product === 'whyota') return { ok: true, value: client };
    const problem = status.ok ? notOurs(client.place) : status.problem;
    const last = !tls || secure === true || fingerprint !== undefined;
    if (last || problem.code !== 'hub-not-reached') return { ok: false, problem };
  }
  throw new Error('neither with TLS nor without');
}

async function tokenOf(client: HubClient, options: Options, { desk, signal }: Setting): Promise<Secret | Ending> {
  if (typeof options['token'] === 'string') return new Secret(options['token']);
  if (typeof options['tokenFile'] === 'string') {
    const input = await readInput(options['tokenFile'] === '-' ? '/dev/stdin' : options['tokenFile']);
    if ('exit' in input) return input;
    return new Secret(new TextDecoder().decode(input.bytes).trim());
  }
  const name = typeof options['user'] === 'string' ? options['user'] : desk.interactive ? await askName() : undefined;
  const given = await givenPassword(options);
  if ('exit' in given) return given;
  const password =
    given.secret ?? (desk.interactive && name !== undefined ? await askPassword(`Password of ${name}`) : undefined);
  if (signal.aborted) return interrupted;
  if (name === undefined || !password)
    return usage(
      'nobody can be asked for name and password here',
      'make a token in the settings of the console and give --token-file (- for standard input)',
    );
  return exchange(client, name, password, (options['scope'] as Scope | undefined) ?? 'flash');
}

/** Name and password for a token, and the end of the session that it takes. */
async function exchange(client: HubClient, name: string, password: Secret, scope: Scope): Promise<Secret | Ending> {
  const session = await client.askWhole<Me>('POST /api/session', { name, password: password.reveal() });
  if (!session.ok) return { exit: 1, problem: session.problem };
  const { value, headers } = session.value;
  const cookie = (headers['set-cookie'] ?? '').split(';')[0]!;
  const mine = { cookie, 'x-csrf': value.csrf ?? '' };
  const made = await client.askWhole<{ token: string }>(
    'POST /api/tokens',
    { name: `${hostname()} command line`.slice(0, 64), scope },
    mine,
  );
  await client.askWhole('DELETE /api/session', undefined, mine);
  return made.ok ? new Secret(made.value.value.token) : { exit: 1, problem: made.problem };
}

async function isTheHubs(fingerprint: string | undefined): Promise<boolean> {
  const { confirm } = await import('@clack/prompts');
  const message = `The hub made its certificate itself. Does it print this fingerprint?\n${fingerprint}`;
  return (await confirm({ message, initialValue: false })) === true;
}

async function askName(): Promise<string | undefined> {
  const { text, isCancel } = await import('@clack/prompts');
  const answer = await text({ message: "Name of the hub's owner" });
  return isCancel(answer) || !answer ? undefined : answer;
}

const notOurs = (place: HubPlace): Problem => ({
  code: 'hub-not-reached',
  what: `no hub answers at ${urlOf(place)}`,
  why: 'something else does',
  fix: 'look at the address that `whyota hub` prints when it starts',
  blame: 'person',
});
const readable = (place: HubPlace): Problem => ({
  code: 'hub-without-tls',
  what: `the way to ${place.host} is not encrypted`,
  why: 'password and token can be read by whoever listens on the network between here and there',
  fix: 'start the hub with --tls-self-signed, or with --tls-cert and --tls-key',
});
