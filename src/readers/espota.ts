/** What espota says while it works and how it ends: espota.py of esp8266 2.0.0-3.1.2, arduino-esp32 1.0.0-3.x, arduino-pico,
 *  and the copy inside old ESPHome. Its words are English in every language of the IDE. */
import type { FactValue } from '#values/facts.ts';
import { errorKindOf } from './device-errors.ts';
import type { Notes } from './notes.ts';
import type { Line } from './paste.ts';
import { targetShape } from './shapes.ts';

type ToolText = FactValue<'attempt.tool-text'>;

/** One go of the uploader, as far as the log shows it. */
export interface Attempt {
  readonly line: number;
  /** Its beginning was seen too, so it is one of its own and not the message quoted again. */
  begun?: true;
  ended?: { readonly kind: ToolText; readonly line: number; readonly text: string };
  listening?: true;
  /** Whom it invited. */
  invited?: string;
  authenticating?: 'ok' | 'fail' | 'begun';
  sha256?: true;
  waiting?: true;
  uploading?: true;
  percent?: number;
  results: string[];
}

const errorHead = /(?:\[(?:ERROR|CRITICAL)\]|\bERROR(?:\s\[[\w.]{1,60}\])?)\s?:?\s{0,3}(.{1,400})/;

/** How it can end, by the words after `[ERROR]:`. */
const endings: readonly (readonly [RegExp, ToolText])[] = [
  [/^no response from (?:the )?device/i, 'no-response-from-device'],
  [/^no response from the ESP/i, 'no-response-from-the-esp'],
  [/^no answer to our auth/i, 'no-answer-to-authentication'],
  [/^no answer\b/i, 'no-answer'],
  [/^authentication failed/i, 'authentication-failed'],
  [/^bad answer/i, 'bad-answer'],
  [/^ERR: /, 'bad-answer'],
  [/^error uploading/i, 'error-uploading'],
  [/^no result/i, 'no-result'],
  [/^error response from (?:the )?device/i, 'error-response'],
  [/^listen failed/i, 'listen-failed'],
  [/^host .{1,120} not found/i, 'host-not-found'],
  [/^not enough arguments/i, 'usage-error'],
];

const endingOf = (text: string): ToolText | undefined => endings.find(([words]) => words.test(text))?.[1];

/** Reads a log's lines into attempts. */
export class EspotaLog {
  readonly attempts: Attempt[] = [];

  /** A command or the first words of a run: what follows belongs to a new attempt. */
  begin(line: Line): void {
    const last = this.attempts.at(-1);
    if (!last || last.ended || last.uploading || last.invited !== undefined)
      this.attempts.push({ line: line.number, results: [] });
    this.attempts.at(-1)!.begun = true;
  }

  #current(line: Line): Attempt {
    const last = this.attempts.at(-1);
    if (last && !last.ended) return last;
    const attempt: Attempt = { line: line.number, results: [] };
    this.attempts.push(attempt);
    return attempt;
  }

  /** True when the line is one of espota's. */
  take(line: Line): boolean {
    const { text } = line;
    return this.#takeProgress(line, text) || this.#takeEnding(line, text);
  }

  #takeProgress(line: Line, text: string): boolean {
    let said = false;
    if (/\bStarting on \d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}:\d{2,5}/i.test(text)) {
      this.begin(line);
      this.#current(line).listening = true;
      said = true;
    }
    const invited = /\bSending invitation to:?\s{1,3}(\S{1,120})/i.exec(text)?.[1];
    if (invited) {
      if (this.attempts.at(-1)?.invited !== undefined) this.begin(line);
      const attempt = this.#current(line);
      attempt.invited = invited;
      attempt.begun = true;
      said = true;
    }
    const auth = /\bAuthenticating(?: \(([\w-]{2,30})\))?\s?\.{3}\s?(OK|FAIL)?/.exec(text);
    if (auth) {
      const attempt = this.#current(line);
      attempt.authenticating = auth[2] === 'OK' ? 'ok' : auth[2] === 'FAIL' ? 'fail' : 'begun';
      if (/PBKDF2|SHA/i.test(auth[1] ?? '')) attempt.sha256 = true;
      said = true;
    }
    if (/Retrying with MD5 password/i.test(text)) {
      this.#current(line).sha256 = true;
      said = true;
    }
    if (/\bWaiting for device\.{2,3}/i.test(text)) {
      this.#current(line).waiting = true;
      said = true;
    }
    const bar = /\bUploading\s?:\s?\[[= ]{0,80}\]\s{0,3}(\d{1,3})\s?%/.exec(text.slice(text.lastIndexOf('Uploading')));
    if (bar || /^(?:INFO )?Uploading\.{2,}|\bUploading\.{6,}/.test(text)) {
      const attempt = this.#current(line);
      attempt.uploading = true;
      if (bar) attempt.percent = Math.min(100, Number(bar[1]));
      said = true;
    }
    const result = /\bResult:\s?(.{0,120})$/.exec(text);
    if (/\bWaiting for result\.{2,3}/i.test(text) || result) {
      const attempt = this.#current(line);
      attempt.percent = 100;
      attempt.uploading = true;
      if (result) attempt.results.push(result[1]!.trim());
      if (result && /^OK\b|^\d{0,6}OK$/.test(result[1]!.trim())) this.#end(line, 'success', result[1]!);
      said = true;
    }
    if (/^(?:\[INFO\]: )?(?:Success|Complete)$/.test(text)) {
      if (this.attempts.at(-1)?.uploading) this.#end(line, 'success', text);
      said = true;
    }
    return said;
  }

  #takeEnding(line: Line, text: string): boolean {
    const words = errorHead.exec(text)?.[1] ?? (text.length < 60 ? text.replace(/^["'`\s]+/, '') : '');
    const kind = endingOf(words) ?? this.#boardsOwnWords(text, words);
    if (kind) this.#end(line, kind, words);
    return kind !== undefined;
  }

  /** Up to esp8266 3.1.2 espota prints the board's last reply as its own error: `[ERROR]: ERROR[10]: Magic byte is wrong`. */
  #boardsOwnWords(text: string, words: string): ToolText | undefined {
    const last = this.attempts.at(-1);
    if (!last?.uploading || last.ended || !/\[ERROR\]/.test(text) || !errorKindOf(words)) return undefined;
    last.results.push(words);
    return 'error-response';
  }

  #end(line: Line, kind: ToolText, text: string): void {
    const last = this.attempts.at(-1);
    // The IDE prints the last line twice, once in its own voice.
    if (last?.ended && last.ended.kind === kind && line.number - last.ended.line <= 3) return;
    this.#current(line).ended = { kind, line: line.number, text };
  }
}

