/** The hubs that this user has logged in to: where they are and the token for each, kept 0600 in the user's config. */
import { join } from 'node:path';
import { resolve } from '#discovery/index.ts';
import type { Secrets } from '#machine/index.ts';
import { environment, files, secretsIn } from '#node/index.ts';
import { type Problem, type Result, Secret } from '#values/index.ts';
import { type HubClient, type HubPlace, hubClient, parseHub } from './hub-client.ts';
import { hostWorld } from './world.ts';

interface Kept {
  readonly secure: boolean;
  readonly fingerprint?: string;
  readonly token: string;
}

export const hostHubs = (): Secrets => secretsIn(files, join(environment.configFolder, 'hubs.json'));

const nameOf = ({ host, port }: Pick<HubPlace, 'host' | 'port'>): string => `${host}:${port}`;

export const keepHub = (place: HubPlace, token: Secret): Promise<void> => {
  const { secure, fingerprint } = place;
  const kept: Kept = { secure, token: token.reveal(), ...(fingerprint === undefined ? {} : { fingerprint }) };
  return hostHubs().set(nameOf(place), new Secret(JSON.stringify(kept)));
};

export const forgetHub = (place: Pick<HubPlace, 'host' | 'port'>): Promise<boolean> => hostHubs().remove(nameOf(place));

/** A hub that one has logged in to. */
export async function knownHub(typed: string): Promise<Result<HubClient>> {
  const parsed = parseHub(typed);
  const kept = parsed && (await hostHubs().get(nameOf(parsed)));
  if (!parsed || !kept) return { ok: false, problem: notLoggedIn(typed) };
  const { secure, fingerprint, token } = JSON.parse(kept.reveal()) as Kept;
  const place = { ...parsed, address: await addressOf(parsed.host), secure, fingerprint };
  return { ok: true, value: hubClient(place, new Secret(token)) };
}

/** Names of the link (`hub.local`) are asked by mDNS too: not every system can. Undefined: left to the system. */
export async function addressOf(host: string): Promise<string | undefined> {
  if (!host.endsWith('.local')) return undefined;
  const world = hostWorld();
  const [known] = await world.dns.lookup(host);
  if (known !== undefined) return known;
  const found = await resolve(world, host);
  return found.ok ? found.value.endpoints[0]?.address : undefined;
}

const notLoggedIn = (typed: string): Problem => ({
  code: 'hub-login-missing',
  what: `you have not logged in to ${typed}`,
  why: 'the command line needs a token of the hub',
  fix: `run \`whyota login ${typed}\` once; if you meant a minimal firmware, name its .bin file`,
  blame: 'person',
});
