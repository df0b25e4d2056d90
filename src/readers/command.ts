/** The uploader's command line, as tools echo it or people type it. */
import type { FactValue } from '#values/facts.ts';
import { type Build, familyOf } from './build.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';
import { authShape, kindByName, targetShape } from './shapes.ts';

/** espota.py (all cores), espota.exe; `esp\nota.py` where a terminal broke the line. */
const espota = /\bespota(?:\.py|\.exe)?["']?(?=\s{1,4}["']?-)/i;
const arduinoOta = /\barduinoOTA(?:\.exe)?["']?(?=\s{1,4}["']?-)/;

const espotaOption =
  /(?:^|\s)(["']?)(-[iIpPafsdrmt](?![A-Za-z]{2})|--(?:ip|host[_-]ip|port|host[_-]port|auth|file|spiffs|debug|progress|timeout|md5-target)\b)(?:\s?=|(?=[\s"'\d])|$)/g;
const arduinoOtaOption =
  /(?:^|\s)(["']?)(-(?:address|port|username|password|sketch|upload|reset|sync|sync_exp|ssl|b|d|v|q|t)\b)/g;

const longNames: Readonly<Record<string, string>> = {
  '-i': 'ip',
  '-I': 'host_ip',
  '-p': 'port',
  '-P': 'host_port',
  '-a': 'auth',
  '-f': 'file',
  '-s': 'spiffs',
};

/** Options of a command with their values. Values may hold blanks: each runs to the next option. */
function optionsIn(rest: string, option: RegExp): Map<string, string> {
  const marks = [...rest.matchAll(option)].slice(0, 40);
  const found = new Map<string, string>();
  let quotedUntil = 0;
  for (const [index, mark] of marks.entries()) {
    if (mark.index < quotedUntil) continue;
    const start = mark.index + mark[0].length;
    let value = rest.slice(start, marks[index + 1]?.index ?? rest.length);
    // "--auth=secret --port=8266" in quotes is one argument, whatever stands in it.
    if (mark[1]) {
      const end = rest.indexOf(mark[1], start);
      if (end >= 0) {
        quotedUntil = end + 1;
        value = rest.slice(start, end);
      }
    }
    const name = longNames[mark[2]!] ?? mark[2]!.replace(/^-+/, '').replace('-', '_');
    if (!found.has(name)) found.set(name, unquoted(value));
  }
  return found;
}

const unquoted = (value: string): string => {
  const text = value.trim();
  const quoted = /^(["'])(.*)\1$/.exec(text) ?? /^(["'])([^"']*)/.exec(text);
  return quoted ? quoted[2]! : text;
};

/** Takes an uploader's command that begins in this line; it may go on in the next ones. True when there was one. */
export function takeCommand(lines: readonly Line[], index: number, build: Build, notes: Notes): boolean {
  const { text, number } = lines[index]!;
  const start = espota.exec(text) ?? arduinoOta.exec(text);
  if (!start) return takeOptionsDump(text, number, build, notes);
  const http = start[0].startsWith('arduino');
  const rest = commandText(lines, index, start.index + start[0].length);
  const options = optionsIn(rest, http ? arduinoOtaOption : espotaOption);
  if (options.size === 0) return false;
  notes.notice(number, `the uploader's command (${http ? 'arduinoOTA' : 'espota'})`);
  notes.say('tool.program', http ? 'arduino-ota' : 'espota', 'log');
  notes.say('tool.method', http ? 'network-upload' : 'espota', 'log');
  const family =
    /[\\/](?:framework-arduinoespressif)?(8266|32|esp8266|esp32|rp2040)[\\/](?:[\w.-]{1,40}[\\/])?tools[\\/]espota/i.exec(
      text,
    )?.[1];
  if (family) build.family ??= familyOf(family.replace(/^(?=\d)/, 'esp').toLowerCase()) ?? 'esp8266';
  if (http) sayArduinoOta(options, build, notes);
  else sayEspota(options, build, notes);
  return true;
}

/** The command up to its end: a line that stops before the file was named goes on in the next. */
function commandText(lines: readonly Line[], index: number, from: number): string {
  let rest = lines[index]!.text.slice(from);
  for (let next = index + 1; next < Math.min(index + 5, lines.length); next++) {
    const named = /\s["']?(?:-f|--file|-sketch)[\s=]/.test(rest);
    const complete = named && /\.(?:bin|hex|elf|uf2|gz|signed)["']?(?:\s|$)/i.test(rest);
    const { text, at, code } = lines[next]!;
    if (complete || at !== undefined || code || /^\[|^(?:Uploading|Sending|Traceback|Sketch|usage)\b/i.test(text))
      break;
    rest += ` ${text}`;
  }
  return rest.slice(0, 2000);
}

function sayEspota(options: ReadonlyMap<string, string>, build: Build, notes: Notes): void {
  sayTarget(options.get('ip'), options.get('port'), notes);
  const auth = options.get('auth');
  sayAuth(auth, notes);
  const file = firstWord(options.get('file'));
  if (file !== undefined) sayFile(file, build);
  const spiffs = options.has('spiffs');
  if (spiffs || file !== undefined) notes.say('args.command', spiffs ? 'filesystem' : 'sketch', 'log');
  if (!options.has('port') && options.has('ip')) {
    const usual = build.family === 'esp8266' ? 8266 : build.family === 'esp32' ? 3232 : undefined;
    if (usual) notes.infer('args.ota-port', usual, 'log');
  }
}

function sayArduinoOta(options: ReadonlyMap<string, string>, build: Build, notes: Notes): void {
  sayTarget(firstWord(options.get('address')), firstWord(options.get('port')), notes);
  sayAuth(options.get('password'), notes);
  const file = firstWord(options.get('sketch'));
  if (file !== undefined) sayFile(file, build);
}

function sayTarget(target: string | undefined, port: string | undefined, notes: Notes): void {
  const unfilled = [target, port].some((value) => /\{[\w.]{3,80}\}/.test(value ?? ''));
  if (unfilled) notes.say('args.target', 'placeholder', 'log');
  else if (target !== undefined) {
    const shape = targetShape(firstWord(target) ?? '');
    if (shape) notes.say('args.target', shape, 'log');
  }
  if (port !== undefined && /^\d{1,5}$/.test(port)) notes.say('args.ota-port', Number(port), 'log');
}

function sayAuth(password: string | undefined, notes: Notes): void {
  const shape = password === undefined ? 'absent' : authShape(password);
  if (shape) notes.say('args.auth-shape', shape, 'log');
}

function sayFile(path: string, build: Build): void {
  const kind = kindByName(path);
  if (kind) build.kind = kind;
}

/** A path up to the end of its name; folders may hold blanks. */
const firstWord = (value: string | undefined): string | undefined =>
  value === undefined
    ? undefined
    : (/^.{0,400}?\.(?:bin|hex|elf|uf2)(?:\.gz|\.signed)?(?=["'\s]|$)/i.exec(value)?.[0] ?? /^\S*/.exec(value)![0]);

/** `[DEBUG]: Options: {'esp_ip': '…', 'esp_port': 8266, 'auth': '…', …}`, printed by espota with `-d`. */
function takeOptionsDump(text: string, number: number, build: Build, notes: Notes): boolean {
  const dump = /\bOptions: (?:Namespace\()?[{(]?(.{0,1500})/.exec(text)?.[1];
  if (!dump || !/esp_ip|esp_port/.test(dump)) return false;
  notes.notice(number, "the uploader's options");
  notes.say('tool.program', 'espota', 'log');
  notes.say('tool.method', 'espota', 'log');
  const word = (name: string): string | undefined =>
    new RegExp(`\\b${name}'?\\s?[:=]\\s?(?:'([^']{0,300})'|"([^"]{0,300})")`)
      .exec(dump)
      ?.slice(1)
      .find((each) => each !== undefined);
  const port = /\besp_port'?\s?[:=]\s?'?(\d{1,5})\b/.exec(dump)?.[1];
  sayTarget(word('esp_ip'), port, notes);
  const auth = word('auth');
  if (auth !== undefined) sayAuth(auth, notes);
  const image = word('image');
  if (image !== undefined) sayFile(image, build);
  const command: FactValue<'args.command'> | undefined = /\bspiffs'?\s?[:=]\s?(?:True|False)/.test(dump)
    ? /\bspiffs'?\s?[:=]\s?True/.test(dump)
      ? 'filesystem'
      : 'sketch'
    : undefined;
  if (command) notes.say('args.command', command, 'log');
  return true;
}
