/** What a log says of the build: the IDE's first line, board names and menu options, paths, PlatformIO's preamble. */
import { layoutOf } from '#firmware/index.ts';
import type { FactValue } from '#values/facts.ts';
import { type Build, chipOf, familyOf, flashModeOf, layoutByLabel, takeOptions } from './build.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';

type Os = FactValue<'host.os'>;

/** `Arduino: 1.8.4 (Windows 10), Board: "…"`: the first line of IDE 1.x, its second word in the person's language. */
const ideLine =
  /\bArduino\s?:\s?(1\.\d{1,2}\.\d{1,2})[^(\n]{0,40}\(([^()\n]{1,40})\)\s?,(?: TD: [\d.-]{1,12},)?[^":\n]{1,30}:\s?"([^"\n]{2,700})/;
const fqbn =
  /\b(?:esp8266|esp8266com|esp32|espressif|rp2040):(esp8266|esp32|rp2040):([\w.-]{1,60})(?::([\w.=,+-]{3,700}))?/;
const cachedCore =
  /\bcore_(?:esp8266|esp32|rp2040)_(esp8266|esp32|rp2040)_([a-z0-9_-]{2,60}?)_((?:[A-Za-z]\w{1,20}_[^,\s]{0,40},){1,30})/;
const coreFolder =
  /[\\/](esp8266|esp32|rp2040)[\\/]hardware[\\/](?:esp8266|esp32|rp2040)[\\/](\d{1,2}\.\d{1,2}\.\d{1,2}[\w.-]{0,40})/;
const gitCore = /[\\/]hardware[\\/](?:esp8266com[\\/](esp8266)|espressif[\\/](esp32)|pico[\\/](rp2040))\b/;
const platformioCore =
  /framework-arduino-?(?:(espressif8266|espressif32|pico)|espressif)\b(?:\s?@|\s?)\s{0,2}~?(\d{1,2}\.\d{1,6}\.[\w.+-]{1,40})?(?:\s{0,3}\((\d{1,2}\.\d{1,2}\.\d{1,2}(?:[\w.-]{0,20}))\))?/;
const pioProcessing = /\bprocessing [\w.-]{1,60} \(([^()\n]{5,300})\)/i;
const pioHardware = /\bHARDWARE: ([\w-]{3,20})\b.{0,60}?,\s?(\d{1,3}(?:\.\d\d?)?)(KB|MB) Flash/;
const linkScript = /eagle\.flash\.(\d{1,4}[km]\w{0,6})\.ld\b/i;

/** Takes what a line says of the build and of the tool that made it. True when it said anything. */
export function takeHeader(line: Line, build: Build, notes: Notes): boolean {
  const { text } = line;
  const readers = [takeIde, takeFqbn, takeCachedCore, takeCorePath, takePlatformio, takeLinkScript, takeEsptool];
  return readers.map((take) => take(text, build, notes)).some(Boolean);
}

function takeIde(text: string, build: Build, notes: Notes): boolean {
  const [, version, system, board] = ideLine.exec(text) ?? [];
  if (!version || !system || !board) return false;
  notes.say('tool.name', 'arduino-ide-1', 'log');
  notes.say('tool.version', version, 'log');
  const os = osNamed(system);
  if (os) notes.say('host.os', os, 'log');
  const [name = '', ...options] = board.split(/,\s?/);
  build.boardName = name.trim();
  if (/esp-?32|nodemcu-?32|lolin ?32|huzzah ?32|m5stack|ttgo/i.test(name)) build.family ??= 'esp32';
  else if (/esp8266|esp8285|nodemcu|wemos\)? d1|d1 mini|sonoff|esp-?01|huzzah/i.test(name)) build.family ??= 'esp8266';
  for (const option of options.map((each) => each.trim())) takeMenuWord(option, build);
  return true;
}

function takeMenuWord(option: string, build: Build): void {
  const layout = build.family === 'esp32' ? undefined : layoutByLabel(option, build.core);
  if (layout) {
    build.layout = layout;
    build.layoutLabel = option;
    build.family ??= 'esp8266';
  }
  const mode = flashModeOf(option);
  if (mode && /^(?:qio|qout|dio|dout)\b/i.test(option)) build.flashMode = mode;
  const scheme = schemeOfMenu(option);
  if (scheme && build.family !== 'esp8266') {
    build.scheme = scheme;
    build.layoutLabel = option;
  }
  const flash = /^(\d{1,2})MB \(\d{1,3}Mb\)$/.exec(option)?.[1];
  if (flash) build.flashBytes = Number(flash) * 1024 * 1024;
}

/** Words of arduino-esp32's partition menu (boards.txt @ 1.0.4-3.x) that name a scheme for certain. */
const schemeOfMenu = (option: string): string | undefined =>
  /^huge app\b/i.test(option)
    ? 'huge_app'
    : /^minimal spiffs \(/i.test(option)
      ? 'min_spiffs'
      : /^default 4MB with spiffs/i.test(option)
        ? 'default'
        : /^no ota \(2MB/i.test(option)
          ? 'no_ota'
          : undefined;

function takeFqbn(text: string, build: Build): boolean {
  const [, arch, board, options] = fqbn.exec(text) ?? [];
  if (!arch || !board) return false;
  takeBoard(arch, board, options?.split(',').map((each) => each.split('=') as [string, string]) ?? [], build);
  return true;
}

function takeCachedCore(text: string, build: Build): boolean {
  const [, arch, board, options] = cachedCore.exec(text) ?? [];
  if (!arch || !board || !options) return false;
  const pairs = options.split(',').map((each): [string, string] => {
    const at = each.indexOf('_');
    return [each.slice(0, at), each.slice(at + 1)];
  });
  takeBoard(arch, board, pairs, build);
  return true;
}

/** A board id with its menu options. */
export function takeBoard(arch: string, board: string, options: readonly (readonly [string, string])[], build: Build) {
  const family = familyOf(arch);
  if (family) build.family = family;
  build.boardName ??= board;
  const chip = chipOf(board);
  if (chip && chip !== 'esp8266' && chip !== 'esp32') build.chip ??= chip;
  takeOptions(new Map(options.filter((pair) => pair.length === 2)), build);
}

function takeCorePath(text: string, build: Build): boolean {
  const [, arch, version] = coreFolder.exec(text) ?? [];
  if (arch && version) {
    build.family ??= familyOf(arch)!;
    build.core ??= version.replace(/[.-]+$/, '');
    return true;
  }
  const git = gitCore.exec(text);
  const family = git && familyOf(git[1] ?? git[2] ?? git[3] ?? '');
  if (family) build.family ??= family;
  return Boolean(family);
}

function takePlatformio(text: string, build: Build, notes: Notes): boolean {
  let said = false;
  const [, about] = pioProcessing.exec(text) ?? [];
  if (about) {
    said = true;
    notes.say('tool.name', 'platformio', 'log');
    const platform = /\b(espressif8266|espressif32|raspberrypi)\b/.exec(about)?.[1];
    if (platform) build.family ??= platformFamily[platform]!;
    const board = /board: ([\w.-]{2,40})/.exec(about)?.[1];
    if (board) build.boardName ??= board;
  }
  const core = platformioCore.exec(text);
  if (core && !/[\\/]framework-arduino/.test(text)) {
    said = true;
    const family = core[1] && platformFamily[core[1]];
    if (family) build.family ??= family;
    const version = core[3] ?? (core[2] && coreOfPackage(core[2]));
    if (version) build.core ??= version;
  }
  const [, chip, size, unit] = pioHardware.exec(text) ?? [];
  if (chip && size) {
    said = true;
    build.flashBytes = Math.round(Number(size) * (unit === 'MB' ? 1024 * 1024 : 1024));
    const exact = chipOf(chip);
    if (exact && exact !== 'esp8266' && exact !== 'esp32') build.chip ??= exact;
    build.family ??= /8266|8285/.test(chip) ? 'esp8266' : /^ESP32/i.test(chip) ? 'esp32' : 'rp2040';
  }
  const platformioVersion = /\bPlatformIO(?: Core)?,? version:? (\d{1,2}\.\d{1,2}\.\d{1,2})/i.exec(text)?.[1];
  if (platformioVersion) {
    notes.say('tool.name', 'platformio', 'log');
    notes.say('tool.version', platformioVersion, 'log');
  }
  return said;
}

const platformFamily: Readonly<Record<string, NonNullable<Build['family']>>> = {
  espressif8266: 'esp8266',
  espressif32: 'esp32',
  raspberrypi: 'rp2040',
  pico: 'rp2040',
};

/** PlatformIO's package numbers hold the core's: 3.20704.0 is 2.7.4, 3.10006.210326 is 1.0.6. */
export function coreOfPackage(version: string): string | undefined {
  const middle = /^\d{1,2}\.(\d{5,6})\./.exec(version)?.[1];
  if (!middle) return /^[1-9]\.\d{1,2}\.\d{1,2}$/.test(version) ? version : undefined;
  const number = Number(middle);
  return [Math.floor(number / 10000), Math.floor(number / 100) % 100, number % 100].join('.');
}

function takeLinkScript(text: string, build: Build): boolean {
  const id = linkScript.exec(text)?.[1];
  const layout = id ? layoutOf(id, build.core) : undefined;
  if (layout) build.layout ??= layout;
  if (id) build.family ??= 'esp8266';
  return Boolean(id);
}

/** The chip as esptool found it, and the size of its flash. */
function takeEsptool(text: string, build: Build, notes: Notes): boolean {
  const named = /(?:\bChip is|\bChip type:|\bDetecting chip type\.{2,4}|--chip)\s{1,16}(ESP[\w-]{2,20})/i.exec(
    text,
  )?.[1];
  const chip = named ? chipOf(named) : undefined;
  if (chip) {
    build.family ??= chip.startsWith('esp32') ? 'esp32' : 'esp8266';
    if (chip !== 'esp8266' || !/--chip/.test(text)) build.chip ??= chip;
  }
  const [, size, unit] = /\b(?:Auto-)?detected flash size: (\d{1,3})(MB|KB)/i.exec(text) ?? [];
  if (size) notes.say('board.flash-real', Number(size) * (unit!.toUpperCase() === 'MB' ? 1024 * 1024 : 1024), 'log');
  return Boolean(chip ?? size);
}

export const osNamed = (words: string): Os | undefined =>
  /windows/i.test(words)
    ? 'windows'
    : /mac|os x|darwin/i.test(words)
      ? 'macos'
      : /linux/i.test(words)
        ? 'linux'
        : undefined;

/** The operating system whose paths a line of a tool shows. */
export const osByPath = (text: string): Os | undefined =>
  /\b[A-Za-z]:[\\/]{1,2}(?:Users|Program|Windows|Documents|temp)\b|\bpython3?\.exe\b|AppData[\\/]|\bespota\.exe\b|\.pio(?:envs)?\\/i.test(
    text,
  )
    ? 'windows'
    : /(?:^|[\s"'=])\/(?:Users|private\/var\/folders|var\/folders|Applications)\//.test(text)
      ? 'macos'
      : /(?:^|[\s"'=])\/(?:home|root|tmp|opt|snap)\/|\/mnt\/c\/Users/.test(text)
        ? 'linux'
        : undefined;

/** What encloses the tool, by its paths. */
export const confinementByPath = (text: string): FactValue<'host.confinement'> | undefined =>
  /\/mnt\/[cd]\/Users\/|\\\\wsl(?:\$|\.localhost)\\/i.test(text)
    ? 'wsl'
    : /(?:^|[\s"'=])\/snap\/arduino/.test(text)
      ? 'snap'
      : /\/\.var\/app\/|\/var\/lib\/flatpak\//.test(text)
        ? 'flatpak'
        : /\bdocker (?:run|exec)\b|(?:^|\s)\/(?:config\/esphome|data\/build)\//.test(text)
          ? 'container'
          : undefined;
