import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fact, validateFact } from '#values/facts.ts';
import { readAnything, readBuildFolder, readBuildOptions, readLog, readPlatformioIni, readSerial } from './index.ts';

const folder = 'test/fixtures/logs';
const pastes = readdirSync(folder).map((file) => {
  const [text = ''] = readFileSync(`${folder}/${file}`, 'utf8').split('\n=== facts\n');
  return { name: file.replace('.txt', ''), text };
});

const lines = (facts: readonly Fact[]): string[] => facts.map(({ fact, value }) => `${fact} = ${value}`).sort();
const read = (text: string): string[] => lines(readAnything(text).facts);

describe('the vocabulary', () => {
  // Copied from the reference's data/facts.schema.json.
  const schema = JSON.parse(readFileSync('test/fixtures/facts.schema.json', 'utf8'));
  const item = schema.$defs.fact;
  interface Rule {
    readonly if?: { readonly properties: { readonly fact: { readonly const: string } } };
    readonly then?: { readonly properties: { readonly value: Value } };
  }
  type Value = { enum?: unknown[]; type?: string; minimum?: number; maximum?: number };
  const rules = new Map(
    (item.allOf as Rule[]).flatMap((rule): [string, Value][] =>
      rule.if && rule.then ? [[rule.if.properties.fact.const, rule.then.properties.value]] : [],
    ),
  );

  /** Names that the project added to the schema's. */
  const added: readonly string[] = ['build.sketch-uses'];

  it('is spelled as the schema has it, in every fact of every paste', () => {
    expect(rules.size).toBeGreaterThan(150);
    for (const { name, text } of pastes)
      for (const { fact, value } of readAnything(text).facts) {
        if (added.includes(fact)) continue;
        const rule = rules.get(fact);
        expect(rule, `${name}: ${fact}`).toBeDefined();
        if (rule?.enum) expect(rule.enum, `${name}: ${fact}`).toContain(value);
        if (rule?.type === 'integer') expect(Number.isInteger(value), `${name}: ${fact} ${value}`).toBe(true);
        if (rule?.type === 'boolean') expect(typeof value).toBe('boolean');
        if (rule?.minimum !== undefined) expect(value, `${name}: ${fact}`).toBeGreaterThanOrEqual(rule.minimum);
        if (rule?.maximum !== undefined) expect(value, `${name}: ${fact}`).toBeLessThanOrEqual(rule.maximum);
      }
  });
});

