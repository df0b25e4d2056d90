// The real Arduino IDE 1.8 uploads to a virtual board through WhyOTA: it finds the board by mDNS, somebody presses Upload. The IDE
// and the board live in network namespaces of their own, joined by a cable. WHYOTA_SCREENSHOTS=docs/images keeps the pictures.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { namespaces, needs } from './needs.ts';

const missing = needs('arduino', 'Xvfb', 'xdotool', 'scrot', 'ip', namespaces);

const pc = `whyota-ide-${process.pid}`;
const far = `whyota-far-${process.pid}`;
const display = `:${100 + (process.pid % 800)}`;
const boardAddress = '10.78.1.2';
const running: ChildProcess[] = [];
let folder = '';

const ip = (words: string): unknown => execFileSync('ip', words.split(' '), { stdio: 'pipe' });
const environment = (): Record<string, string> => ({
  PATH: process.env['PATH'] ?? '',
  HOME: folder,
  WHYOTA_HOME: join(folder, 'whyota'),
  DISPLAY: display,
  // Names by a file, because the IDE asks who it is and there is no DNS; its own folder for what it builds.
  JAVA_TOOL_OPTIONS: `-Duser.home=${folder} -Djdk.net.hosts.file=${folder}/hosts -Djava.io.tmpdir=${folder}`,
});

/** Starts a program in a namespace; `said` is all that it has printed so far. */
function start(place: string, program: string, words: readonly string[]): { said: () => string } {
  const child = spawn('ip', ['netns', 'exec', place, program, ...words], { env: environment(), stdio: 'pipe' });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (said += bytes));
  return { said: () => said };
}

const xdotool = (...words: readonly string[]): string =>
  spawnSync('xdotool', words, { env: environment(), encoding: 'utf8' }).stdout;

async function until<T>(look: () => T | undefined | false, time: number, said = () => ''): Promise<T> {
  for (const end = performance.now() + time; performance.now() < end; ) {
    const found = look();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`it did not happen in time: ${said()}`);
}

/** Opens the IDE on a sketch whose build is this image; answers with what stands in its console once an upload has ended. */
async function upload(image: Uint8Array, board: readonly string[], picture: string): Promise<string> {
  const book = join(folder, 'sketch book');
  cpSync('test/fixtures/ide-platform', join(book, 'hardware', 'virtual', 'esp8266'), { recursive: true });
  writeFileSync(join(book, 'hardware', 'virtual', 'esp8266', 'firmware.bin'), image);
  mkdirSync(join(book, 'kitchen'));
  writeFileSync(join(book, 'kitchen', 'kitchen.ino'), 'void setup() {}\nvoid loop() {}\n');
  writeFileSync(join(folder, 'hosts'), `127.0.0.1 localhost\n10.78.1.1 pc\n${boardAddress} kitchen.local\n`);
  const main = 'src/cli/main.ts';
  execFileSync(process.execPath, [main, 'install', 'arduino', '--sketchbook', book], {
    env: environment(),
    stdio: 'pipe',
  });

  start(far, process.execPath, [
    main,
    'sim',
    '--address',
    boardAddress,
    '--name',
    'kitchen',
    '--boot-time',
    '0.2',
    ...board,
  ]);
  start(pc, 'Xvfb', [display, '-screen', '0', '1000x720x24', '-nolisten', 'tcp']);
  await until(() => spawnSync('xdotool', ['getmouselocation'], { env: environment() }).status === 0, 10_000);
  const preferences = {
    'sketchbook.path': book,
    'update.check': 'false',
    target_package: 'virtual',
    target_platform: 'esp8266',
    board: 'generic',
    'serial.port': boardAddress,
    'editor.window.width.default': '960',
    'editor.window.height.default': '690',
  };
  // As --pref they would end the IDE before it has a window.
  mkdirSync(join(folder, '.arduino15'));
  writeFileSync(
    join(folder, '.arduino15', 'preferences.txt'),
    Object.entries(preferences)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
  );
  const ide = start(pc, 'arduino', [join(book, 'kitchen', 'kitchen.ino')]);
  const window = await until(() => xdotool('search', '--name', '^kitchen.*Arduino').split('\n')[0], 30_000, ide.said);
  const place = Object.fromEntries(
    xdotool('getwindowgeometry', '--shell', window)
      .split('\n')
      .map((line) => line.split('=')),
  );
  const at = (x: number, y: number): string[] => [String(Number(place.X) + x), String(Number(place.Y) + y)];
  // A larger console: the bar between it and the sketch is drawn up.
  xdotool(
    'mousemove',
    ...at(480, 571),
    'mousedown',
    '1',
    'mousemove',
    ...at(480, 400),
    'mousemove',
    ...at(480, 240),
    'mouseup',
    '1',
  );
  // Until the IDE has heard of the board it takes the address for a serial port; and while it opens, a click may be lost.
  let tries = 0;
  let pressed = 0;
  await until(
    () => {
      const ended = ide.said().split('An error occurred while uploading').length - 1;
      if (ended >= tries || performance.now() - pressed > 25_000) {
        tries = ended + 1;
        pressed = performance.now();
        xdotool('mousemove', ...at(44, 40), 'click', '1');
      }
      return ide.said().includes('whyota: ');
    },
    90_000,
    ide.said,
  );
  const own = (): string => ide.said().slice(ide.said().indexOf('whyota: '));
  await until(() => /is back|An error occurred/.test(own()), 60_000, own);
  const pictures = process.env['WHYOTA_SCREENSHOTS'];
  if (pictures) {
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    spawnSync('scrot', ['-o', join(pictures, picture)], { env: environment() });
  }
  return own();
}

