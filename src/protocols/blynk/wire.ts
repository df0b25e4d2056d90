/** Blynk's hardware protocol on the wire: a header of five bytes (command, id, length or status; big-endian), then the body,
 *  whose fields are set apart by NUL. Sources: blynkkk/blynk-library src/Blynk/BlynkProtocolDefs.h, blynkkk/blynk-server
 *  MessageDecoder.java. */
import { concat } from '#values/index.ts';

export const command = {
  response: 0,
  /** Libraries up to 0.5.4. */
  login: 2,
  ping: 6,
  tweet: 12,
  email: 13,
  notify: 14,
  bridge: 15,
  sync: 16,
  internal: 17,
  sms: 18,
  property: 19,
  hardware: 20,
  group: 21,
  /** From 0.6.0 on. */
  hardwareLogin: 29,
  redirect: 41,
  print: 55,
  event: 64,
  eventClear: 65,
} as const;

export const status = {
  quotaExceeded: 1,
  illegalCommand: 2,
  alreadyLoggedIn: 4,
  notAllowed: 6,
  deviceNotInNetwork: 7,
  /** Survivable only inside begin(): a device that was connected before never comes back. Said only of a token that a person
   *  has banned. */
  invalidToken: 9,
  illegalBody: 11,
  notificationInvalidBody: 13,
  ok: 200,
} as const;

export interface Frame {
  readonly command: number;
  readonly id: number;
  /** Of a response; it has no body. */
  readonly status?: number;
  readonly body: Uint8Array;
}

const headerBytes = 5;
const nothing = new Uint8Array(0);

/** One frame, to be written in one piece: the Linux client reads the body with a timeout of a millisecond. */
export function printFrame(number: number, id: number, ...parts: readonly string[]): Uint8Array {
  const body = encodeText(parts.join('\0'));
  const head = new Uint8Array(headerBytes);
  head[0] = number;
  writeU16Big(head, 1, id);
  writeU16Big(head, 3, body.length);
  return concat(head, body);
}

export function printResponse(id: number, code: number): Uint8Array {
  const head = new Uint8Array(headerBytes);
  writeU16Big(head, 1, id);
  writeU16Big(head, 3, code);
  return head;
}

const readU16Big = (bytes: Uint8Array, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!;
function writeU16Big(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >> 8;
  bytes[at + 1] = value & 0xff;
}

export interface Taken {
  readonly frames: readonly Frame[];
  /** What is not a whole frame yet. */
  readonly rest: Uint8Array;
  /** A frame that announces more than `most` bytes: what follows can't be told apart any more. */
  readonly tooLong: boolean;
}

/** Whole frames of what has come, `before` included. At most `most` bytes a body, and `count` frames. */
export function takeFrames(before: Uint8Array, bytes: Uint8Array, most: number, count = 1000): Taken {
  const all = before.length === 0 ? bytes : concat(before, bytes);
  const frames: Frame[] = [];
  let at = 0;
  while (all.length - at >= headerBytes && frames.length < count) {
    const number = all[at]!;
    const id = readU16Big(all, at + 1);
    const word = readU16Big(all, at + 3);
    if (number === command.response) {
      frames.push({ command: number, id, status: word, body: nothing });
      at += headerBytes;
      continue;
    }
    if (word > most) return { frames, rest: nothing, tooLong: true };
    const end = at + headerBytes + word;
    if (all.length < end) break;
    frames.push({ command: number, id, body: all.subarray(at + headerBytes, end) });
    at = end;
  }
  return { frames, rest: at === all.length ? nothing : all.slice(at), tooLong: false };
}

/** The fields of a body; the NUL that some libraries put at the end begins none. */
export function fieldsOf(body: Uint8Array): string[] {
  const fields = decodeText(body).split('\0');
  if (fields.length > 1 && fields.at(-1) === '') fields.pop();
  return fields;
}

// ---------------------------------------------------------------- text that survives the way there and back

const strict = new TextDecoder('utf-8', { fatal: true });
const encoder = new TextEncoder();
/** Devices send raw bytes too: what is no UTF-8 becomes a lone surrogate for each byte, and the same byte again. */
const escaped = 0xdc00;

export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    let text = '';
    for (let i = 0; i < bytes.length; ) {
      const length = utf8Length(bytes, i);
      if (length > 0) text += strict.decode(bytes.subarray(i, i + length));
      else text += String.fromCharCode(escaped + bytes[i]!);
      i += length || 1;
    }
    return text;
  }
}

/** Length of the valid sequence that begins here; 0: none does. */
function utf8Length(bytes: Uint8Array, at: number): number {
  const first = bytes[at]!;
  const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  try {
    strict.decode(bytes.subarray(at, at + length));
    return length;
  } catch {
    return 0;
  }
}

export function encodeText(text: string): Uint8Array {
  if (!/[\udc80-\udcff]/.test(text)) return encoder.encode(text);
  const parts: Uint8Array[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Uint8Array.of(code - escaped) : encoder.encode(character));
  }
  return concat(...parts);
}
