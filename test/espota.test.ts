// What an IDE calls in place of espota.py, as a process: its exit codes, its last lines, and the second try through the core's own.
import { createSocket } from 'node:dgram';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { home, virtualBoard, whyota } from './cli.fixture.ts';

const image = (bytes: number) => makeEsp8266Image({ core: '2.3.0', bytes, flashBytes: 1024 * 1024, seed: bytes });
const words = ['--core', 'esp8266@2.3.0', '--layout', '4M1M', '--no-mdns'];

/** A folder with a sketch of this size in it, under a path that an IDE may well give. */
function built(bytes = 20_000): { folder: string; env: Record<string, string>; file: string } {
  const folder = join(home(), 'küche mit Leerzeichen');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'kitchen.ino.bin');
  writeFileSync(file, image(bytes));
  return { folder, env: { WHYOTA_HOME: join(folder, 'whyota') }, file };
}

describe('whyota espota', () => {
  it('ends with 1 for any failure and for what is missing, with 2 for options that nobody knows', async () => {
    const { env, file } = built();
    const exits = await Promise.all(
      [
        ['-f', file],
        ['-i', '{upload.port.address}', '-f', file],
        ['-i', '127.0.77.1'],
        ['-i', '127.0.77.1', '-f', `${file}.not`],
        ['-i', '127.0.77.1', '-f', 'package.json'],
        ['--frobnicate'],
      ].map(async (given) => (await whyota(['espota', ...given], { env })).exit),
    );
    expect(exits).toEqual([1, 1, 1, 1, 1, 2]);
  });

  it('uploads the signed file with the kept password, in plain lines without the words that IDE 1.8 misreads', async () => {
    const { env, folder, file } = built();
    writeFileSync(`${file}.signed`, image(24_000));
    writeFileSync(join(folder, 'secret'), 'geheim\n');
    const board = await virtualBoard([...words, '--address', '127.0.77.2', '--name', 'locked', '--password', 'geheim']);
    await whyota(['password', 'set', '127.0.77.2', '--password-file', join(folder, 'secret')], { env });
    const given = ['-i', '127.0.77.2', '-p', String(board.port), '--auth=', '-f', file];
    const { exit, out, err } = await whyota(['espota', ...given], { env });
    expect([exit, err]).toEqual([0, '']);
    expect(out).toContain('is back');
    expect(out).not.toMatch(/\r|Error|not responding|geheim/);
    await board.running.line((line) => line.includes('"restarted"') && line.includes('24000'));
  });

  it('ends with the reason, where a console shows it', async () => {
    const { env, file } = built(280_000);
    const full = ['--core', 'esp8266@2.4.2', '--layout', '1M512', '--running', '253168', '--no-mdns'];
    const board = await virtualBoard([...full, '--address', '127.0.77.3', '--name', 'full']);
    const { exit, out } = await whyota(['espota', '-i', '127.0.77.3', '-p', String(board.port), '-f', file], { env });
    expect(exit).toBe(1);
    expect(out).toMatch(/\nfailed: .+\n {2}why: .+\n {2}fix: .+\n(?:\n(?:.+\n){1,6})?$/);
  });
});

describe('where the board says OK and no connection comes', () => {
  /** A board that any firewall would make look like this one. */
  async function mute(address: string): Promise<number> {
    const socket = createSocket('udp4');
    socket.on('message', (bytes, { port, address: asked }) => {
      if (bytes.toString().trim()) socket.send('OK', port, asked, () => {});
    });
    await new Promise<void>((resolve) => socket.bind(0, address, resolve));
    onTestFinished(() => void socket.close());
    return socket.address().port;
  }

  /** A core's espota.py, and a python3 that only writes down what it was given and ends with this code. */
  function coreEspota(folder: string, exit: number): { place: string; path: string; called: string } {
    const [place, programs, called] = [join(folder, 'tools', 'espota'), join(folder, 'bin'), join(folder, 'called')];
    mkdirSync(join(folder, 'tools'));
    mkdirSync(programs);
    writeFileSync(`${place}.py`, '');
    const script = `#!/bin/sh\nfor word in "$@"; do echo "$word"; done > "${called}"\nexit ${exit}\n`;
    writeFileSync(join(programs, 'python3'), script);
    chmodSync(join(programs, 'python3'), 0o755);
    return { place, path: `${programs}:${process.env['PATH']}`, called };
  }

  it.skipIf(process.platform === 'win32')(
    "tries once more through the core's own espota, and says which got through",
    async () => {
      const port = await mute('127.0.77.4');
      const [through, neither] = await Promise.all(
        [0, 1].map(async (ends) => {
          const { env, folder, file } = built();
          const core = coreEspota(folder, ends);
          const given = ['-i', '127.0.77.4', '-p', String(port), '-a', 'geheim', '-f', file];
          const ran = await whyota(['espota', ...given, `--core-espota=${core.place}`], {
            env: { ...env, PATH: core.path },
          });
          const called = readFileSync(core.called, 'utf8');
          expect(called).toContain(`${core.place}.py\n-i\n127.0.77.4\n-p\n${port}\n-f\n${file}\n`);
          expect(called + ran.out).not.toContain('geheim');
          return ran;
        }),
      );
      expect(through?.exit).toBe(0);
      expect(through?.out).toMatch(/python3 with the core's espota got through, and WhyOTA did not/);
      expect(neither?.exit).toBe(1);
      expect(neither?.out).toMatch(/failed as well\n(?:.*\n)*failed: .+\n {2}why: .+\n {2}fix: /);
    },
  );
});
