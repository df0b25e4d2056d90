/** Updates over HTTP: what a board's own update page answers, and the results of a pull (ESPhttpUpdate, HTTPUpdate). */
import type { FactSource, FactValue } from '#values/facts.ts';
import { errorKindOf } from './device-errors.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';

/** `HTTP_UPDATE_FAILD Error (-104): Wrong HTTP Code`, as the examples of both cores print it (their spelling varies). */
const pullFailed =
  /\b(?:HTTP_UPDATE_FAIL(?:D|ED)|Update fail(?:d|ed)|update failed)[^\n\d-]{0,40}\(?(?:Error )?\(?(-\d{1,3}|[1-9]\d?)\)?\s?:?\s?(.{0,160})/i;

/** Codes of esp8266/Arduino 2.1.0 on and arduino-esp32; -108 differs between the two and is left out. */
const pullErrors: Readonly<Record<string, FactValue<'device.error'>>> = {
  '-100': 'not-enough-space',
  '-105': 'md5',
  '-106': 'magic',
  '-107': 'new-flash-config',
};

/** Takes the result of an update that the board fetched itself. */
export function takePull(line: Line, notes: Notes, source: FactSource): boolean {
  const [, code, words] = pullFailed.exec(line.text) ?? [];
  const named = /\bHTTP_UPDATE_FAIL/i.test(line.text);
  if (!code || !(named || /^-(?:\d|1[01]|10[0-9])$/.test(code))) return false;
  notes.notice(line.number, `an update by pull failed with ${code}`);
  notes.say('tool.method', 'http-pull', source);
  const number = Number(code);
  if (number < 0) notes.say('pull.status', number, source);
  if (number === -1) notes.infer('pull.server', 'unreachable', source);
  if (number === -101) notes.infer('pull.length', 'absent', source);
  const kind = pullErrors[code] ?? (number > 0 ? errorKindOf(words ?? '') : undefined);
  if (kind) notes.say('device.error', kind, source);
  notes.say('attempt.tool-text', 'http-error', source);
  return true;
}

/** Takes the answer of an update page, pasted or fetched with curl. */
export function takeForm(line: Line, notes: Notes, source: FactSource): boolean {
  const { text } = line;
  if (/\bcurl\b.{0,200}\s(?:-F|--form)\b/.test(text)) {
    notes.say('tool.method', 'http-form', source);
    notes.say('tool.name', 'command-line', source);
    return true;
  }
  if (/^Update Success!? ?Rebooting/i.test(text)) {
    notes.notice(line.number, 'the update page said that it went well');
    notes.say('tool.method', 'http-form', source);
    notes.say('attempt.tool-text', 'success', source);
    return true;
  }
  const words = /^(?:Update error|Upload (?:failed|error)|Update failed!?)\s?[:!-]?\s?(.{0,200})$/i.exec(text)?.[1];
  const kind = words === undefined ? undefined : errorKindOf(words);
  const curl = /^curl: \((\d{1,3})\)/.exec(text)?.[1];
  if (kind === undefined && curl === undefined) return false;
  notes.say('tool.method', 'http-form', source);
  notes.notice(line.number, 'the update page refused');
  if (kind) {
    notes.say('device.error', kind, source);
    notes.say('attempt.tool-text', kind === 'not-enough-space' ? 'not-enough-space' : 'error-response', source);
  } else {
    notes.say('attempt.tool-text', 'http-error', source);
    if (curl === '56' || curl === '55') notes.say('transfer.end', 'closed', source);
  }
  return true;
}