describe('what forums and terminals do to a paste', () => {
  const damages: readonly (readonly [string, (text: string) => string])[] = [
    ['Windows line ends', (text) => text.replace(/\n/g, '\r\n')],
    ['a quote mark before each line', (text) => text.replace(/^/gm, '> ')],
    ['colours', (text) => text.replace(/^(.+)$/gm, '\x1b[0;31m$1\x1b[0m')],
    ['UTF-16 read as bytes', (text) => `\ufeff${[...text].join('\0')}`],
    ['HTML entities', (text) => text.replace(/"/g, '&quot;').replace(/>/g, '&gt;')],
    ['curly quotes', (text) => text.replace(/"([^"\n]*)"/g, '\u201c$1\u201d').replace(/'/g, '\u2019')],
    ['smart dashes', (text) => text.replace(/(\s)--(?=[a-z])/g, '$1\u2013').replace(/(\s)-(?=[a-z] )/g, '$1\u2013')],
    ['hard spaces', (text) => text.replace(/ /g, '\u00a0')],
    ['indentation', (text) => text.replace(/^/gm, '    ')],
  ];
  it.each(damages)('changes nothing: %s', (_, damage) => {
    for (const { name, text } of pastes) expect(read(damage(text)), name).toEqual(read(text));
  });
});

describe('secrets', () => {
  const secrets = ['Tr0ub4dor&3', 'correct horse', `${'x'.repeat(31)}!`, 'hunter2'];
  const commands = [
    (it: string) => `python espota.py -i 10.0.0.2 -p 8266 --auth=${it} -f a.ino.bin`,
    (it: string) => `python3 "C:\\x\\espota.py" -i "10.0.0.2" -p "8266" "--auth=${it}" -f "C:\\a.ino.bin"`,
    (it: string) => `espota.exe -a "${it}" -i lamp.local -f firmware.bin`,
    (it: string) =>
      `12:00:00 [DEBUG]: Options: {'esp_ip': '10.0.0.2', 'auth': '${it}', 'esp_port': 8266, 'image': 'a.bin'}`,
    (it: string) =>
      `arduinoOTA -address 10.0.0.2 -port 65280 -username arduino -password ${it} -sketch a.ino.bin -upload /sketch -b`,
  ];
  it.each(commands)('never come out of %s', (command) => {
    for (const secret of secrets) {
      const out = JSON.stringify([readAnything(command(secret)).facts, readAnything(command(secret)).seen]);
      expect(out).not.toContain(secret);
      expect(out).toContain('args.auth-shape');
    }
  });
});

describe('hostile input', () => {
  const words = fc.constantFrom(
    ...'espota.py -i -p --auth= -f Uploading: [=== ] 10% [ERROR]: No Answer ERR: ERROR[4]: rst cause:2, boot mode:(3,6) Exception (28): Sketch 249019 (49%) 499696 "Arduino: 1.8.4 (Windows 10), Board: " firewall { } ; > \r \n \0 \x1b[ 192.168.7.2 19:50:21 @cp:0 load'.split(
      ' ',
    ),
  );
  it('never makes a reader throw, and what it yields is valid', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 400 }),
      fc.array(words, { maxLength: 60 }).map((all) => all.join(' ')),
      fc
        .tuple(fc.constantFrom(...pastes), fc.nat(3000), fc.nat(3000))
        .map(([{ text: whole }, a, b]) => whole.slice(Math.min(a, b), Math.max(a, b))),
    );
    fc.assert(
      fc.property(text, (any) => {
        for (const { facts } of [
          readAnything(any),
          readLog(any),
          readSerial(any),
          readBuildOptions(any),
          readPlatformioIni(any),
          readBuildFolder([any]),
        ])
          for (const each of facts) expect(validateFact(each).ok).toBe(true);
      }),
      { numRuns: 300 },
    );
    fc.assert(fc.property(fc.json(), (json) => void readBuildOptions(json)));
  });

  it('takes time in proportion to its length', { timeout: 120_000 }, () => {
    const nasty = [
      ' ',
      'a',
      '(',
      '"',
      "'",
      '0',
      '1,',
      '-',
      '--auth=',
      'espota.py -',
      '(49%) 1000 ',
      'Arduino: 1.8.4 (',
      '\\',
      '\r',
      '\n',
      '> ',
      '[',
      'Uploading: [',
      'Options: {esp_ip ',
      'python',
      'firewall off ',
      'on my mac ',
      '/*',
      '#include\n',
      'core_esp8266_esp8266_a_',
      'Progress: 1%',
      '\x1b[',
      '&gt;',
      '\u2014a',
    ];
    for (const piece of nasty) {
      readAnything(piece.repeat(Math.ceil(300_000 / piece.length)));
      readPlatformioIni(`[env:a]\n${piece.repeat(Math.ceil(300_000 / piece.length))}`);
    }
    const log = pastes.map(({ text }) => text).join('\n');
    readAnything(log.repeat(Math.ceil(3_000_000 / log.length)));
  });
});

describe('a sketch inside a paste', () => {
  it('is handed on, once for each', () => {
    const sketch = (name: string) =>
      `#include <ArduinoOTA.h>\nvoid setup() {\n  ArduinoOTA.setHostname("${name}");\n}\nvoid loop() {\n  ArduinoOTA.handle();\n}`;
    const paste = `Here it is.\n\n${sketch('one')}\n\nAnd after the change:\n\n${sketch('two')}\n\n19:50:21 [ERROR]: No Answer`;
    expect(readAnything(paste).sketches).toEqual([sketch('one'), sketch('two')]);
  });
});

