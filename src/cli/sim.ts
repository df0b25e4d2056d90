/** whyota sim: virtual boards that any uploader can flash, until Ctrl-C. */
import { isIP } from 'node:net';
import { type Chip, identify } from '#firmware/index.ts';
import { millis, Secret, seconds } from '#values/index.ts';
import type { BoardOptions, Sketch } from '#virtual/index.ts';
import { addressAfter, blocksOf, startBoards, watchBoards } from './boards.ts';
import { done, type Ending, type Setting, usage } from './command.ts';
import { readInput } from './input.ts';

type Options = Record<string, unknown>;

export async function sim(_words: readonly string[], options: Options, { desk, signal }: Setting): Promise<Ending> {
  const wanted = await boardOptions(options);
  if ('exit' in wanted) return wanted;
  const started = await startBoards(wanted);
  if (!started.ok) return { exit: started.problem.blame === 'person' ? 2 : 1, problem: started.problem };
  const { boards, stop } = started.value;
  for (const { name, address, port, core, program } of boards) {
    desk.say(`${name}  ${address}:${port}  ${core}, runs ${program?.bytes ?? 0} bytes`);
    desk.event({ type: 'ready', name, address, port });
  }
  desk.note('Ctrl-C ends them');
  await watchBoards(
    boards,
    (news) => {
      const { name, digest, program, core } = news.board;
      if (news.kind === 'serial') {
        desk.say(`${name} | ${news.line}`);
        desk.event({ type: 'serial', name, line: news.line });
      } else {
        desk.say(`${name} is back and runs ${program?.build ?? 'a sketch'} (${program?.bytes} bytes, MD5 ${digest})`);
        desk.event({ type: 'restarted', name, md5: digest, bytes: program?.bytes, build: program?.build, core });
      }
    },
    signal,
  );
  stop();
  return done;
}

async function boardOptions(options: Options): Promise<readonly BoardOptions[] | Ending> {
  const { count, name, address, blocks, password, file } = options as Record<string, string | undefined>;
  const many = Number(count);
  if (many > 4000) return usage('too many boards', 'at most 4000 at a time');
  if (blocks !== undefined && blocks !== 'ever' && !(Number(blocks) >= 0))
    return usage(`"${blocks}" is not how long a loop blocks`, 'seconds, or "ever"');
  const input = file === undefined ? undefined : await readInput(file);
  if (input && 'exit' in input) return input;
  const image = input && identify(input.bytes);
  if (image?.kind === 'wrong') return { exit: 3, problem: image.problem };
  const common: Omit<BoardOptions, 'address'> = {
    core: String(options['core']),
    ...(options['chip'] ? { chip: options['chip'] as Exclude<Chip, 'esp8266' | 'rp2040' | 'rp2350'> } : {}),
    ...(options['layout'] ? { layout: String(options['layout']) } : {}),
    ...(options['running'] ? { runningBytes: Number(options['running']) } : {}),
    ...(input ? { image: input.bytes } : {}),
    sectorTime: millis(Number(options['sectorTime'])),
    bootTime: seconds(Number(options['bootTime'])),
    serialFlashed: options['serialFlashed'] === true,
  };
  const pull = pullOf(options);
  if (pull && 'exit' in pull) return pull;
  const blynk = blynkOf(options);
  if (blynk && 'exit' in blynk) return blynk;
  const all: BoardOptions[] = [];
  for (let i = 0; i < many; i++) {
    const place = addressAfter(String(address), i);
    if (!place) return usage(`"${address}" is not an IPv4 address`, 'use a loopback address, such as 127.0.0.101');
    all.push({
      ...common,
      seed: i + 1,
      address: place,
      mac: macOf(place),
      sketch: {
        hostname: many === 1 ? String(name) : `${name}-${i + 1}`,
        mdns: options['mdns'] !== false,
        ...(password === undefined ? {} : { password: new Secret(password) }),
        ...(options['port'] ? { port: Number(options['port']) } : {}),
        ...blocksOf(blocks),
        ...(pull ? { pull } : {}),
        ...(blynk ? { blynk } : {}),
      },
    });
  }
  return all;
}

/** One of Espressif's own, made of the address: a board keeps it. */
const macOf = (address: string): string =>
  ['5c', 'cf', ...address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))].join(':');

/** --blynk 127.0.0.1:8080 */
function blynkOf({ blynk, blynkToken, blynkLibrary, blynkCall }: Options): Sketch['blynk'] | Ending {
  if (blynk === undefined) return undefined;
  const [, address = '', port = '8080'] = /^([\d.]+)(?::(\d{1,5}))?$/.exec(String(blynk)) ?? [];
  if (isIP(address) !== 4) return usage('--blynk takes a plain address', 'as in --blynk 192.168.1.5:8080');
  return {
    address,
    port: Number(port),
    token: String(blynkToken),
    library: String(blynkLibrary),
    call: blynkCall === 'begin' ? 'begin' : 'run',
    writes: seconds(10),
  };
}

/** --pull http://user:password@127.0.0.1:8000/u.bin */
function pullOf({ pull, pullEvery }: Options): Sketch['pull'] | Ending {
  if (pull === undefined) return undefined;
  const url = URL.parse(String(pull));
  if (url?.protocol !== 'http:' || isIP(url.hostname) !== 4)
    return usage('--pull takes a plain address', 'as in http://192.168.1.5:8000/update.bin');
  const user = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  return {
    address: url.hostname,
    port: Number(url.port || 80),
    path: url.pathname + url.search,
    every: seconds(Number(pullEvery)),
    ...(url.username ? { authorization: `Basic ${Buffer.from(user).toString('base64')}` } : {}),
  };
}