describe.skipIf(missing.length > 0)(
  `inside Arduino IDE 1.8${missing.length > 0 ? ` (missing: ${missing})` : ''}`,
  () => {
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'whyota-ide-'));
      ip(`netns add ${pc}`);
      ip(`netns add ${far}`);
      ip(`-n ${pc} link add lan type veth peer name lan netns ${far}`);
      for (const [place, address] of [
        [pc, '10.78.1.1'],
        [far, boardAddress],
      ]) {
        execFileSync('ip', ['netns', 'exec', place!, 'sysctl', '-qw', 'net.ipv6.conf.lan.disable_ipv6=1']);
        ip(`-n ${place} link set lo up`);
        ip(`-n ${place} addr add ${address}/24 dev lan`);
        ip(`-n ${place} link set lan up multicast on`);
        ip(`-n ${place} route add default dev lan`);
      }
    });

    afterEach(async () => {
      await Promise.all(
        running.splice(0).map((child) => {
          if (child.exitCode !== null || child.signalCode !== null) return undefined;
          const ended = new Promise((resolve) => child.once('exit', resolve));
          child.kill('SIGKILL');
          return ended;
        }),
      );
      ip(`netns del ${pc}`);
      ip(`netns del ${far}`);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });

    it('uploads through WhyOTA when Upload is pressed', { timeout: 200_000 }, async () => {
      const image = makeEsp8266Image({
        core: '3.1.2',
        bytes: 200_000,
        flashBytes: 4 * 1024 * 1024,
        build: 'kitchen-2',
      });
      const said = await upload(image, ['--sector-time', '0'], 'arduino-ide-success.png');
      expect(said).toContain('the board has it and says OK');
      expect(said).toContain('kitchen is back');
      expect(said).not.toContain('An error occurred');
    });

    it('shows the diagnosis where a beginner looks, last in its console', { timeout: 200_000 }, async () => {
      const image = makeEsp8266Image({ core: '2.3.0', bytes: 253_168, flashBytes: 1024 * 1024 });
      const old = ['--core', 'esp8266@2.3.0', '--layout', '1M512', '--running', '253168'];
      const said = await upload(image, old, 'arduino-ide-diagnosis.png');
      expect(said).toMatch(/failed: .+\n {2}why: .+\n/);
      expect(said).toMatch(/(certain|likely): .+\n {2}1\. /);
      expect(said).not.toMatch(/serial port .* does not exist/);
    });
  },
);