/** Facts of the attempts: the last one that failed speaks, the others tell whether it is always the same. */
export function sayAttempts(attempts: readonly Attempt[], notes: Notes): void {
  const ended = attempts.filter((each) => each.ended);
  for (const each of ended) {
    notes.say('attempt.tool-text', each.ended!.kind, 'log');
    notes.notice(each.ended!.line, `espota ended: ${each.ended!.kind.replaceAll('-', ' ')}`);
  }
  const last = ended.findLast((each) => each.ended!.kind !== 'success') ?? ended.at(-1);
  const speaks = last ?? attempts.findLast((each) => each.uploading || each.invited !== undefined);
  if (!speaks) return;
  notes.say('tool.method', 'espota', 'log');
  notes.say('tool.program', 'espota', 'log');
  if (!notes.has('tool.interpreter')) notes.say('tool.interpreter', 'found', 'log');
  const target = speaks.invited === undefined || notes.has('args.target') ? undefined : targetShape(speaks.invited);
  if (target) notes.say('args.target', target, 'log');
  if (speaks.listening) notes.say('listener.bind', 'ok', 'log');
  sayProgress(speaks, notes);
  if (last) sayEnding(last, notes);
  sayRepetition(ended, notes);
}

function sayProgress(attempt: Attempt, notes: Notes): void {
  if (attempt.authenticating) {
    notes.say('invite.reply', 'auth', 'log');
    if (attempt.authenticating === 'ok') notes.say('auth.result', 'accepted', 'log');
  }
  if (attempt.sha256) {
    notes.infer('auth.nonce-length', 64, 'log');
    notes.say('tool.auth-schemes', 'md5-and-sha256', 'log');
  }
  if (attempt.uploading) notes.say('connectback.tcp', 'accepted', 'log');
  if ((attempt.waiting || attempt.uploading) && !attempt.authenticating) notes.infer('invite.reply', 'ok', 'log');
}

function sayEnding(attempt: Attempt, notes: Notes): void {
  const { kind, text } = attempt.ended!;
  const stopped = (stage: FactValue<'attempt.stopped-in'>) => notes.say('attempt.stopped-in', stage, 'log');
  switch (kind) {
    case 'no-response-from-device':
      stopped('connect-back');
      notes.say('connectback.tcp', 'timed-out', 'log');
      if (!attempt.authenticating) notes.infer('invite.reply', 'ok', 'log');
      return;
    case 'no-answer':
    case 'no-response-from-the-esp':
      stopped('invite');
      notes.say('invite.reply', 'silence', 'log');
      return;
    case 'no-answer-to-authentication':
      stopped('authenticate');
      notes.say('invite.reply', 'auth', 'log');
      notes.say('auth.result', 'no-reply', 'log');
      return;
    case 'authentication-failed':
      stopped('authenticate');
      notes.say('invite.reply', 'auth', 'log');
      notes.say('auth.result', 'refused', 'log');
      return;
    case 'bad-answer':
      sayRefusal(attempt, text, notes);
      return;
    case 'error-uploading':
      stopped('transfer');
      notes.infer('connectback.tcp', 'accepted', 'log');
      if (attempt.percent !== undefined) notes.say('transfer.stopped-at', attempt.percent, 'log');
      if (/timed out/i.test(text)) notes.say('transfer.end', 'stall', 'log');
      if (/reset by peer|10054|broken pipe|forcibly closed/i.test(text)) notes.say('transfer.end', 'closed', 'log');
      return;
    case 'no-result':
      stopped('verdict');
      notes.say('verdict.reply', 'none', 'log');
      sayWholeTransfer(notes);
      return;
    case 'error-response':
      sayErrorResponse(attempt, notes);
      sayLastReplies(attempt.results, notes);
      return;
    case 'listen-failed':
      stopped('listen');
      notes.say('listener.bind', bindError(text), 'log');
      notes.say('invite.sent', 'not-sent', 'log');
      return;
    case 'host-not-found':
      sayNotFound(notes);
      return;
    case 'usage-error':
      stopped('prepare');
      return;
    case 'success':
      notes.say('verdict.reply', /\d+OK$/.test(text) ? 'ok-with-count' : 'ok', 'log');
      sayWholeTransfer(notes);
      return;
  }
}

