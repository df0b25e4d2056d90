/** The server half of one connection: bytes and orders in, wishes out. It opens no socket and reads no clock; the state is changed
 *  in place, as a hub holds many thousands. Sources: blynkkk/blynk-server hardware handlers, blynkkk/blynk-library 0.2-1.4. */
import { type Millis, seconds } from '#values/index.ts';
import { type Info, readInfo } from './info.ts';
import { isPinNumber, type PinValues, readPinWrite, readSync } from './pins.ts';
import { command, decodeText, type Frame, fieldsOf, printFrame, printResponse, status, takeFrames } from './wire.ts';

/** Why a connection is to be closed. */
export type Ended =
  | 'no-login'
  | 'first-frame-is-no-login'
  | 'turned-away'
  | 'another-login'
  | 'silent'
  | 'replaced'
  | 'too-long'
  | 'unknown-command';

export type ServerWish =
  /** One write for each. */
  | { readonly do: 'send'; readonly bytes: Uint8Array }
  | { readonly do: 'close'; readonly why: Ended }
  /** Whose token is it? To be answered by `answerLogin`. */
  | { readonly do: 'login'; readonly token: string }
  | { readonly do: 'info'; readonly info: Info }
  | { readonly do: 'pin'; readonly write: PinValues }
  | { readonly do: 'property'; readonly pin: string; readonly name: string; readonly values: readonly string[] }
  /** To be answered by `answerSync`. */
  | { readonly do: 'sync'; readonly id: number; readonly pins: readonly string[] | 'all' }
  | { readonly do: 'notice'; readonly kind: 'notify' | 'email' | 'tweet' | 'sms' | 'event'; readonly text: string }
  /** Seconds (`rtc`) or the named value (`utc`) are wanted. To be answered by `answerClock`. */
  | { readonly do: 'clock'; readonly id: number; readonly key: string; readonly name: string }
  /** A write for another device of the same owner. To be answered by `answerBridge` where it can't be. */
  | { readonly do: 'bridge'; readonly id: number; readonly token: string; readonly fields: readonly string[] }
  | { readonly do: 'presence'; readonly presence: 'online' | 'not-answering' }
  | { readonly do: 'flooding' }
  /** The connection that was doubted answers: two boards have one token. */
  | { readonly do: 'twin' };

export interface ServerState {
  phase: 'new' | 'asking' | 'in' | 'over';
  readonly since: Millis;
  token: string;
  rest: Uint8Array;
  heardAt: Millis;
  /** Of the info message only what is needed here: undefined before it, and where it does not say. */
  library: string | undefined;
  heartbeat: number | undefined;
  longest: number | undefined;
  /** Of Blynk IoT: such sketches are mostly Blynk.Edgent's. */
  hasTemplate: boolean;
  answering: boolean;
  /** When a ping of ours went out that has no answer yet. */
  pingedAt: Millis | undefined;
  /** Whether that ping is to find out if the device is still there at all. */
  doubted: boolean;
  updating: boolean;
  nextId: number;
  /** Messages of the second that began then, and the second in which a device was last told that it sends too many. */
  second: Millis;
  messages: number;
  toldAt: Millis | undefined;
  /** Of `bridge`: by the number that the device gave it. */
  bridges: Map<string, string> | undefined;
  modes: Set<string> | undefined;
}

/** From the connection to a whole login. */
const loginWithin = seconds(10);
/** A device is gone after so many heartbeats of silence; see `heartbeatOf`. */
const silentHeartbeats = 2.3;
const suspectHeartbeats = 1.5;
/** An answer to a ping is due by then. */
const pingWithin = seconds(5);
const usualHeartbeat = 10;
/** A body from a device; libraries send 1,024 at most, the Linux one 4,096. */
const longestBody = 16_384;
/** Before login: a token and some. */
const longestLogin = 1024;
/** Messages a second of one device, as the legacy server's user.message.quota.limit. */
const quota = 100;
const tellEvery = seconds(60);
const mostBridges = 100;
const longestNotice = 255;

