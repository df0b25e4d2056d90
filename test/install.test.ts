// whyota install and uninstall on folders as they are met: whole, half-written, read-only, of an IDE in a box.
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { home, whyota } from './cli.fixture.ts';

const nobody = 65_534;

interface Arduino {
  readonly env: Record<string, string>;
  readonly words: readonly string[];
  readonly esp8266: string;
  readonly home: string;
}

/** Two cores and a sketchbook, in folders with blanks and letters of their own. */
function arduino(place = 'Arduino Dätä'): Arduino {
  const folder = home();
  const data = join(folder, place);
  const core = (name: string): string => {
    const to = join(data, 'packages', name, 'hardware', name, '3.0.0');
    cpSync(join('test/fixtures/cores', name), to, { recursive: true });
    return to;
  };
  core('esp32');
  const sketchbook = join(folder, 'Sketchbücher');
  mkdirSync(sketchbook);
  return {
    env: { HOME: folder, WHYOTA_HOME: join(folder, 'whyota') },
    words: ['arduino', '--data', data, '--sketchbook', sketchbook],
    esp8266: core('esp8266'),
    home: folder,
  };
}

/** All files below, with what is in them. */
const everything = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, 'latin1')]),
  );

describe('whyota install arduino', () => {
  it('shows first, writes, has nothing to do then, and goes away without a trace', async () => {
    const { env, words, esp8266, home: folder } = arduino();
    writeFileSync(join(esp8266, 'platform.local.txt'), 'compiler.cpp.extra_flags=-DX\nhalf of a li');
    const before = everything(folder);
    const shown = await whyota(['install', ...words, '--dry-run'], { env });
    expect(shown.exit).toBe(0);
    expect(shown.err).toContain('esptool.upload.network_pattern');
    expect(everything(folder)).toEqual(before);
    expect((await whyota(['install', ...words], { env })).out).toContain('Arduino Dätä');
    expect(everything(folder)).not.toEqual(before);
    expect((await whyota(['install', ...words], { env })).out).toContain('nothing to do');
    expect((await whyota(['uninstall', ...words], { env })).exit).toBe(0);
    expect(everything(folder)).toEqual(before);
  });

  it('leaves a file alone in which half of its own lines stand', async () => {
    const { env, words, esp8266 } = arduino();
    writeFileSync(join(esp8266, 'platform.local.txt'), 'x=1\n# >>> whyota\ntools.esptool.up');
    const before = everything(esp8266);
    const { exit, result } = await whyota(['install', ...words, '--json'], { env });
    expect([exit, result['code']]).toEqual([1, 'arduino-half-written']);
    expect(everything(esp8266)).toEqual(before);
  });

  it("leaves a core alone of which it can't read a file", async () => {
    const { env, words, esp8266 } = arduino();
    mkdirSync(join(esp8266, 'platform.local.txt'));
    for (const command of ['install', 'uninstall']) {
      const { exit, result } = await whyota([command, ...words, '--json'], { env });
      expect([exit, result['code']]).toEqual([1, 'arduino-unreadable']);
    }
  });

  it("leaves somebody else's uploader alone", async () => {
    const { env, words, esp8266 } = arduino();
    writeFileSync(join(esp8266, 'platform.local.txt'), 'tools.esptool.upload.network_pattern="{cmd');
    const before = everything(esp8266);
    const { exit, result } = await whyota(['install', ...words, '--json'], { env });
    expect([exit, result['code']]).toEqual([1, 'arduino-recipe-taken']);
    expect(everything(esp8266)).toEqual(before);
  });

  it.skipIf(process.getuid?.() !== 0)('says where it may not write', async () => {
    const { env, words, home: folder } = arduino();
    chmodSync(folder, 0o755);
    const before = everything(folder);
    const { exit, result, err } = await whyota(['install', ...words, '--json'], { env, user: nobody });
    expect([exit, result['code']]).toEqual([1, 'arduino-not-writable']);
    expect(err).toBe('');
    expect(everything(folder)).toEqual(before);
  });

  it.runIf(process.platform === 'linux')(
    'writes nothing into an IDE in a box, and says what to do instead',
    async () => {
      const { env, words, home: folder } = arduino('snap/arduino/current/.arduino15');
      const before = everything(join(folder, 'snap'));
      const named = await whyota(['install', ...words, '--json'], { env });
      expect([named.exit, named.result['code']]).toEqual([1, 'arduino-sandboxed']);
      const found = await whyota(['install', 'arduino'], { env });
      expect(found.exit).toBe(1);
      expect(found.err).toContain('runs in a box (snap)');
      expect(found.err).not.toContain('no Arduino core');
      expect(everything(join(folder, 'snap'))).toEqual(before);
    },
  );
});

describe('after a core update', () => {
  it.runIf(process.platform === 'linux')(
    'the discovery that the IDE starts puts the lines into the new version',
    async () => {
      const folder = home();
      const env = { HOME: folder, WHYOTA_HOME: join(folder, 'whyota') };
      const version = (name: string) => join(folder, '.arduino15', 'packages', 'esp8266', 'hardware', 'esp8266', name);
      cpSync('test/fixtures/cores/esp8266', version('3.1.1'), { recursive: true });
      await whyota(['install', 'arduino'], { env });
      cpSync('test/fixtures/cores/esp8266', version('3.1.2'), { recursive: true });
      const { exit, out, err } = await whyota(['discovery'], { env, input: 'HELLO 1 "arduino-cli 1.1.1"\nQUIT\n' });
      expect(exit).toBe(0);
      expect(out.split('\n')[0]).toBe('{"eventType":"hello","protocolVersion":1,"message":"OK"}');
      expect(err).toContain('is new: put in place');
      const lines = (name: string) => readFileSync(join(version(name), 'platform.local.txt'), 'utf8');
      expect(lines('3.1.2')).toBe(lines('3.1.1'));
    },
  );
});

describe('whyota install platformio', () => {
  it('adds one line to what uploads over the air, and takes it away again', async () => {
    const { env, home: folder } = arduino();
    const ini = '[env:d1]\r\nplatform = espressif8266\r\nupload_protocol = espota\r\nupload_port = kitchen.local\r\n';
    writeFileSync(join(folder, 'platformio.ini'), ini);
    expect((await whyota(['install', 'platformio', folder], { env })).exit).toBe(0);
    expect(readFileSync(join(folder, 'platformio.ini'), 'utf8')).toMatch(
      /upload_command = ".+" ".+" espota \$UPLOADERFLAGS -f \$SOURCE ; by whyota\r\n/,
    );
    expect((await whyota(['uninstall', 'platformio', folder], { env })).exit).toBe(0);
    expect(readFileSync(join(folder, 'platformio.ini'), 'utf8')).toBe(ini);
  });

  it('says what is missing', async () => {
    const { env, home: folder } = arduino();
    expect((await whyota(['install', 'platformio', folder, '--json'], { env })).exit).toBe(2);
    writeFileSync(join(folder, 'platformio.ini'), '[env:d1]\nplatform = espressif8266\n');
    const { exit, result } = await whyota(['install', 'platformio', folder, '--json'], { env });
    expect([exit, result['code']]).toEqual([1, 'platformio-no-espota']);
  });
});
