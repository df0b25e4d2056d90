/** whyota serve: an image for boards that look for their update themselves (ESP8266httpUpdate, HTTPUpdate). */
import { readFile } from 'node:fs/promises';
import { familyOf, type Identified, identify, innerSketch } from '#firmware/index.ts';
import type { WebReply, WebRequest } from '#machine/index.ts';
import { web } from '#node/index.ts';
import { answerPull, credentials, type Offer, type PullAnswer, type PullRequest } from '#protocols/http-pull/index.ts';
import { formatNumber, md5Hex, type Problem } from '#values/index.ts';
import { done, type Ending, type Setting, usage } from './command.ts';
import { type InputFile, readInput } from './input.ts';
import { givenPassword } from './password.ts';
import { hostWorld } from './world.ts';

type Options = Record<string, unknown>;

export async function serve([path = '']: readonly string[], options: Options, setting: Setting): Promise<Ending> {
  const { desk, signal } = setting;
  const input = await readInput(path);
  if ('exit' in input) return input;
  const image = identify(input.bytes, input.name);
  const offer = offerOf(input, image, options);
  if ('exit' in offer) return offer;
  const wanted = await wantedCredentials(options);
  if ('exit' in wanted) return wanted;
  const tls = await certificate(options);
  if (tls && 'exit' in tls) return tls;

  const { promise: served, resolve: enough } = Promise.withResolvers<void>();
  const answer = (request: WebRequest): WebReply => {
    const given = answerPull(request, [offer], wanted.digest);
    const { status, headers, outcome, text } = given;
    tell(given, request.from, setting);
    if (outcome !== 'update' || request.method === 'HEAD') return { status, headers, ...(text ? { body: text } : {}) };
    return {
      status,
      headers,
      body: input.bytes,
      ended: (whole) => {
        desk.say(`${request.from}  ${whole ? 'has been sent all of it' : 'broke off before it had all'}`);
        desk.event({ type: 'sent', from: request.from, mac: given.request?.mac, whole });
        if (whole && options['once'] === true) enough();
      },
    };
  };

  const address = String(options['hostAddress'] ?? '0.0.0.0');
  const port = Number(options['port']);
  const server = await web.listen({ address, port, ...(tls ? { tls } : {}) }, answer);
  if ('kind' in server) return { exit: 1, problem: cannotListen(address, port, server.detail) };
  const url = `${tls ? 'https' : 'http'}://${reachable(address)}:${server.port}/`;
  desk.say(`${input.name} (${image.what}) is at ${url}`);
  desk.note(`in the sketch: ${sketchLine(offer.family, url, tls !== undefined)}`);
  if (wanted.digest && !tls)
    desk.note('the password travels readable: use --tls-cert and --tls-key beyond your own network');
  desk.note('Ctrl-C ends it');
  desk.event({ type: 'ready', url, port: server.port, bytes: offer.bytes, md5: offer.md5 });

  signal.addEventListener('abort', () => enough(), { once: true });
  if (signal.aborted) enough();
  await served;
  await server.close();
  return done;
}

function offerOf({ name, bytes }: InputFile, image: Identified, options: Options): Offer | Ending {
  if (image.kind === 'wrong') return { exit: 3, problem: image.problem };
  const filesystem = options['filesystem'] === true;
  if (filesystem !== (image.kind === 'filesystem'))
    return usage(
      `${name} is ${image.what}`,
      filesystem ? 'leave out --filesystem, or name the file-system image' : 'give --filesystem with it',
    );
  const family = familyOf(image);
  if (family === 'rp2040') return { exit: 3, problem: notPulled };
  const inner = innerSketch(bytes, image);
  return {
    id: name,
    bytes: bytes.length,
    md5: md5Hex(bytes),
    mode: filesystem ? 'filesystem' : 'sketch',
    ...(inner ? { innerMd5: md5Hex(inner) } : {}),
    ...(family ? { family } : {}),
    ...(typeof options['offerVersion'] === 'string' ? { version: options['offerVersion'] } : {}),
  };
}

async function wantedCredentials(options: Options): Promise<{ readonly digest: string | undefined } | Ending> {
  if (typeof options['user'] !== 'string') {
    if (options['password'] !== undefined || options['passwordFile'] !== undefined)
      return usage('a password without a user', 'give --user too: the sketch names both in setAuthorization()');
    return { digest: undefined };
  }
  const given = await givenPassword(options, process.stdin.isTTY ? `Password of ${options['user']}` : undefined);
  if ('exit' in given) return given;
  if (!given.secret) return usage('--user without a password', 'give --password-file (- for standard input)');
  return { digest: credentials(options['user'], given.secret.reveal()) };
}

async function certificate({ tlsCert, tlsKey }: Options): Promise<{ cert: string; key: string } | Ending | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (typeof tlsCert !== 'string' || typeof tlsKey !== 'string')
    return usage('half of what TLS needs', 'give both --tls-cert and --tls-key (PEM files)');
  try {
    return { cert: await readFile(tlsCert, 'utf8'), key: await readFile(tlsKey, 'utf8') };
  } catch (error) {
    return usage(
      "can't read the certificate or its key",
      `check the path and permissions: ${(error as Error).message}`,
    );
  }
}

/** One line for each who asks: who, what it runs, what it got. */
function tell({ outcome, request, status }: PullAnswer, from: string, { desk }: Setting): void {
  desk.say(`${from}  ${request ? aboutBoard(request) : 'is no board'}: ${words[outcome]}`);
  desk.event({ type: 'asked', from, status, outcome, ...request });
}

const words: Record<PullAnswer['outcome'], string> = {
  update: 'gets it',
  current: 'runs it already',
  'not-a-board': 'turned away',
  'not-for-it': 'asks for something else (a sketch or a file system)',
  'wrong-family': 'the file is for another chip',
  'too-large': 'has not the space for it and will say so',
  unauthorized: 'user name or password wrong or missing',
  'wrong-method': 'asked in a way that no board does',
};

const aboutBoard = ({ family, mac, version, sketchBytes, freeSpace }: PullRequest): string =>
  [
    `${family.toUpperCase()} ${mac ?? 'without a MAC'}`,
    version === undefined ? undefined : `version ${version}`,
    sketchBytes === undefined ? undefined : `runs ${formatNumber(sketchBytes)} bytes`,
    freeSpace === undefined ? undefined : `${formatNumber(freeSpace)} free`,
  ]
    .filter(Boolean)
    .join(', ');

/** This host's address as boards can call it. */
function reachable(address: string): string {
  if (address !== '0.0.0.0') return address;
  const outside = hostWorld()
    .routes.interfaces()
    .find(({ loopback, family }) => !loopback && family === 4);
  return outside?.address ?? '127.0.0.1';
}

const sketchLine = (family: Offer['family'], url: string, tls: boolean): string =>
  `${tls ? 'WiFiClientSecure' : 'WiFiClient'} client; ${family === 'esp32' ? 'httpUpdate' : 'ESPhttpUpdate'}.update(client, "${url}");`;

const notPulled: Problem = {
  code: 'serve-not-pulled',
  what: 'an RP2040 does not get its updates here',
  why: 'only the update clients of ESP8266 and ESP32 are known to WhyOTA',
  fix: 'send it with `whyota flash`',
  blame: 'person',
};

const cannotListen = (address: string, port: number, detail: string): Problem => ({
  code: 'serve-listen-failed',
  what: `can't listen on ${address}:${port}`,
  why: `another program uses it, the address is not this computer's, or the certificate is no good: the system said ${detail}`,
  fix: 'try another --port, such as 8001',
  blame: 'person',
});
