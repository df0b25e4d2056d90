/** Files that builds leave behind or begin from: build.options.json, platformio.ini, the names in a build folder. */
import type { FactValue } from '#values/facts.ts';
import { type Build, sayBuild } from './build.ts';
import { coreOfPackage, takeBoard } from './headers.ts';
import type { Reading } from './log.ts';
import { Notes, short } from './notes.ts';
import { authShape, kindByName, targetShape } from './shapes.ts';

const longestFile = 500_000;
const none: Reading = { facts: [], seen: [] };

/** `build.options.json` of the Arduino IDE 1.6-2 and arduino-cli, or the JSON of `arduino-cli compile --json`. */
export function readBuildOptions(json: string): Reading {
  if (json.length > longestFile) return none;
  let content: unknown;
  try {
    content = JSON.parse(json);
  } catch {
    return none;
  }
  if (typeof content !== 'object' || content === null) return none;
  const options = content as Record<string, unknown>;
  const text = (key: string): string =>
    typeof options[key] === 'string' ? (options[key] as string).slice(0, 4000) : '';
  const build: Build = {};
  const notes = new Notes();
  takeFqbn(text('fqbn'), build);
  const folders = `${text('hardwareFolders')},${text('builtInToolsFolders')},${text('compiler.cache')}`;
  takeCompileResult(options, build);
  // 10804 is 1.8.4; arduino-cli writes 10607 whatever its version.
  const ide = /^10(\d)(\d\d)$/.exec(text('runtime.ide.version'));
  if (ide && ide[0] !== '10607') {
    notes.say('tool.name', 'arduino-ide-1', 'build');
    notes.say('tool.version', `1.${ide[1]}.${Number(ide[2])}`, 'build');
  }
  if (/[\\/]Arduino IDE[\\/]resources[\\/]app/i.test(folders)) notes.infer('tool.name', 'arduino-ide-2', 'build');
  sayBuild(build, notes, 'build', false);
  return { facts: notes.facts, seen: notes.seen };
}

/** `vendor:arch:board:key=value,…` */
function takeFqbn(fqbn: string, build: Build): void {
  const [, arch, board, options] = /^[\w.-]{0,60}:([\w.-]{0,60}):([\w.-]{1,60})(?::(.{1,2000}))?$/.exec(fqbn) ?? [];
  if (!arch || !board) return;
  takeBoard(
    arch,
    board,
    (options ?? '').split(',').map((each) => each.split('=') as [string, string]),
    build,
  );
}

