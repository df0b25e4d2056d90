// The command line against virtual boards on real loopback sockets: what a person types, and how it ends.
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { md5Hex } from '#values/index.ts';
import { home, start, virtualBoard, whyota } from './cli.fixture.ts';

let last = 110;
/** A loopback address that no other test uses. */
const address = (): string => `127.0.${process.env['VITEST_POOL_ID'] ?? 1}.${last++}`;

const firmware = (bytes = 200_000, build = 'kitchen-2'): Uint8Array =>
  makeEsp8266Image({ core: '3.1.2', bytes, flashBytes: 4 * 1024 * 1024, build, seed: bytes });

function fileIn(folder: string, bytes: Uint8Array | string, name = 'firmware.bin'): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const md5 = (bytes: Uint8Array): string => md5Hex(bytes);

describe('whyota flash', () => {
  it('flashes a board: it restarts and runs exactly the file', async () => {
    const folder = home();
    const bytes = firmware();
    const board = await virtualBoard(['--address', address(), '--name', 'kitchen']);
    const ran = await whyota(['flash', fileIn(folder, bytes), '--to', `${board.address}:${board.port}`, '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.err).toBe('');
    expect(ran.result).toMatchObject({ type: 'result', ok: true, exit: 0 });
    expect(ran.exit).toBe(0);
    const restarted = JSON.parse(await board.running.line((line) => line.includes('"restarted"')));
    expect(restarted).toMatchObject({ type: 'restarted', md5: md5(bytes) });
    const progress = ran.json.filter(({ type }) => type === 'progress');
    expect(progress.length).toBeGreaterThan(2);
    expect(progress.every(({ bytes: done, total }) => Number(done) <= Number(total) && total === bytes.length)).toBe(
      true,
    );
  });

  it('prints plain lines into a pipe, and no carriage return', async () => {
    const folder = home();
    const board = await virtualBoard(['--address', address(), '--name', 'pipe']);
    const ran = await whyota(['flash', fileIn(folder, firmware()), '--to', board.address], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.exit).toBe(0);
    expect(ran.out + ran.err).not.toMatch(/\r|\x1b/);
    expect(ran.err).toMatch(/sending [45]\d %/);
    expect(ran.out).toMatch(/is back/);
  });

  it('says that the password is wrong, and prints it nowhere', async () => {
    const folder = home();
    const board = await virtualBoard(['--address', address(), '--name', 'door', '--password', 'correct-horse']);
    const ran = await whyota(
      [
        'flash',
        fileIn(folder, firmware()),
        '--to',
        board.address,
        '--password',
        'battery-staple',
        '--json',
        '--verbose',
      ],
      {
        env: { WHYOTA_HOME: folder },
      },
    );
    expect(ran.exit).toBe(1);
    expect(ran.result).toMatchObject({ ok: false, code: 'auth-wrong-password' });
    const history = await whyota(['history', 'door', '--json', '--verbose'], { env: { WHYOTA_HOME: folder } });
    for (const words of [ran.out, ran.err, history.out]) expect(words).not.toMatch(/battery-staple|correct-horse/);
  });

  it('says that a password is needed when none is given', async () => {
    const folder = home();
    const board = await virtualBoard(['--address', address(), '--name', 'door', '--password', 'x']);
    const ran = await whyota(['flash', fileIn(folder, firmware()), '--to', board.address, '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.result).toMatchObject({ exit: 1, code: 'password-needed' });
  });

  it('takes the password from `whyota password`, from WHYOTA_PASSWORD and from a file', async () => {
    const folder = home();
    const env = { WHYOTA_HOME: folder };
    const file = fileIn(folder, firmware());
    const board = await virtualBoard(['--address', address(), '--name', 'vault', '--password', 'open sesame']);
    const secret = fileIn(folder, 'open sesame\n', 'secret.txt');
    const dry = ['flash', file, '--to', board.address, '--dry-run', '--json'];
    expect((await whyota([...dry, '--password-file', secret], { env })).exit).toBe(0);
    expect((await whyota(dry, { env: { ...env, WHYOTA_PASSWORD: 'open sesame' } })).exit).toBe(0);
    expect((await whyota(['password', 'set', board.address, '--password-file', secret], { env })).exit).toBe(0);
    expect((await whyota(dry, { env })).result).toMatchObject({ ok: true });
    const listed = await whyota(['password', 'list'], { env });
    expect(listed.out).toBe(`${board.address}\n`);
    const kept = execFileSync('find', [folder, '-name', 'passwords.json']).toString().trim();
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect((await whyota(['password', 'remove', board.address], { env })).exit).toBe(0);
    expect(readFileSync(kept, 'utf8')).not.toContain('sesame');
  });

  it('keeps the password out of the process list', async () => {
    const folder = home();
    const board = await virtualBoard([
      '--address',
      address(),
      '--name',
      'slow',
      '--sector-time',
      '40',
      '--password',
      'pa55',
    ]);
    const running = start(
      ['flash', fileIn(folder, firmware(300_000)), '--to', board.address, '--password', 'pa55', '--json'],
      { env: { WHYOTA_HOME: folder } },
    );
    await running.line((line) => line.includes('"progress"'));
    expect(readFileSync(`/proc/${running.child.pid}/cmdline`, 'latin1')).not.toContain('pa55');
    running.child.kill('SIGINT');
    await running.ended;
  });

  it('refuses two copies that do not fit before a byte is sent, with the sum', async () => {
    const folder = home();
    const bytes = makeEsp8266Image({ core: '2.3.0', bytes: 253_168, flashBytes: 1024 * 1024 });
    const words = ['--to', '127.0.0.1', '--core', 'esp8266@2.3.0', '--layout', '1M512', '--running', '253168'];
    const ran = await whyota(['flash', fileIn(folder, bytes), ...words], { env: { WHYOTA_HOME: folder } });
    expect(ran.exit).toBe(3);
    expect(ran.err).toMatch(/124/);
    expect(ran.err).toMatch(/123/);
    const json = await whyota(['flash', fileIn(folder, bytes), ...words, '--json'], { env: { WHYOTA_HOME: folder } });
    expect(json.result).toMatchObject({ ok: false, exit: 3, code: 'img-8266-two-copies-dont-fit' });
  });

  it('learns of a board by flashing it, and refuses what it then knows can not fit', async () => {
    const folder = home();
    const env = { WHYOTA_HOME: folder };
    const board = await virtualBoard([
      '--address',
      address(),
      '--name',
      'attic',
      '--core',
      'esp8266@2.3.0',
      '--layout',
      '1M512',
      '--running',
      '240000',
    ]);
    const image = (bytes: number) => makeEsp8266Image({ core: '2.3.0', bytes, flashBytes: 1024 * 1024, seed: bytes });
    const to = ['--to', board.address, '--json'];
    const first = await whyota(
      ['flash', fileIn(folder, image(240_000)), ...to, '--core', 'esp8266@2.3.0', '--layout', '1M512'],
      { env },
    );
    expect(first.result).toMatchObject({ ok: true });
    const second = await whyota(['flash', fileIn(folder, image(270_000)), ...to], { env });
    expect(second.result).toMatchObject({ exit: 3, code: 'img-8266-two-copies-dont-fit' });
  });

  it('names the silent refusal of an old core when nothing was known of the board', async () => {
    const folder = home();
    const board = await virtualBoard([
      '--address',
      address(),
      '--name',
      'seed',
      '--core',
      'esp8266@2.3.0',
      '--layout',
      '1M512',
      '--running',
      '253168',
    ]);
    const bytes = makeEsp8266Image({ core: '2.3.0', bytes: 253_168, flashBytes: 1024 * 1024, seed: 3 });
    const ran = await whyota(['flash', fileIn(folder, bytes), '--to', board.address, '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.exit).toBe(1);
    expect(['no-call-back', 'img-8266-two-copies-dont-fit']).toContain(ran.result['code']);
    expect(ran.result['why']).toMatch(/at once/);
  });

  it('hears the board say that it was flashed over USB and never power-cycled', async () => {
    const folder = home();
    const board = await virtualBoard(['--address', address(), '--name', 'usb', '--serial-flashed']);
    const ran = await whyota(['flash', fileIn(folder, firmware()), '--to', board.address, '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.result).toMatchObject({ exit: 1, code: 'dev-not-reset-after-serial' });
  });

  it('does everything up to the first byte with --dry-run', async () => {
    const folder = home();
    const board = await virtualBoard(['--address', address(), '--name', 'dry']);
    const ran = await whyota(['flash', fileIn(folder, firmware()), '--to', board.address, '--dry-run', '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.result).toMatchObject({ ok: true, ending: 'could-work' });
    expect(ran.json.some(({ type }) => type === 'connected')).toBe(true);
    expect(ran.json.some(({ type }) => type === 'progress')).toBe(false);
  });

  it('frees the board on Ctrl-C: the next upload works', async () => {
    const folder = home();
    const env = { WHYOTA_HOME: folder };
    const file = fileIn(folder, firmware(300_000));
    const board = await virtualBoard(['--address', address(), '--name', 'freed', '--sector-time', '30']);
    const running = start(['flash', file, '--to', board.address, '--json'], { env });
    await running.line((line) => line.includes('"progress"'));
    running.child.kill('SIGINT');
    const stopped = await running.ended;
    expect(stopped.exit).toBe(130);
    expect(stopped.result).toMatchObject({ ok: false, exit: 130, code: 'interrupted' });
    const again = await whyota(['flash', file, '--to', board.address, '--json'], { env });
    expect(again.result).toMatchObject({ ok: true });
  });

  it('flashes several boards in one call', async () => {
    const folder = home();
    const [one, two] = await Promise.all([
      virtualBoard(['--address', address(), '--name', 'a']),
      virtualBoard(['--address', address(), '--name', 'b']),
    ]);
    const ran = await whyota(
      ['flash', fileIn(folder, firmware()), '--to', one.address, '--to', two.address, '--json'],
      { env: { WHYOTA_HOME: folder } },
    );
    expect(ran.result).toMatchObject({ ok: true, exit: 0 });
    expect(ran.json.filter(({ type }) => type === 'ending')).toHaveLength(2);
  });

  it('names a port of its own that is taken', async () => {
    const folder = home();
    const taken = createServer().listen(0);
    onTestFinished(() => void taken.close());
    await new Promise((resolve) => taken.once('listening', resolve));
    const { port } = taken.address() as { port: number };
    const ran = await whyota(
      ['flash', fileIn(folder, firmware()), '--to', '127.0.0.1:9', '--host-port', String(port), '--json'],
      { env: { WHYOTA_HOME: folder } },
    );
    expect(ran.result).toMatchObject({ exit: 1, code: 'host-listen-failed' });
  });

  it('notices at once that nothing listens there', async () => {
    const folder = home();
    const ran = await whyota(['flash', fileIn(folder, firmware()), '--to', `${address()}:8266`, '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.result).toMatchObject({ exit: 1, code: 'sk-no-ota-in-running-sketch' });
  });

  it('says that a name leads nowhere', async () => {
    const folder = home();
    const ran = await whyota(['flash', fileIn(folder, firmware()), '--to', 'no-such-board', '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.result).toMatchObject({ exit: 1, code: 'disc-name-unresolvable' });
  });

  it.each([
    ['a file that is not there', undefined, 2, 'file-missing'],
    ['an empty file', '', 3, undefined],
    ['a web page saved as .bin', '<!DOCTYPE html><html><body>404</body></html>', 3, undefined],
    ['an ELF', `\x7fELF${'\0'.repeat(200)}`, 3, 'tool-wrong-artifact'],
  ])('refuses %s', async (_name, content, exit, code) => {
    const folder = home();
    const file = content === undefined ? join(folder, 'nothing.bin') : fileIn(folder, content);
    const ran = await whyota(['flash', file, '--to', '127.0.0.1', '--json'], { env: { WHYOTA_HOME: folder } });
    expect(ran.exit).toBe(exit);
    expect(ran.result).toMatchObject({ ok: false, exit, ...(code ? { code } : {}) });
    for (const key of ['code', 'what', 'why', 'fix']) expect(ran.result[key]).toMatch(/\S/);
  });
});

describe('the other commands', () => {
  it('answer wrong usage with exit 2, in JSON too', async () => {
    expect((await whyota(['flahs'])).exit).toBe(2);
    expect((await whyota(['flash', 'x.bin', '--host-port', 'abc', '--json'])).result).toMatchObject({
      type: 'result',
      exit: 2,
      code: 'wrong-usage',
    });
    const file = join(home(), 'kitchen.bin');
    writeFileSync(file, firmware());
    const slip = await whyota(['flash', file, '--to', '127.0.0.1', '--layout', '9M', '--json']);
    expect(slip.result).toMatchObject({ exit: 2, code: 'wrong-usage', what: 'there is no layout 9M' });
    expect((await whyota(['flash', '--help'])).out).toMatch(/Examples:/);
    expect((await whyota(['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('find lists a virtual board with its password mark', async () => {
    const folder = home();
    const board = await virtualBoard(['--address', address(), '--name', 'findme', '--password', 'x']);
    const ran = await whyota(['find', '--time', '2', '--json'], { env: { WHYOTA_HOME: folder } });
    expect(ran.result).toMatchObject({ ok: true });
    const found = ran.json.filter(({ type, name }) => type === 'device' && name === 'findme').at(-1);
    expect(found).toMatchObject({ port: board.port, passwordNeeded: true, firmware: 'ArduinoOTA' });
    expect(found!['addresses']).toContain(board.address);
  });

  it('flash finds a board by its name', async () => {
    const folder = home();
    await virtualBoard(['--address', address(), '--name', 'byname']);
    const ran = await whyota(['flash', fileIn(folder, firmware()), '--to', 'byname.local', '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.json.find(({ type }) => type === 'resolved')).toMatchObject({ via: 'mdns' });
    expect(ran.result).toMatchObject({ ok: true });
  });

  it('history tells what was sent and how it ended, forget drops it', async () => {
    const folder = home();
    const env = { WHYOTA_HOME: folder };
    const board = await virtualBoard(['--address', address(), '--name', 'past']);
    await whyota(['flash', fileIn(folder, firmware()), '--to', board.address], { env });
    const told = await whyota(['history', 'past', '--json'], { env });
    expect(told.json[0]).toMatchObject({ type: 'attempt', file: 'firmware.bin', bytes: 200_000 });
    expect((await whyota(['forget', 'past'], { env })).exit).toBe(0);
    expect((await whyota(['history', 'past'], { env })).exit).toBe(2);
  });

  it('inspect says what a file is and where it can update itself', async () => {
    const folder = home();
    const bytes = makeEsp8266Image({ core: '2.3.0', bytes: 253_168, flashBytes: 1024 * 1024 });
    const ran = await whyota(['inspect', fileIn(folder, bytes), '--layout', '1M512', '--json'], {
      env: { WHYOTA_HOME: folder },
    });
    expect(ran.json[0]).toMatchObject({ type: 'file', kind: 'esp8266-app', bytes: 253_168 });
    const layout = (id: string) => ran.json.find((line) => line['type'] === 'layout' && line['id'] === id);
    expect(layout('1M512')).toMatchObject({ verdict: 'does-not-fit' });
    expect(layout('1M64')).toMatchObject({ verdict: 'fits' });
    const text = await whyota(['inspect', fileIn(folder, bytes), '--layout', '1M512']);
    expect(text.out).toMatch(/ESP8266/);
  });
});