/** The board may say so before it has everything. */
function sayErrorResponse({ percent = 100 }: Attempt, notes: Notes): void {
  notes.say('attempt.stopped-in', percent === 100 ? 'verdict' : 'transfer', 'log');
  if (percent === 100) sayWholeTransfer(notes);
  else {
    notes.say('transfer.stopped-at', percent, 'log');
    notes.say('transfer.end', 'error-text', 'log');
  }
}

const sayWholeTransfer = (notes: Notes): void => {
  notes.infer('connectback.tcp', 'accepted', 'log');
  notes.say('transfer.end', 'completed', 'log');
  notes.say('transfer.stopped-at', 100, 'log');
};

/** `Bad Answer: ERR: ERROR[4]: …` in place of an OK; with a password the text comes after the challenge. */
function sayRefusal(attempt: Attempt, text: string, notes: Notes): void {
  const reason = /\bERR(?:OR)?\b/.test(text);
  notes.say('attempt.stopped-in', attempt.authenticating ? 'authenticate' : 'invite', 'log');
  notes.say('invite.reply', attempt.authenticating ? 'auth' : reason ? 'error' : 'garbled', 'log');
  if (attempt.authenticating && reason) notes.infer('auth.result', 'accepted', 'log');
  const kind = errorKindOf(text) ?? (/UNKNOWN|ERR:\s*$/.test(text) ? 'no-detail' : undefined);
  if (reason && kind) notes.say('device.error', kind, 'log');
}

function sayLastReplies(results: readonly string[], notes: Notes): void {
  const said = results.filter(Boolean).at(-1);
  if (said === undefined) {
    notes.say('verdict.reply', 'none', 'log');
    return;
  }
  const kind = errorKindOf(said);
  if (kind) notes.say('device.error', kind, 'log');
  if (/^\d{1,6}OK$/.test(said)) notes.say('verdict.reply', 'ok-with-count', 'log');
  else if (kind || /err/i.test(said)) notes.say('verdict.reply', 'error', 'log');
}

const bindError = (text: string): FactValue<'listener.bind'> =>
  /in use|\b98\b|10048|\b48\b/i.test(text)
    ? 'in-use'
    : /cannot assign|not valid in its context|\b99\b|10049|\b49\b/i.test(text)
      ? 'address-not-own'
      : /permission|not permitted|\b13\b|10013/i.test(text)
        ? 'permission-denied'
        : 'other-error';

/** espota of the ESP32 says so of every error of sending; only of a name is it what it says. */
function sayNotFound(notes: Notes): void {
  const target = notes.get('args.target');
  if (target === 'ipv4' || target === 'ipv6') {
    notes.say('attempt.stopped-in', 'invite', 'log');
    notes.say('invite.sent', 'not-sent', 'log');
    return;
  }
  notes.say('attempt.stopped-in', 'discover', 'log');
  notes.say('invite.sent', 'name-not-found', 'log');
  if (target === 'dot-local' || target === 'bare-name' || target === 'domain-name')
    notes.say('discovery.name-resolves', 'no', 'log');
}

function sayRepetition(all: readonly Attempt[], notes: Notes): void {
  const ended = all.filter(({ begun }) => begun);
  if (ended.length < 2) return;
  const marks = ended.map((each) => (each.ended!.kind === 'success' ? '+' : '-')).join('');
  const kinds = new Set(ended.map((each) => each.ended!.kind));
  if (marks.includes('+') && marks.includes('-'))
    notes.infer('attempt.reproducible', /^\+-+$/.test(marks) ? 'first-works-then-fails' : 'sometimes', 'log');
  else if (kinds.size === 1 && !marks.includes('+')) notes.infer('attempt.reproducible', 'every-time', 'log');
  const places = ended.filter((each) => each.ended!.kind === 'error-uploading').flatMap((each) => each.percent ?? []);
  if (places.length < 2) return;
  const [least, most] = [Math.min(...places), Math.max(...places)];
  if (most <= 3) notes.say('transfer.stop-pattern', 'at-start', 'log');
  else if (most - least <= 1) notes.say('transfer.stop-pattern', 'same-place', 'log');
  else if (places.length > 2 && most - least > 5) notes.say('transfer.stop-pattern', 'random', 'log');
}