/** The result of `arduino-cli compile --json`: platform version and sizes. */
function takeCompileResult(content: Record<string, unknown>, build: Build): void {
  const result = record(content['builder_result']);
  const platform = record(result['board_platform'] ?? result['build_platform']);
  const [, arch] = /:(esp8266|esp32|rp2040)$/.exec(typeof platform['id'] === 'string' ? platform['id'] : '') ?? [];
  if (arch) build.family ??= arch as NonNullable<Build['family']>;
  if (arch && typeof platform['version'] === 'string') build.core = short(platform['version']);
  const sections = result['executable_sections_size'];
  if (!Array.isArray(sections)) return;
  const program = record(sections.slice(0, 20).find((each) => record(each)['name'] === 'text'));
  if (typeof program['size'] === 'number') build.sketchUses = program['size'];
  if (typeof program['max_size'] === 'number') build.maximum = program['max_size'];
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

/** `platformio.ini`: the environment that uploads over the air, else the only one. `environment` names another. */
export function readPlatformioIni(ini: string, environment?: string): Reading {
  const sections = sectionsOf(ini.slice(0, longestFile));
  const environments = [...sections].filter(([name]) => name.startsWith('env:'));
  const common = sections.get('env') ?? new Map<string, string[]>();
  const chosen =
    (environment === undefined ? undefined : sections.get(`env:${environment}`)) ??
    environments.find(([, keys]) => isOverTheAir(keys))?.[1] ??
    (environments.length === 1 ? environments[0]![1] : undefined);
  if (!chosen && common.size === 0) return none;
  const settings = new Map([...common, ...(chosen ?? [])]);
  const value = (key: string): string => settings.get(key)?.join(' ').trim() ?? '';
  const notes = new Notes();
  const build: Build = {};
  notes.say('tool.name', 'platformio', 'build');
  const platform = value('platform');
  if (/espressif8266/.test(platform)) build.family = 'esp8266';
  else if (/espressif32/.test(platform)) build.family = 'esp32';
  else if (/raspberrypi/.test(platform)) build.family = 'rp2040';
  if (value('board')) build.boardName = value('board');
  const pinned = /framework-arduinoespressif(?:8266|32)\s?@\s?[~^]?(\d[\w.+-]{3,40})/.exec(
    value('platform_packages'),
  )?.[1];
  const core = pinned ? coreOfPackage(pinned) : undefined;
  if (core) build.core = core;
  takeLayout(value('board_build.ldscript'), value('board_build.partitions'), build);
  sayUpload(settings, build, notes);
  sayBuild(build, notes, 'build', false);
  return { facts: notes.facts, seen: notes.seen };
}

const isOverTheAir = (keys: ReadonlyMap<string, readonly string[]>): boolean =>
  keys.get('upload_protocol')?.join('').trim() === 'espota' ||
  targetShape(keys.get('upload_port')?.join('').trim() ?? '') === 'ipv4';

function takeLayout(script: string, partitions: string, build: Build): void {
  const id = /^eagle\.flash\.(\w{2,12})\.ld$/.exec(script)?.[1];
  if (id) takeBoard('esp8266', build.boardName ?? 'generic', [['eesz', id]], build);
  const scheme = /^(\w{3,40})\.csv$/.exec(partitions)?.[1];
  if (scheme && build.family === 'esp32') build.scheme = scheme;
}

function sayUpload(settings: ReadonlyMap<string, readonly string[]>, build: Build, notes: Notes): void {
  const port = settings.get('upload_port')?.join(' ').trim();
  const protocol = settings.get('upload_protocol')?.join(' ').trim();
  const shape = port ? targetShape(/\$\{/.test(port) ? '' : port) : undefined;
  if (shape && shape !== 'empty') notes.say('args.target', shape, 'build');
  // platform-espressif32 and -espressif8266 choose espota by themselves for a numeric address or a .local name only.
  const espota = protocol === 'espota' || (!protocol && (shape === 'ipv4' || shape === 'dot-local'));
  if (espota) {
    notes.say('tool.method', 'espota', 'build');
    notes.say('tool.program', 'espota', 'build');
  } else if (port && (!protocol || protocol === 'esptool')) notes.say('tool.program', 'esptool', 'build');
  const flags = settings.get('upload_flags') ?? [];
  const flag = (names: RegExp): string | undefined =>
    flags.map((each) => names.exec(each.trim())?.[1]).find((each) => each !== undefined);
  const otaPort = flag(/^(?:--port[=\s]|-p\s?)\s?(\d{1,5})$/);
  if (otaPort) notes.say('args.ota-port', Number(otaPort), 'build');
  else if (espota) {
    const usual = build.family === 'esp8266' ? 8266 : build.family === 'esp32' ? 3232 : undefined;
    if (usual) notes.infer('args.ota-port', usual, 'build');
  }
  const auth = flag(/^(?:--auth[=\s]|-a\s)\s?(.{0,300})$/);
  const form: FactValue<'args.auth-shape'> | undefined =
    auth === undefined
      ? espota
        ? 'absent'
        : undefined
      : /\$\{/.test(auth)
        ? 'given'
        : authShape(auth.replace(/^(["'])(.*)\1$/, '$2'));
  if (form) notes.say('args.auth-shape', form, 'build');
}

/** Sections of an ini file; a value may go on in indented lines, each an element of its own. */
function sectionsOf(ini: string): Map<string, Map<string, string[]>> {
  const sections = new Map<string, Map<string, string[]>>();
  let keys: Map<string, string[]> | undefined;
  let values: string[] | undefined;
  for (const raw of ini.split('\n').slice(0, 5000)) {
    const line = raw.replace(/(?:^|\s)[;#].*$/, '').trimEnd();
    const section = /^\[([^\]\n]{1,100})\]/.exec(line)?.[1];
    if (section) {
      keys = new Map();
      values = undefined;
      if (sections.size < 200) sections.set(section.trim(), keys);
    } else if (/^\s+\S/.test(line) && values) values.push(line.trim());
    else {
      const [, key, value] = /^([\w.]{1,60})\s{0,20}=\s{0,20}(.{0,2000})$/.exec(line) ?? [];
      if (!key || !keys) continue;
      values = value ? [value] : [];
      keys.set(key, values);
    }
  }
  return sections;
}

/** A build folder by the names of its files, relative or whole paths: which of them is the one to send, and for what. */
export function readBuildFolder(names: readonly string[]): Reading & { readonly image: string | undefined } {
  const files = names.slice(0, 20_000);
  const image =
    files.find((name) => /\.ino\.bin$|(?:^|[\\/])firmware\.bin$/i.test(name)) ??
    files.find((name) => /\.bin$/i.test(name) && kindByName(name) === 'app');
  const notes = new Notes();
  const build: Build = {};
  for (const name of files) {
    const [, arch, board] =
      /[\\/]build[\\/](?:esp8266|esp32|rp2040)\.(esp8266|esp32|rp2040)\.([\w-]{1,60})[\\/]/.exec(name) ?? [];
    if (arch && board) takeBoard(arch, board, [], build);
    if (/\.pio(?:envs)?[\\/]/.test(name)) notes.infer('tool.name', 'platformio', 'build');
    if (/\.uf2$/i.test(name)) build.family ??= 'rp2040';
    else if (/(?:^|[\\/])(?:boot_app0|bootloader|[\w.-]+\.bootloader|partitions|[\w.-]+\.partitions)\.bin$/i.test(name))
      build.family ??= 'esp32';
    else if (/(?:^|[\\/])local\.eagle\.(?:flash|app)\b.*\.ld$/i.test(name)) build.family ??= 'esp8266';
  }
  sayBuild(build, notes, 'build', false);
  return { facts: notes.facts, seen: notes.seen, image };
}
