import { describe, expect, it } from 'vitest';
import type { Entry } from '#machine/index.ts';
import { ascii } from '#values/index.ts';
import { chooseBuild, type FoundBuild, findBuilds, type Host, newestSource } from './index.ts';

/** A machine that has these files: path to time of change, or to time and content. */
function hostWith(
  tree: Readonly<Record<string, number | { changed: number; text: string }>>,
  os: 'linux' | 'macos' | 'windows' = 'linux',
  variables: Readonly<Record<string, string>> = {},
): Host {
  const slash = os === 'windows' ? '\\' : '/';
  return {
    environment: { os, variable: (name) => variables[name] },
    homeFolder: os === 'windows' ? 'C:\\Users\\Zoë' : '/home/me',
    temporaryFolder: os === 'windows' ? 'C:\\Temp' : '/tmp',
    files: {
      read: async (path) => {
        const file = tree[path];
        return typeof file === 'object' ? ascii(file.text) : undefined;
      },
    },
    folders: {
      entries: async (folder) => {
        const found = new Map<string, Entry>();
        for (const [path, file] of Object.entries(tree)) {
          if (!path.startsWith(folder + slash)) continue;
          const [name = '', ...more] = path.slice(folder.length + 1).split(slash);
          const changed = typeof file === 'object' ? file.changed : file;
          found.set(name, { name, folder: more.length > 0, bytes: 1, changed });
        }
        return [...found.values()];
      },
    },
  };
}

const md5 = '0123456789ABCDEF0123456789ABCDEF';
const options = (sketchLocation: string, fqbn = 'esp8266:esp8266:generic:eesz=1M512') => ({
  changed: 1,
  text: JSON.stringify({ sketchLocation, fqbn }),
});
const filesOf = async (sketch: string, host: Host) => (await findBuilds(sketch, host)).map(({ file }) => file);

describe('the builds of a sketch', () => {
  it.each([
    ['arduino-cli 1.1, IDE 2.3.4', `/home/me/.cache/arduino/sketches/${md5}`, '/s/kitchen'],
    ['IDE 2.1', `/tmp/arduino/sketches/${md5}`, '/s/kitchen'],
    ['IDE 2.0', `/tmp/arduino-sketch-${md5}`, '/s/kitchen'],
    ['IDE 1.8, which names the .ino', '/tmp/arduino_build_597967', '/s/kitchen/kitchen.ino'],
  ])('are found where %s puts them', async (_, place, location) => {
    const host = hostWith({ [`${place}/build.options.json`]: options(location), [`${place}/kitchen.ino.bin`]: 7 });
    const [build] = await findBuilds('/s/kitchen', host);
    expect(build).toMatchObject({ file: `${place}/kitchen.ino.bin`, changed: 7, board: 'esp8266:esp8266:generic' });
    expect(build!.facts).toContainEqual(expect.objectContaining({ fact: 'board.family', value: 'esp8266' }));
  });

  it('are found on Windows and macOS, however the path is spelt', async () => {
    const place = `C:\\Users\\Zoë\\AppData\\Local\\arduino\\sketches\\${md5}`;
    const windows = hostWith(
      {
        [`${place}\\build.options.json`]: options('c:\\Users\\Zoë\\My Sketches\\küche'),
        [`${place}\\küche.ino.bin`]: 7,
      },
      'windows',
    );
    expect(await filesOf('C:\\Users\\Zoë\\My Sketches\\küche', windows)).toEqual([`${place}\\küche.ino.bin`]);
    const mac = `/home/me/Library/Caches/arduino/sketches/${md5}`;
    const macos = hostWith({ [`${mac}/build.options.json`]: options('/s/a'), [`${mac}/a.ino.bin`]: 1 }, 'macos');
    expect(await filesOf('/s/a', macos)).toEqual([`${mac}/a.ino.bin`]);
  });

  it('are found exported and of PlatformIO, the newest first', async () => {
    const host = hostWith({
      '/s/a/a.ino.nodemcu.bin': 1,
      '/s/a/a.ino.bootloader.bin': 9,
      '/s/a/build/esp8266.esp8266.nodemcu/a.ino.bin': 2,
      '/s/a/.pio/build/d1/firmware.bin': 3,
    });
    expect(await filesOf('/s/a', host)).toEqual([
      '/s/a/.pio/build/d1/firmware.bin',
      '/s/a/build/esp8266.esp8266.nodemcu/a.ino.bin',
      '/s/a/a.ino.nodemcu.bin',
    ]);
  });

  it('of PlatformIO come with what platformio.ini says, from where it says', async () => {
    const ini = '[platformio]\nbuild_dir = out\n[env:d1]\nplatform = espressif8266\nboard = d1_mini\n';
    const host = hostWith({ '/s/a/platformio.ini': { changed: 1, text: ini }, '/s/a/out/d1/firmware.bin': 3 });
    const [build] = await findBuilds('/s/a', host);
    expect(build).toMatchObject({ file: '/s/a/out/d1/firmware.bin', board: 'd1' });
    expect(build!.facts).toContainEqual(expect.objectContaining({ fact: 'board.family', value: 'esp8266' }));
    const elsewhere = hostWith({ '/b/d1/firmware.bin': 3 }, 'linux', { PLATFORMIO_BUILD_DIR: '/b' });
    expect(await filesOf('/s/a', elsewhere)).toEqual(['/b/d1/firmware.bin']);
  });

  it("are found in the build cache of arduino-cli's configuration", async () => {
    const host = hostWith({
      '/home/me/.arduino15/arduino-cli.yaml': {
        changed: 1,
        text: 'build_cache:\n  ttl: 720h\n  path: "/big/cache"\nx: 1\n',
      },
      [`/big/cache/sketches/${md5}/build.options.json`]: options('/s/a'),
      [`/big/cache/sketches/${md5}/a.ino.bin`]: 1,
    });
    expect(await filesOf('/s/a', host)).toEqual([`/big/cache/sketches/${md5}/a.ino.bin`]);
  });

  it('are not those of another sketch, nor of a damaged record', async () => {
    const [one, two] = [`/tmp/arduino/sketches/${md5}`, '/tmp/arduino_build_1'];
    const host = hostWith({
      [`${one}/build.options.json`]: options('/s/other'),
      [`${one}/other.ino.bin`]: 1,
      [`${two}/build.options.json`]: { changed: 1, text: '{"sketchLocation": "/s/a' },
      [`${two}/a.ino.bin`]: 1,
    });
    expect(await filesOf('/s/a', host)).toEqual([]);
  });
});

