/** What the person says of the set-up: issue templates filled in, versions and boards named in prose. Where two are named,
 *  it could be either, and nothing is said. */
import type { FactValue } from '#values/facts.ts';
import { type Build, layoutByLabel } from './build.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';

/** The build that the prose tells of. */
export function settingsIn(lines: readonly Line[]): Build {
  const texts = lines.map(({ text }) => text);
  const family = onlyOne(texts.flatMap(familiesIn));
  const core = onlyOne(texts.flatMap(coresIn));
  const label = family === 'esp32' ? undefined : onlyOne(texts.flatMap(layoutsIn));
  const layout = label === undefined ? undefined : layoutByLabel(label, core);
  return { ...(family && { family }), ...(core && { core }), ...(layout && { layout }) };
}

/** Says what prose tells of the set-up and no log shows. */
export function saySettings(lines: readonly Line[], notes: Notes): void {
  const { family, core, layout } = settingsIn(lines);
  if (family && !notes.has('board.family')) notes.say('board.family', family, 'person');
  if (core && !notes.has('build.core-version')) notes.say('build.core-version', core, 'person');
  if (layout && !notes.has('build.fs-start') && notes.get('board.family') === 'esp8266') {
    notes.say('build.fs-start', layout.fsStart, 'person');
    notes.say('image.flash-declared', layout.flashBytes, 'person');
  }
  const texts = lines.map(({ text }) => text);
  if (!notes.has('board.flash-real') && texts.some((text) => oneMegabyte.test(text)))
    notes.infer('board.flash-real', 0x100000, 'person');
  const os = onlyOne(texts.flatMap(systemsIn));
  if (os && !notes.has('host.os')) notes.say('host.os', os, 'person');
  const ide = onlyOne(texts.flatMap(ideVersionsIn));
  if (!ide || notes.has('tool.name') || notes.has('tool.version')) return;
  notes.say('tool.name', ide.startsWith('1') ? 'arduino-ide-1' : 'arduino-ide-2', 'person');
  notes.say('tool.version', ide, 'person');
}

/** Modules and devices that are sold with 1 MB of flash. */
const oneMegabyte = /\bSonoffs?\b|\bESP-?8285\b|\bESP-?01S\b/i;

const onlyOne = <V>(found: readonly V[]): V | undefined => (new Set(found).size === 1 ? found[0] : undefined);

const captures = (text: string, words: RegExp): string[] =>
  [...text.matchAll(words)].slice(0, 20).map((each) => each[1]!);

type Family = FactValue<'board.family'>;

function familiesIn(text: string): Family[] {
  const found: Family[] = [];
  if (
    /\bESP-?82(?:66|85)|\bESP-?(?:01S?|0[2-9]S?|1[0-4][EFS]?|201)\b|\bNodeMCU(?!\W{0,2}(?:-?32|ESP-?32))|\bWemos D1\b(?! ?R32)|\bD1 mini\b(?! ?32)|\bSonoff\b/i.test(
      text,
    )
  )
    found.push('esp8266');
  if (/\bESP-?32/i.test(text)) found.push('esp32');
  if (/\bRP2040\b|\bPico ?W\b/i.test(text)) found.push('rp2040');
  return found;
}

function systemsIn(text: string): FactValue<'host.os'>[] {
  const found: FactValue<'host.os'>[] = [];
  if (
    /\bwindows (?:xp|7|8|8\.1|10|11|vista|pc|machine|laptop|firewall|defender)\b|\bwin ?(?:7|10|11)\b|\b(?:OS|operating system)\W{1,12}windows\b/i.test(
      text,
    )
  )
    found.push('windows');
  if (/\bmac ?os\b|\bos x\b|\bmacbook\b|\bimac\b/i.test(text)) found.push('macos');
  if (/\blinux\b|\bubuntu\b|\bdebian\b|\braspbian\b/i.test(text)) found.push('linux');
  return found;
}

const coresIn = (text: string): string[] => [
  ...captures(text, /\bcore (?:installation )?version\W{1,14}v?([1-3]\.\d{1,2}\.\d{1,2})\b/gi),
  ...captures(
    text,
    /\b(?:esp8266|esp32|arduino-esp32)\b[\w /-]{0,24}\b(?:core|package|boards?)\b[\w :]{0,14}\bv?([1-3]\.\d{1,2}\.\d{1,2})\b/gi,
  ),
];

/** "Arduino IDE 1.8.19"; a bare "Arduino 1.8.2" is the IDE too, a bare "Arduino 2.0.3" may be a core. */
const ideVersionsIn = (text: string): string[] => [
  ...captures(text, /\bIDE\b[ :-]{0,4}(?:version|ver\.?)?[ :]{0,3}v?((?:1\.[68]|2\.[0-9])\.\d{1,2})\b/gi),
  ...captures(text, /\b(?:Arduino|Audrino) v?(1\.[68]\.\d{1,2})\b/gi),
];

const layoutsIn = (text: string): string[] =>
  captures(text, /\b(\d{1,4}[KM]B? ?\((?:FS: ?)?(?:no|none|\d{1,4}[KM]B?)(?: SPIFFS| OTA:~\d{1,4}KB)?\))/g).map(
    (label) => label.replace(/\s/g, '').replace('(', ' (').replace('SPIFFS', ' SPIFFS').replace('OTA', ' OTA'),
  );