export const opened = (now: Millis): ServerState => ({
  phase: 'new',
  since: now,
  token: '',
  rest: new Uint8Array(0),
  heardAt: now,
  library: undefined,
  heartbeat: undefined,
  longest: undefined,
  hasTemplate: false,
  answering: true,
  pingedAt: undefined,
  doubted: false,
  updating: false,
  nextId: 1,
  second: now,
  messages: 0,
  toldAt: undefined,
  bridges: undefined,
  modes: undefined,
});

export const none: readonly ServerWish[] = [];
export const send = (bytes: Uint8Array): ServerWish => ({ do: 'send', bytes });
export const respond = (id: number, code: number): ServerWish => send(printResponse(id, code));

function close(state: ServerState, why: Ended): ServerWish {
  state.phase = 'over';
  state.rest = new Uint8Array(0);
  return { do: 'close', why };
}

/** Bytes came. While a login is looked up nothing behind it is read. */
export function receive(state: ServerState, bytes: Uint8Array, now: Millis): readonly ServerWish[] {
  if (state.phase === 'over') return none;
  state.heardAt = now;
  const wishes: ServerWish[] = [];
  if (!state.answering) {
    state.answering = true;
    wishes.push({ do: 'presence', presence: 'online' });
  }
  take(state, bytes, now, wishes);
  return wishes;
}

