/** What travels: the datagrams of both sides, as mirrored pairs of functions. Nothing here throws on bad input. */
import { ascii, text } from '#values/index.ts';
import { parseError } from './errors.ts';
import type { BoardError, Command } from './events.ts';

/** Command numbers on the wire; 200 carries the answer to a challenge. */
export const commandNumbers = { sketch: 0, filesystem: 100, authentication: 200 } as const;

export interface Invitation {
  readonly command: Command;
  /** TCP port that the board is to call. */
  readonly hostPort: number;
  /** Bytes that will be sent, and their MD5 in lower-case hex: cores up to 2.4.2 compare it as text. */
  readonly size: number;
  readonly md5: string;
}

/** Always ends in LF: without it ESP8266 cores up to 2.4.0 never come back. */
export const printInvitation = ({ command, hostPort, size, md5 }: Invitation): Uint8Array =>
  ascii(`${commandNumbers[command]} ${hostPort} ${size} ${md5}\n`);

export interface ChallengeAnswer {
  readonly cnonce: string;
  readonly response: string;
}

export const printChallengeAnswer = ({ cnonce, response }: ChallengeAnswer): Uint8Array =>
  ascii(`${commandNumbers.authentication} ${cnonce} ${response}\n`);

/** Ends a handshake that nobody will finish, and is ignored in every other state of every core. */
export const inertDatagram: Uint8Array = ascii('1\n');

/** How a core's parser differs from the next one's. */
export interface ParserRules {
  /** A number of so many digits reads as 0. */
  readonly digitLimit: number;
  /** False up to esp8266/Arduino 2.4.0: without a terminator it reads on for ever. */
  readonly stopsAtEnd: boolean;
}

/** A datagram as a board reads it. `endless`: the board never gets out of its parser. */
export type ToBoard =
  | { readonly kind: 'invitation'; readonly invitation: Invitation }
  | { readonly kind: 'answer'; readonly answer: ChallengeAnswer }
  /** Commands that this state does not know, and digests of a wrong length. */
  | { readonly kind: 'dropped'; readonly command: number; readonly digest?: string }
  | { readonly kind: 'endless' };

/** What an idle board makes of a datagram (ArduinoOTA.cpp, parseInt and readStringUntil). */
export function parseInvitation(bytes: Uint8Array, rules: ParserRules): ToBoard {
  const reader = new Reader(bytes, rules);
  const command = reader.number();
  if (command !== commandNumbers.sketch && command !== commandNumbers.filesystem)
    return reader.or({ kind: 'dropped', command });
  const hostPort = reader.number();
  const size = reader.number();
  reader.skip();
  const md5 = reader.until('\n').replace(/^[\t-\r ]+|[\t-\r ]+$/g, '');
  if (md5.length !== 32) return reader.or({ kind: 'dropped', command, digest: md5 });
  const invitation: Invitation = { command: command === 0 ? 'sketch' : 'filesystem', hostPort, size, md5 };
  return reader.or({ kind: 'invitation', invitation });
}

/** What a board that waits for an answer to its challenge makes of a datagram; both fields must be `length` characters. */
export function parseChallengeAnswer(bytes: Uint8Array, rules: ParserRules, length: number): ToBoard {
  const reader = new Reader(bytes, rules);
  const command = reader.number();
  if (command !== commandNumbers.authentication) return reader.or({ kind: 'dropped', command });
  reader.skip();
  const cnonce = reader.until(' ');
  const response = reader.until('\n');
  if (cnonce.length !== length || response.length !== length) return reader.or({ kind: 'dropped', command });
  return reader.or({ kind: 'answer', answer: { cnonce, response } });
}

class Reader {
  readonly #words: string;
  readonly #rules: ParserRules;
  #at = 0;
  #endless = false;

  constructor(bytes: Uint8Array, rules: ParserRules) {
    this.#words = text(bytes);
    this.#rules = rules;
  }

  number(): number {
    while (this.#words[this.#at] === ' ') this.#at++;
    const start = this.#at;
    while (/^\d$/.test(this.#words[this.#at] ?? '')) {
      if (this.#at - start === this.#rules.digitLimit) return 0;
      this.#at++;
    }
    const digits = this.#at - start;
    return digits < this.#rules.digitLimit ? Number(this.#words.slice(start, this.#at)) : 0;
  }

  skip(): void {
    this.#at++;
  }

  /** Up to `mark`, a NUL or, where the core knows it, the end. */
  until(mark: string): string {
    const start = this.#at;
    while (this.#at < this.#words.length) {
      const next = this.#words[this.#at++];
      if (next === mark || next === '\0') return this.#words.slice(start, this.#at - 1);
    }
    if (!this.#rules.stopsAtEnd) this.#endless = true;
    return this.#words.slice(start);
  }

  or(result: ToBoard): ToBoard {
    return this.#endless ? { kind: 'endless' } : result;
  }
}

/** What a board answers by datagram. */
export type Reply =
  | { readonly kind: 'ok' }
  | { readonly kind: 'challenge'; readonly nonce: string }
  | { readonly kind: 'authentication-failed' }
  | { readonly kind: 'error'; readonly line: string; readonly error: BoardError }
  | { readonly kind: 'unknown'; readonly text: string };

export function parseReply(bytes: Uint8Array): Reply {
  const words = text(bytes.subarray(0, 512));
  if (words === 'OK') return { kind: 'ok' };
  if (words === 'Authentication Failed') return { kind: 'authentication-failed' };
  const nonce = /^AUTH ([\x21-\x7e]{32}|[\x21-\x7e]{64})\s*$/.exec(words)?.[1];
  if (nonce) return { kind: 'challenge', nonce };
  const line = /^ERR: (.*)/s.exec(words)?.[1];
  const error = line === undefined ? undefined : parseError(line);
  if (line !== undefined && error) return { kind: 'error', line, error };
  return { kind: 'unknown', text: words };
}

export function printReply(reply: Reply): string {
  switch (reply.kind) {
    case 'ok':
      return 'OK';
    case 'challenge':
      return `AUTH ${reply.nonce}`;
    case 'authentication-failed':
      return 'Authentication Failed';
    case 'error':
      return `ERR: ${reply.line}`;
    case 'unknown':
      return reply.text;
  }
}
