/** whyota hub: the server that sees the boards, until Ctrl-C. */
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Hub, openHub, StoreTrouble } from '#hub/index.ts';
import { commands, environment, http, speedUpWhenBusy } from '#node/index.ts';
import type { Problem } from '#values/index.ts';
import { done, type Ending, type Setting, usage } from './command.ts';
import { version } from './version.ts';
import { hostWorld } from './world.ts';

type Options = Record<string, unknown>;

export const hubFolder = ({ data }: Options): string =>
  typeof data === 'string' ? resolve(data) : join(environment.dataFolder, 'hub');

export async function hub(_words: readonly string[], options: Options, { desk, signal }: Setting): Promise<Ending> {
  if (options['install'] === true || options['uninstall'] === true)
    return (await import('./hub-service.ts')).serviceOfHub(options, { desk, signal });
  const place = placeOf(options);
  if ('exit' in place) return place;
  const tls = await tlsOf(options, place.address);
  if (tls && 'exit' in tls) return tls;
  const data = hubFolder(options);
  let opened: Hub;
  try {
    opened = await openHub({
      version,
      data,
      ...place,
      tls,
      world: hostWorld(),
      host: { commands, environment },
      http,
      resetOwner: options['resetOwner'] === true,
      discovery: options['discovery'] !== false,
      rescue: options['rescue'] === true,
      outside: addresses(place.address)[0],
      rescued: (address) => tellRescued(desk, address),
      trouble: (error) =>
        desk.note(`hub: ${error instanceof Error ? (desk.verbose ? error.stack : error.message) : error}`),
    });
  } catch (error) {
    return notStarted(error, place, data);
  }
  const scheme = tls ? 'https' : 'http';
  const urls = addresses(place.address).map((address) => `${scheme}://${address}:${opened.port}`);
  desk.say(`the hub runs: ${urls.join('  ')}`);
  desk.note(`its data is in ${data}`);
  if (!opened.console) desk.note('the console is not built in this checkout: npm run build:console');
  const ownerLink = opened.ownerPath === undefined ? undefined : `${urls[0]}${opened.ownerPath}`;
  if (ownerLink) {
    desk.say(`open this once, to make your account: ${ownerLink}`);
    desk.note('whoever opens it first owns the hub');
  }
  if (!tls && !isOwnMachine(place.address)) desk.warn(plainText);
  const fingerprint =
    tls && options['tlsSelfSigned'] === true ? new X509Certificate(tls.cert).fingerprint256 : undefined;
  if (fingerprint) desk.note(`its certificate has the SHA-256 fingerprint ${fingerprint}`);
  for (const problem of opened.problems) desk.warn(problem);
  for (const { what, port } of opened.listening) desk.detail(`also on port ${port}: ${what}`);
  if (options['rescue'] === true) tellRescue(desk, addresses(place.address)[0]!, opened);
  desk.note('Ctrl-C ends it');
  desk.event({
    type: 'ready',
    urls,
    port: opened.port,
    data,
    ...(ownerLink ? { ownerLink } : {}),
    ...(fingerprint ? { fingerprint } : {}),
  });
  const busy = speedUpWhenBusy();
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  busy.stop();
  await opened.close();
  return done;
}

/** What a person must do, once, so that boards which wait for the dead cloud find this hub. */
function tellRescue(desk: Setting['desk'], address: string, { listening }: Hub): void {
  desk.say(
    'rescue: boards that wait for the old Blynk cloud are taken in as soon as they find this hub. Give your router or',
  );
  desk.say('Pi-hole these names (in dnsmasq one line each, in Pi-hole under Local DNS):');
  for (const name of ['blynk-cloud.com', 'cloud.blynk.cc']) desk.say(`  address=/${name}/${address}`);
  if (listening.some(({ what }) => what.startsWith('name server')))
    desk.say(`or let the router name ${address} as DNS server: this hub answers these names and blynk.cloud`);
  desk.say('blynk.cloud still runs: lead its name here only if no board of yours works with it');
  desk.say('each board that comes is named here and in the console; flash it then with a sketch that does not wait');
}

function tellRescued(desk: Setting['desk'], address: string): void {
  desk.say(`rescued: the board at ${address} runs its loop again. Flash it now, in the console, or with`);
  desk.say(`  whyota flash <firmware.bin> --to ${address}`);
  desk.event({ type: 'rescued', address });
}

const isOwnMachine = (address: string): boolean => /^127\.|^::1$|^localhost$/.test(address);

/** --listen [address][:port] */
function placeOf({ listen = '0.0.0.0:8080' }: Options): { address: string; port: number } | Ending {
  const [, address, digits] = /^(\[[0-9a-f:.]+\]|[^:\s]*)(?::(\d{1,5}))?$/i.exec(String(listen)) ?? [];
  const port = Number(digits ?? 8080);
  if (address === undefined || port > 65_535)
    return usage(`"${listen}" is not a place to listen on`, 'as in --listen 192.168.1.5:8080, or --listen :8090');
  return { address: address.replace(/^\[|\]$/g, '') || '0.0.0.0', port };
}

async function tlsOf(options: Options, address: string): Promise<{ cert: string; key: string } | Ending | undefined> {
  const { tlsCert, tlsKey, tlsSelfSigned } = options;
  if (tlsSelfSigned === true) {
    const { selfSigned } = await import('./self-signed.ts');
    return selfSigned(hubFolder(options), addresses(address));
  }
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (typeof tlsCert !== 'string' || typeof tlsKey !== 'string')
    return usage('half of what TLS needs', 'give both --tls-cert and --tls-key (PEM files), or --tls-self-signed');
  try {
    return { cert: await readFile(tlsCert, 'utf8'), key: await readFile(tlsKey, 'utf8') };
  } catch (error) {
    return usage("can't read the certificate or its key", `check path and permissions: ${(error as Error).message}`);
  }
}

/** Where browsers and boards find a hub that listens there. */
function addresses(address: string): readonly string[] {
  if (address !== '0.0.0.0' && address !== '::') return [address.includes(':') ? `[${address}]` : address];
  const outside = hostWorld()
    .routes.interfaces()
    .filter(({ loopback, family }) => !loopback && family === 4)
    .map((each) => each.address);
  return outside.length ? outside : ['127.0.0.1'];
}

function notStarted(error: unknown, { address, port }: { address: string; port: number }, data: string): Ending {
  if (error instanceof StoreTrouble) return { exit: 1, problem: error.problem };
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL')
    return { exit: 1, problem: cannotListen(`${address}:${port}`, message) };
  return { exit: 1, problem: cannotStart(data.replace(homedir(), '~'), message) };
}

const cannotListen = (place: string, detail: string): Problem => ({
  code: 'hub-listen-failed',
  what: `the hub can't listen on ${place}`,
  why: `another program has that port, perhaps another hub, or the address is not this computer's: the system said ${detail}`,
  fix: 'end that program, or choose another place: --listen :8090',
  blame: 'person',
});
const cannotStart = (data: string, detail: string): Problem => ({
  code: 'hub-not-started',
  what: `the hub could not start with its data in ${data}`,
  why: detail,
  fix: 'see whether that folder can be written to, or give another with --data',
  blame: 'person',
});
const plainText: Problem = {
  code: 'hub-without-tls',
  what: 'the hub listens on the network without TLS',
  why: 'passwords, tokens and pin values can be read by everybody on the way',
  fix: 'fine in a home that you trust; else --tls-self-signed, --tls-cert and --tls-key, or --listen 127.0.0.1 behind a proxy',
};