function take(state: ServerState, bytes: Uint8Array, now: Millis, wishes: ServerWish[]): void {
  let more = bytes;
  while (state.phase === 'new' || state.phase === 'in') {
    const fresh = state.phase === 'new';
    const [first] = state.rest.length ? state.rest : more;
    if (fresh && first !== undefined && !isLogin(first)) {
      wishes.push(close(state, 'first-frame-is-no-login'));
      return;
    }
    const { frames, rest, tooLong } = takeFrames(
      state.rest,
      more,
      fresh ? longestLogin : longestBody,
      fresh ? 1 : 1000,
    );
    state.rest = rest;
    more = new Uint8Array(0);
    for (const frame of frames) {
      if (state.phase === 'new') logIn(state, frame, wishes);
      else if (state.phase === 'in') hear(state, frame, now, wishes);
      if ((state.phase as ServerState['phase']) === 'over') return;
    }
    if (tooLong) {
      wishes.push(close(state, 'too-long'));
      return;
    }
    if (frames.length === 0) return;
  }
  if (more.length) state.rest = joined(state.rest, more);
  if (state.rest.length > longestBody) wishes.push(close(state, 'too-long'));
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

const isLogin = (number: number): boolean => number === command.login || number === command.hardwareLogin;

function logIn(state: ServerState, frame: Frame, wishes: ServerWish[]): void {
  const token = decodeText(frame.body).replace(/[\s\0]+/g, '');
  if (token.length === 0 || token.length > 64 || frame.id === 0) {
    wishes.push(close(state, 'first-frame-is-no-login'));
    return;
  }
  state.phase = 'asking';
  state.token = token;
  state.nextId = frame.id;
  wishes.push({ do: 'login', token });
}

/** `banned` is for tokens that a person has turned away for good: it leaves some libraries dead until they are restarted. A token
 *  that is not known yet is best closed without a word: the device comes again. */
export function answerLogin(
  state: ServerState,
  answer: 'good' | 'not-yet' | 'banned',
  now: Millis,
): readonly ServerWish[] {
  if (state.phase !== 'asking') return none;
  const id = state.nextId;
  state.nextId = 1;
  if (answer === 'not-yet') return [close(state, 'turned-away')];
  if (answer === 'banned') return [respond(id, status.invalidToken), close(state, 'turned-away')];
  state.phase = 'in';
  state.second = now;
  const wishes: ServerWish[] = [respond(id, status.ok), { do: 'presence', presence: 'online' }];
  take(state, new Uint8Array(0), now, wishes);
  return wishes;
}

function hear(state: ServerState, given: Frame, now: Millis, wishes: ServerWish[]): void {
  if (given.command === command.response) {
    answered(state, wishes);
    return;
  }
  // The JavaScript library counts beyond 65535 and on from 0; an answer with that id would end its connection.
  const frame = given.id === 0 ? { ...given, id: ownId(state) } : given;
  if (flooding(state, frame.id, now, wishes)) return;
  const { id } = frame;
  switch (frame.command) {
    case command.ping:
      wishes.push(respond(id, status.ok));
      return;
    case command.hardware:
      hardware(frame, wishes);
      return;
    case command.sync: {
      const pins = readSync(frame.body.length ? fieldsOf(frame.body) : []);
      if (pins === 'malformed') wishes.push(respond(id, status.illegalCommand));
      else wishes.push({ do: 'sync', id, pins });
      return;
    }
    case command.internal:
      internal(state, frame, wishes);
      return;
    case command.property: {
      const [pin = '', name = '', ...values] = fieldsOf(frame.body);
      const good = isPinNumber(pin) && name !== '' && values.length > 0;
      wishes.push(respond(id, good ? status.ok : status.illegalBody));
      if (good) wishes.push({ do: 'property', pin: `V${Number(pin)}`, name, values });
      return;
    }
    case command.bridge:
      bridge(state, frame, wishes);
      return;
    case command.notify:
    case command.tweet:
    case command.email:
    case command.sms:
      notice(frame, wishes);
      return;
    case command.event: {
      const [code = '', ...text] = fieldsOf(frame.body);
      wishes.push({
        do: 'notice',
        kind: 'event',
        text: [code, text.join(' ')].filter(Boolean).join(': ').slice(0, 500),
      });
      return;
    }
    case command.login:
    case command.hardwareLogin:
      if (decodeText(frame.body).replace(/[\s\0]+/g, '') === state.token) wishes.push(respond(id, status.ok));
      else wishes.push(close(state, 'another-login'));
      return;
    case command.group:
    case command.eventClear:
      return;
    default:
      // The legacy server ignores what it does not handle, and hangs up on what has no name.
      if (frame.command >= 100) wishes.push(close(state, 'unknown-command'));
  }
}

function answered(state: ServerState, wishes: ServerWish[]): void {
  if (state.pingedAt === undefined) return;
  state.pingedAt = undefined;
  if (state.doubted) wishes.push({ do: 'twin' });
  state.doubted = false;
}

/** True for a message beyond the quota: it is dropped, and the device told once a minute. */
function flooding(state: ServerState, id: number, now: Millis, wishes: ServerWish[]): boolean {
  if (now - state.second >= 1000) {
    state.second = now;
    state.messages = 0;
  }
  if (++state.messages <= quota) return false;
  if (state.toldAt === undefined || now - state.toldAt >= tellEvery) {
    state.toldAt = now;
    wishes.push(respond(id, status.quotaExceeded), { do: 'flooding' });
  }
  return true;
}

function hardware({ id, body }: Frame, wishes: ServerWish[]): void {
  const write = body.length < 4 ? 'malformed' : readPinWrite(withEmptyValue(body));
  if (write === 'malformed') wishes.push(respond(id, status.illegalCommand));
  else if (write) wishes.push({ do: 'pin', write });
}

/** `vw\07\0` writes an empty value: its last NUL does begin a field. */
function withEmptyValue(body: Uint8Array): readonly string[] {
  const fields = fieldsOf(body);
  return fields.length === 2 && body.at(-1) === 0 ? [...fields, ''] : fields;
}

function internal(state: ServerState, { id, body }: Frame, wishes: ServerWish[]): void {
  const fields = fieldsOf(body);
  const info = readInfo(fields);
  if (info) {
    state.library = info.library;
    state.heartbeat = info.heartbeat;
    state.longest = info.longest;
    state.hasTemplate = info.template !== undefined;
    wishes.push(respond(id, status.ok), { do: 'info', info });
    return;
  }
  const [key = '', name = ''] = fields;
  if (key === 'rtc' || key === 'utc') wishes.push({ do: 'clock', id, key, name });
}

function bridge(state: ServerState, { id, body }: Frame, wishes: ServerWish[]): void {
  const [number = '', what = '', ...rest] = fieldsOf(body);
  if (what === 'i') {
    state.bridges ??= new Map();
    const [token = ''] = rest;
    const good =
      token.length > 0 && token.length <= 64 && (state.bridges.size < mostBridges || state.bridges.has(number));
    if (good) state.bridges.set(number, token);
    wishes.push(respond(id, good ? status.ok : status.notAllowed));
    return;
  }
  const token = state.bridges?.get(number);
  if (rest.length < 1) wishes.push(respond(id, status.illegalCommand));
  else if (token === undefined) wishes.push(respond(id, status.notAllowed));
  else wishes.push({ do: 'bridge', id, token, fields: [what, ...rest] });
}

const noticeKinds: Readonly<Record<number, 'notify' | 'email' | 'tweet' | 'sms'>> = {
  [command.notify]: 'notify',
  [command.tweet]: 'tweet',
  [command.email]: 'email',
  [command.sms]: 'sms',
};

function notice({ command: number, id, body }: Frame, wishes: ServerWish[]): void {
  const text = fieldsOf(body).join(' ').trim();
  if (text === '') {
    wishes.push(respond(id, status.notificationInvalidBody));
    return;
  }
  wishes.push(respond(id, status.ok), { do: 'notice', kind: noticeKinds[number]!, text: text.slice(0, longestNotice) });
}

/** An id of our own: never 0, which makes clients hang up. */
export function ownId(state: ServerState): number {
  state.nextId = state.nextId >= 65_535 ? 1 : state.nextId + 1;
  return state.nextId;
}

// ---------------------------------------------------------------- time

/** Another connection came with the same token: is this one still alive? Unanswered, it is closed quietly. */
export function doubt(state: ServerState, now: Millis): readonly ServerWish[] {
  if (state.phase !== 'in' || state.doubted) return none;
  state.doubted = true;
  state.pingedAt = now;
  return [send(printFrame(command.ping, ownId(state)))];
}

/** While an update is sent to it a board says nothing here, and is not to be missed. */
export function setUpdating(state: ServerState, updating: boolean, now: Millis): void {
  if (state.updating && !updating) state.heardAt = now;
  state.updating = updating;
  state.pingedAt = undefined;
}

const heartbeatOf = ({ heartbeat }: ServerState): number => heartbeat ?? usualHeartbeat;
/** Silence of so long ends a connection, as the legacy server has it. */
const silenceLimit = (state: ServerState): Millis => seconds(Math.ceil(silentHeartbeats * heartbeatOf(state)));

/** Called about once a second. */
export function tick(state: ServerState, now: Millis): readonly ServerWish[] {
  if (state.phase === 'over') return none;
  // Looking a login up may take its time; that is no fault of the device.
  if (state.phase === 'asking') return none;
  if (state.phase === 'new') return now - state.since >= loginWithin ? [close(state, 'no-login')] : none;
  if (state.updating) return none;
  const silent = now - state.heardAt;
  const { pingedAt } = state;
  if (state.doubted && pingedAt !== undefined && now - pingedAt >= pingWithin) return [close(state, 'replaced')];
  if (silent >= silenceLimit(state)) return [close(state, 'silent')];
  const suspectAt = suspectHeartbeats * heartbeatOf(state) * 1000;
  if (pingedAt === undefined && silent >= suspectAt - pingWithin && state.answering) {
    state.pingedAt = now;
    return [send(printFrame(command.ping, ownId(state)))];
  }
  if (pingedAt !== undefined && state.answering && silent >= suspectAt && now - pingedAt >= pingWithin) {
    state.answering = false;
    state.pingedAt = undefined;
    return [{ do: 'presence', presence: 'not-answering' }];
  }
  return none;
}
