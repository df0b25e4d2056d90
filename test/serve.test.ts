// Boards fetch their update from `whyota serve`, over real sockets, as the clients of the cores ask for it.
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { judgePullAnswer, type PullClient, printPullRequest, readPullAnswer } from '#protocols/http-pull/index.ts';
import { md5Hex } from '#values/index.ts';
import { home, start, virtualBoard, whyota } from './cli.fixture.ts';

const image = (): Uint8Array => makeEsp8266Image({ core: '2.7.4', bytes: 300_000 });

const client: PullClient = {
  family: 'esp8266',
  core: '3.1.2',
  mac: '5c:cf:7f:01:02:03',
  freeSpace: 700_000,
  sketchBytes: 253_168,
  flashBytes: 1_048_576,
  sketchMd5: 'a'.repeat(32),
  sdk: '2.2.2',
};

function fetchAs(asking: PullClient, host: string, port: number) {
  return new Promise<{ verdict: ReturnType<typeof judgePullAnswer>; body: Uint8Array }>((resolve, reject) => {
    const parts: Buffer[] = [];
    const socket = connect(port, host, () => socket.write(printPullRequest(asking, '/', host)));
    socket.on('data', (part) => parts.push(part));
    socket.on('error', reject);
    socket.on('end', () => {
      const all = new Uint8Array(Buffer.concat(parts));
      const answer = readPullAnswer(all);
      if (!answer || answer === 'garbage') return reject(new Error('no answer'));
      resolve({ verdict: judgePullAnswer(asking, answer), body: all.subarray(answer.body) });
    });
  });
}

describe('whyota serve', () => {
  it('gives the image to the board, tells one that has it, and ends with --once', async () => {
    const folder = home();
    const file = join(folder, 'firmware.bin');
    const bytes = image();
    writeFileSync(file, bytes);
    const words = ['serve', file, '--host-address', '127.0.23.1', '--port', '18231', '--once', '--json'];
    const serving = start(words, { env: { HOME: folder } });
    await serving.line((line) => line.includes('"ready"'));

    const current = await fetchAs({ ...client, sketchMd5: md5Hex(bytes) }, '127.0.23.1', 18231);
    expect(current.verdict.kind).toBe('no-update');
    const other = await fetchAs({ ...client, family: 'esp32' }, '127.0.23.1', 18231);
    expect(other.verdict).toMatchObject({ code: -102 });
    const got = await fetchAs(client, '127.0.23.1', 18231);
    expect(got.verdict).toMatchObject({ kind: 'flash', bytes: bytes.length, md5: md5Hex(bytes) });
    expect(md5Hex(got.body)).toBe(md5Hex(bytes));

    const { exit, json } = await serving.ended;
    expect(exit).toBe(0);
    expect(json.filter(({ type }) => type === 'asked').map(({ outcome }) => outcome)).toEqual([
      'current',
      'wrong-family',
      'update',
    ]);
  });

  it('refuses what no board can run, and a password without a user', async () => {
    const folder = home();
    writeFileSync(join(folder, 'page.bin'), '<!doctype html><html></html>');
    writeFileSync(join(folder, 'good.bin'), image());
    const env = { HOME: folder };
    expect((await whyota(['serve', join(folder, 'page.bin')], { env })).exit).toBe(3);
    expect((await whyota(['serve', join(folder, 'good.bin'), '--password', 'x'], { env })).exit).toBe(2);
  });

  it('updates a board whose sketch asks with the right name and password, and turns others away', async () => {
    const folder = home();
    const file = join(folder, 'firmware.bin');
    const bytes = makeEsp8266Image({ core: '3.1.2', bytes: 150_000, flashBytes: 4 * 1024 * 1024 });
    writeFileSync(file, bytes);
    const words = [
      'serve',
      file,
      '--host-address',
      '127.0.23.2',
      '--port',
      '18232',
      '--user',
      'me',
      '--once',
      '--json',
    ];
    const serving = start([...words, '--password', 'secret'], { env: { HOME: folder } });
    await serving.line((line) => line.includes('"ready"'));
    const stranger = await fetchAs(client, '127.0.23.2', 18232);
    expect(stranger.verdict).toMatchObject({ kind: 'failed', code: -108 });

    const pull = ['--pull', 'http://me:secret@127.0.23.2:18232/', '--pull-every', '0.2', '--no-mdns'];
    const board = await virtualBoard(['--address', '127.0.23.14', '--name', 'puller', ...pull]);
    await board.running.line((line) => line.includes('"restarted"') && line.includes(md5Hex(bytes)));
    const { out, err, exit } = await serving.ended;
    expect(exit).toBe(0);
    expect(out + err).not.toContain('secret');
  });

  it('says which port is taken, and is not held up by callers who say nothing', async () => {
    const folder = home();
    const file = join(folder, 'firmware.bin');
    writeFileSync(file, image());
    const words = ['serve', file, '--host-address', '127.0.23.3', '--port', '18233', '--once', '--json'];
    const serving = start(words, { env: { HOME: folder } });
    await serving.line((line) => line.includes('"ready"'));
    const second = await whyota(words, { env: { HOME: folder } });
    expect([second.exit, second.result['code']]).toEqual([1, 'serve-listen-failed']);

    const silent = Array.from({ length: 50 }, () => connect(18233, '127.0.23.3'));
    for (const [i, socket] of silent.entries()) socket.on('error', () => {}).write(i % 2 ? 'GET / HT' : '');
    expect((await fetchAs(client, '127.0.23.3', 18233)).verdict.kind).toBe('flash');
    for (const socket of silent) socket.destroy();
    expect((await serving.ended).exit).toBe(0);
  });
});