describe('the build to flash', () => {
  const build = (file: string, changed: number, board: string): FoundBuild => ({
    by: 'Arduino build',
    file,
    changed,
    board,
    facts: [],
  });
  const codeOf = (choice: ReturnType<typeof chooseBuild>) => (choice.ok ? choice.value.file : choice.problem.code);

  it('is the newest that has all changes of the sketch', () => {
    expect(codeOf(chooseBuild([build('b', 9, 'x'), build('a', 8, 'x')], 5, '/s'))).toBe('b');
  });

  it('is none when there is none, or the sketch was changed since', () => {
    expect(codeOf(chooseBuild([], 5, '/s'))).toBe('build-missing');
    expect(codeOf(chooseBuild([build('a', 4, 'x')], 5, '/s'))).toBe('build-stale');
    expect(codeOf(chooseBuild([build('a', 4, 'x')], 5, '/s', true))).toBe('a');
  });

  it('is none when fresh ones are for different boards; an old one does not count', () => {
    expect(codeOf(chooseBuild([build('b', 9, 'x'), build('a', 8, 'y')], 5, '/s'))).toBe('build-for-several-boards');
    expect(codeOf(chooseBuild([build('b', 9, 'x'), build('a', 4, 'y')], 5, '/s'))).toBe('b');
  });

  it('is none when two tools built it for different boards; a copy of a build is no rival', () => {
    const family = (value: string): FoundBuild['facts'] => [
      { fact: 'board.family', value, from: 'build.options.json' } as unknown as FoundBuild['facts'][number],
    ];
    const nodemcu = { ...build('a', 8, 'esp8266:esp8266:nodemcu'), facts: family('esp8266') };
    const by = (tool: FoundBuild['by'], board: string, facts = family('esp8266')): FoundBuild => ({
      ...build('b', 9, board),
      by: tool,
      facts,
    });
    expect(codeOf(chooseBuild([by('PlatformIO', 'esp32dev', family('esp32')), nodemcu], 5, '/s'))).toBe(
      'build-for-several-boards',
    );
    expect(codeOf(chooseBuild([by('exported binary', 'esp8266:esp8266:d1_mini'), nodemcu], 5, '/s'))).toBe(
      'build-for-several-boards',
    );
    expect(codeOf(chooseBuild([by('exported binary', 'esp8266:esp8266:nodemcu'), nodemcu], 5, '/s'))).toBe('b');
    expect(codeOf(chooseBuild([by('exported binary', 'nodemcu', []), nodemcu], 5, '/s'))).toBe('b');
    expect(codeOf(chooseBuild([by('PlatformIO', 'kitchen'), nodemcu], 5, '/s'))).toBe('b');
  });

  it('is measured against sources in folders too, not against builds', async () => {
    const host = hostWith({ '/s/a/a.ino': 3, '/s/a/src/deep/x.cpp': 6, '/s/a/a.ino.bin': 9, '/s/a/notes.txt': 8 });
    expect(await newestSource('/s/a', host)).toBe(6);
  });
});
