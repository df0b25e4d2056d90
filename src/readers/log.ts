import type { Fact } from '#values/facts.ts';
import { type Build, sayBuild } from './build.ts';
import { takeCommand } from './command.ts';
import { EsphomeLog } from './esphome.ts';
import { EspotaLog, sayAttempts } from './espota.ts';
import { confinementByPath, osByPath, takeHeader } from './headers.ts';
import { takeForm, takePull } from './http.ts';
import { Notes, type Noticed } from './notes.ts';
import { type Line, linesOf, rowsOf } from './paste.ts';
import { readPerson } from './person.ts';
import { saySettings, settingsIn } from './settings.ts';
import { takeSigns } from './signs.ts';
import { Segments, takeSizes } from './sizes.ts';
import { serialSuccess, takeTarget, toolSigns } from './tools.ts';

/** What a reader found. */
export interface Reading {
  readonly facts: readonly Fact[];
  /** What was noticed, in the order of the text. */
  readonly seen: readonly Noticed[];
}

/** Reads the pasted output of an upload, good or bad: of the Arduino IDE 1.6-2, arduino-cli, PlatformIO, espota, esptool,
 *  ESPHome, Arduino's network upload, web forms; cut off, wrapped, quoted, mixed with prose and source, in any language. */
export function readLog(text: string): Reading {
  const notes = new Notes();
  readLogLines(linesOf(rowsOf(text)), notes);
  return { facts: notes.facts, seen: notes.seen };
}

/** Reads lines into notes; gives back the lines of output, by their numbers. */
export function readLogLines(lines: readonly Line[], notes: Notes): ReadonlySet<number> {
  const build: Build = {};
  const espota = new EspotaLog();
  const esphome = new EsphomeLog();
  const segments = new Segments();
  const output = new Set<number>();
  let byWire = false;
  for (const [index, line] of lines.entries()) {
    if (line.code) continue;
    const command = takeCommand(lines, index, build, notes);
    if (command) espota.begin(line);
    const took = [
      takeHeader(line, build, notes),
      takeSizes(line, build) || segments.take(line),
      command,
      espota.take(line),
      esphome.take(line, build, notes),
      takeSigns(toolSigns, line, notes, 'log'),
      takePull(line, notes, 'log') || takeForm(line, notes, 'log'),
    ].some(Boolean);
    const size = /\bUpload size:\s?(\d{2,9})\b/i.exec(line.text)?.[1];
    if (size) build.fileBytes = Number(size);
    takeTarget(line, notes);
    byWire ||= serialSuccess.test(line.text);
    if (took) {
      output.add(line.number);
      takePlace(line, notes);
    }
  }
  if (segments.sketchUses !== undefined) build.sketchUses = segments.sketchUses;
  sayOutcome(espota, esphome, byWire, notes);
  if (notes.get('args.command') === 'filesystem') build.kind = 'filesystem';
  const prose = lines.filter(
    ({ number, code, at, text }) => !code && at === undefined && (!output.has(number) || tells.test(text)),
  );
  sayBuild(build, notes, 'log', overTheAir(notes), settingsIn(prose));
  readPerson(prose, notes);
  saySettings(prose, notes);
  return output;
}

/** A sentence of a person, even where it quotes what the tool said: so many plain words in a row no tool prints. */
const tells = /^[^/\\]{0,200}?(?:\b[a-z']{1,12}\b[,.]?[ ]){8}/i;

/** Where the tool ran, by the paths in its own lines. */
function takePlace({ text }: Line, notes: Notes): void {
  const os = osByPath(text);
  if (os && !notes.has('host.os')) notes.say('host.os', os, 'log');
  const confinement = confinementByPath(text);
  if (confinement) notes.infer('host.confinement', confinement, 'log');
}

function sayOutcome(espota: EspotaLog, esphome: EsphomeLog, byWire: boolean, notes: Notes): void {
  const begun = espota.attempts.some(({ ended, invited, listening }) => ended || listening || invited !== undefined);
  if (!esphome.fellBack && (!esphome.speaks || begun)) sayAttempts(espota.attempts, notes);
  if (byWire && !begun && !esphome.ended && !notes.has('attempt.tool-text')) {
    notes.say('attempt.tool-text', 'success', 'log');
    notes.say('tool.method', 'serial', 'log');
  }
}

/** An update over the air that did not simply go well: then what runs on the board matters. */
const overTheAir = (notes: Notes): boolean => {
  const method = notes.get('tool.method');
  return method !== undefined && method !== 'serial' && notes.get('attempt.tool-text') !== 'success';
};