describe('build.options.json', () => {
  it('tells board, layout and flash mode', () => {
    const json = JSON.stringify({
      'runtime.ide.version': '10804',
      fqbn: 'esp8266:esp8266:generic:CpuFrequency=80,FlashMode=dio,FlashSize=1M512',
      sketchLocation: 'C:\\Users\\ada\\lamp\\lamp.ino',
    });
    expect(lines(readBuildOptions(json).facts)).toEqual([
      'board.family = esp8266',
      'board.name = generic',
      'build.fs-start = 503808',
      'image.flash-declared = 1048576',
      'image.flash-mode = dio',
      'tool.name = arduino-ide-1',
      'tool.version = 1.8.4',
    ]);
  });
  it('tells an ESP32 partition scheme without a second slot', () =>
    expect(lines(readBuildOptions('{"fqbn":"esp32:esp32:esp32c3:PartitionScheme=huge_app"}').facts)).toEqual([
      'board.chip = esp32-c3',
      'board.family = esp32',
      'board.name = esp32c3',
      'build.app-slots = 1',
    ]));
  it('of arduino-cli compile --json tells version and sizes', () => {
    const json = JSON.stringify({
      builder_result: {
        board_platform: { id: 'esp8266:esp8266', version: '2.7.4' },
        executable_sections_size: [{ name: 'text', size: 300000, max_size: 958448 }],
      },
    });
    expect(lines(readBuildOptions(json).facts)).toContain('build.core-version = 2.7.4');
    expect(lines(readBuildOptions(json).facts)).toContain('image.size = 304160');
  });
  it.each(['', '{', '[]', 'null', '7', '{"fqbn":7}', '{"builder_result":{"board_platform":{"id":{"toString":1}}}}'])(
    'says nothing when it is %s',
    (json) => expect(readBuildOptions(json).facts).toEqual([]),
  );
});

describe('platformio.ini', () => {
  it('tells how the over-the-air environment uploads', () => {
    const ini = `
[platformio]
default_envs = usb
[env]
platform = espressif8266
framework = arduino
[env:usb]
board = d1_mini
upload_port = COM8
[env:ota]
board = d1_mini
upload_protocol = espota   ; over the air
upload_port = lamp.local
upload_flags =
  --port=8288
  --auth=moon
board_build.ldscript = eagle.flash.4m2m.ld
`;
    const facts = lines(readPlatformioIni(ini).facts);
    for (const wanted of [
      'tool.name = platformio',
      'tool.method = espota',
      'args.target = dot-local',
      'args.ota-port = 8288',
      'args.auth-shape = plain',
      'board.family = esp8266',
      'board.name = d1_mini',
      'build.fs-start = 2097152',
    ])
      expect(facts).toContain(wanted);
  });
  it('tells flags that share a line, and a name that will go to esptool', () => {
    expect(
      lines(
        readPlatformioIni(
          '[env:a]\nplatform = espressif32\nupload_protocol = espota\nupload_port = 10.0.0.2\nupload_flags = --auth=moon --port=8288',
        ).facts,
      ),
    ).toEqual(expect.arrayContaining(['args.auth-shape = has-flag', 'args.ota-port = 3232']));
    expect(lines(readPlatformioIni('[env:a]\nplatform = espressif32\nupload_port = kitchen').facts)).toEqual(
      expect.arrayContaining(['tool.program = esptool', 'args.target = bare-name']),
    );
  });
});

describe('a build folder', () => {
  it('names the file to send', () => {
    const names = [
      'lamp.ino.elf',
      'lamp.ino.bootloader.bin',
      'lamp.ino.partitions.bin',
      'lamp.ino.merged.bin',
      'lamp.ino.bin',
    ];
    expect(readBuildFolder(names)).toMatchObject({ image: 'lamp.ino.bin' });
    expect(lines(readBuildFolder(names).facts)).toEqual(['board.family = esp32']);
  });
});
