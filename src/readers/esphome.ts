/** ESPHome's own over-the-air upload (`esphome/espota2.py` 1.9-2026.x): the computer calls the board, one byte answers. */

import type { Build } from './build.ts';
import { errorKindOf } from './device-errors.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';

const own =
  /^(?:INFO|WARNING|ERROR) (?:ESPHome \d|Reading configuration|Generating C\+\+|Successfully (?:compiled|uploaded) program|Connecting to \S+|Core config or version changed|OTA successful|Upload took|Starting log output from)/;

/** Reads ESPHome's lines of a log. */
export class EsphomeLog {
  /** ESPHome is at work here, and in its own protocol. */
  speaks = false;
  /** Its own way failed and it tried the older one, whose silence says nothing of the first (ESPHome 1.9-1.14). */
  fellBack = false;
  #ended = false;
  #percent: number | undefined;

  take(line: Line, build: Build, notes: Notes): boolean {
    const { text } = line;
    const percent = /\bUploading: \[[= ]{0,80}\]\s{0,3}(\d{1,3})%/.exec(text)?.[1];
    if (percent) this.#percent = Math.min(100, Number(percent));
    const version = /\bESPHome(?: version)? (\d{4}\.\d{1,2}\.\d{1,2}(?:b\d|-dev)?)/.exec(text)?.[1];
    if (version && /^INFO |^\[.{1,30}\]ESPHome/.test(text)) notes.say('tool.version', version, 'log');
    const sent = /^(?:INFO )?Uploading \S{1,300} \((\d{4,9}) bytes\)/.exec(text)?.[1];
    if (sent) build.fileBytes = Number(sent);
    if (own.test(text) || sent || /(?:^|[$>\s])esphome (?:run|upload)\b|\.esphome[\\/]build[\\/]/.test(text)) {
      this.speaks = true;
      notes.say('tool.name', 'esphome', 'log');
    }
    if (this.#ended && /\bTrying with legacy OTA\b/.test(text)) this.fellBack = true;
    return this.#takeEnding(line, notes) || version !== undefined || sent !== undefined;
  }

  #takeEnding(line: Line, notes: Notes): boolean {
    const { text } = line;
    if (/\bOTA successful\b|^INFO Successfully uploaded program/.test(text)) {
      this.#end(line, notes, 'OTA went well');
      notes.say('attempt.tool-text', 'success', 'log');
      notes.say('transfer.end', 'completed', 'log');
      notes.say('transfer.stopped-at', 100, 'log');
      notes.say('verdict.reply', 'ok', 'log');
      return true;
    }
    const words =
      /^(?:ERROR|WARNING)\s(?:\[[\w.]{1,60}\]\s)?(.{3,400})/.exec(text)?.[1] ??
      (/^Error (?:receiving|sending|auth|binary|resolving|preparing)/.test(text) ? text : undefined);
    return words !== undefined && this.#takeError(line, words, notes);
  }

  #end(line: Line, notes: Notes, what: string): void {
    this.speaks = true;
    this.#ended = true;
    notes.notice(line.number, what);
    notes.say('tool.name', 'esphome', 'log');
    notes.say('tool.method', 'esphome', 'log');
  }

  #takeError(line: Line, words: string, notes: Notes): boolean {
    if (/^Error resolving IP address|^Error resolving hostname/i.test(words)) {
      this.#end(line, notes, 'the name was not resolved');
      notes.say('attempt.tool-text', 'host-not-found', 'log');
      notes.say('attempt.stopped-in', 'discover', 'log');
      notes.say('invite.sent', 'name-not-found', 'log');
      notes.say('discovery.name-resolves', 'no', 'log');
      return true;
    }
    const failed = /^Connecting to \S{2,120}(?: port \d{1,5})? failed(?:: (.{0,120}))?/i.exec(words);
    if (failed) {
      this.#end(line, notes, 'the board did not take the connection');
      notes.say('attempt.tool-text', 'other', 'log');
      notes.say('attempt.stopped-in', 'invite', 'log');
      const why = failed[1] ?? '';
      if (/refused|Errno (?:111|61)\b|10061/i.test(why)) notes.say('invite.reply', 'port-unreachable', 'log');
      else if (/timed out|Errno 110|10060/i.test(why)) notes.say('invite.reply', 'silence', 'log');
      return true;
    }
    if (/\bAuthentication invalid\b/.test(words)) {
      this.#end(line, notes, 'the password was refused');
      notes.say('attempt.tool-text', 'authentication-failed', 'log');
      notes.say('attempt.stopped-in', 'authenticate', 'log');
      notes.say('auth.result', 'refused', 'log');
      return true;
    }
    if (/\brequests password, but no password given/.test(words)) {
      this.#end(line, notes, 'the board wants a password');
      notes.say('attempt.tool-text', 'other', 'log');
      notes.say('attempt.stopped-in', 'authenticate', 'log');
      notes.say('invite.reply', 'auth', 'log');
      notes.say('args.auth-shape', 'absent', 'log');
      return true;
    }
    return this.#takeRefusal(line, words, notes) || this.#takeLoss(line, words, notes);
  }

  #takeRefusal(line: Line, words: string, notes: Notes): boolean {
    const kind = errorKindOf(words);
    const step =
      /^Error (?:preparing for update|binary size|file checksum|chunk OK|receive OK|Update end|update end|result|magic bytes|version|features|auth)\b/i.test(
        words,
      );
    if (!kind || !(step || this.speaks)) return false;
    this.#end(line, notes, 'the board refused');
    notes.say('device.error', kind, 'log');
    notes.say('attempt.tool-text', kind === 'not-enough-space' ? 'not-enough-space' : 'error-response', 'log');
    const late = /^Error (?:receive OK|update end)/i.test(words) || kind === 'md5' || kind === 'new-flash-config';
    notes.say('attempt.stopped-in', late ? 'verdict' : /chunk/i.test(words) ? 'transfer' : 'invite', 'log');
    return true;
  }

  /** `Error receiving acknowledge <step>: <why>`, `Error sending data: <why>`. */
  #takeLoss(line: Line, words: string, notes: Notes): boolean {
    const [, step, why] = /^Error (?:receiving(?: acknowledge)?|sending) ([\w ]{2,40}): ?(.{0,200})/.exec(words) ?? [];
    if (!step) return false;
    this.#end(line, notes, `the exchange broke off at: ${step}`);
    notes.say('attempt.tool-text', 'error-uploading', 'log');
    const moving = /^(?:chunk OK|data)$/i.test(step);
    const stage = moving
      ? 'transfer'
      : /^(?:receive OK|update end|result)$/i.test(step)
        ? 'verdict'
        : /auth|nonce/i.test(step)
          ? 'authenticate'
          : 'invite';
    notes.say('attempt.stopped-in', stage, 'log');
    if (stage === 'verdict') notes.say('verdict.reply', 'none', 'log');
    if (!moving) return true;
    if (/timed out/i.test(why!)) notes.say('transfer.end', 'stall', 'log');
    else if (/reset by peer|broken pipe|forcibly closed/i.test(why!)) notes.say('transfer.end', 'closed', 'log');
    if (this.#percent !== undefined) notes.say('transfer.stopped-at', this.#percent, 'log');
    return true;
  }

  get ended(): boolean {
    return this.#ended;
  }
}
