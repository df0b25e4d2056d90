/** The device half: a library of one version inside a sketch. Sources: blynkkk/blynk-library src/Blynk/BlynkProtocol.h and
 *  BlynkConfig.h at tags 0.3.10 to 1.3.2. */
import { type Millis, millis, seconds } from '#values/index.ts';
import { libraryAtLeast } from './info.ts';
import { command, decodeText, type Frame, fieldsOf, printFrame, printResponse, status, takeFrames } from './wire.ts';

export interface Library {
  readonly version: string;
  /** Heartbeat, seconds. */
  readonly heartbeat: number;
  /** For an answer to the login or a ping, and for one attempt to connect. */
  readonly timeout: Millis;
  readonly loginCommand: number;
  readonly longest: number;
}

export const libraryOf = (version: string): Library => ({
  version,
  heartbeat: libraryAtLeast(version, '1.0.0') ? 45 : 10,
  timeout: seconds(libraryAtLeast(version, '1.0.0') ? 6 : libraryAtLeast(version, '0.5.4') ? 3 : 2),
  loginCommand: libraryAtLeast(version, '0.6.0') ? command.hardwareLogin : command.login,
  longest: libraryAtLeast(version, '0.4.4') ? 1024 : 256,
});

export interface DeviceOptions {
  readonly library: Library;
  readonly token: string;
  readonly board: string;
  readonly build: string;
}

export type DeviceWish =
  | { readonly do: 'connect' }
  | { readonly do: 'send'; readonly bytes: Uint8Array }
  | { readonly do: 'close' }
  /** Login was answered 200. */
  | { readonly do: 'in' }
  | { readonly do: 'pin'; readonly pin: string; readonly values: readonly string[] }
  | { readonly do: 'ota'; readonly url: string }
  /** Connects there from now on, until it restarts. */
  | { readonly do: 'redirect'; readonly host: string; readonly port: number | undefined };

export interface DeviceState {
  readonly options: DeviceOptions;
  /** `invalid`: the server said 9 to a device that had been in, or to a library from 0.6.0 on: it never tries again. */
  phase: 'out' | 'connecting' | 'asking' | 'in' | 'invalid';
  rest: Uint8Array;
  nextId: number;
  triedAt: Millis;
  heardAt: Millis;
  sentAt: Millis;
  pingedAt: Millis;
}

/** From the start of one attempt to the next. */
const tryEvery = seconds(5);
const long: Millis = millis(-1e9);

export const deviceOf = (options: DeviceOptions): DeviceState => ({
  options,
  phase: 'out',
  rest: new Uint8Array(0),
  nextId: 1,
  triedAt: long,
  heardAt: long,
  sentAt: long,
  pingedAt: long,
});

/** One pass of run(). */
export function run(state: DeviceState, now: Millis): readonly DeviceWish[] {
  const { library } = state.options;
  switch (state.phase) {
    case 'out':
      if (now - state.triedAt < tryEvery) return [];
      state.triedAt = now;
      state.phase = 'connecting';
      return [{ do: 'connect' }];
    case 'connecting':
    case 'asking':
      return now - state.triedAt >= 2 * library.timeout ? lost(state) : [];
    case 'in': {
      const beat = library.heartbeat * 1000;
      if (now - state.heardAt >= beat + 3 * library.timeout) return lost(state);
      const due = now - state.heardAt >= beat || now - state.sentAt >= beat;
      if (!due || now - state.pingedAt < library.timeout) return [];
      state.pingedAt = now;
      return [sending(state, printFrame(command.ping, idOf(state)), now)];
    }
    default:
      return [];
  }
}

export function connected(state: DeviceState, now: Millis): readonly DeviceWish[] {
  if (state.phase !== 'connecting') return [];
  const { library, token } = state.options;
  state.phase = 'asking';
  state.rest = new Uint8Array(0);
  state.nextId = 1;
  state.heardAt = now;
  return [sending(state, printFrame(library.loginCommand, 1, token), now)];
}

export function disconnected(state: DeviceState): void {
  if (state.phase !== 'invalid') state.phase = 'out';
}

export function heard(state: DeviceState, bytes: Uint8Array, now: Millis): readonly DeviceWish[] {
  if (state.phase !== 'asking' && state.phase !== 'in') return [];
  const { frames, rest, tooLong } = takeFrames(state.rest, bytes, state.options.library.longest);
  state.rest = rest;
  state.heardAt = now;
  const wishes: DeviceWish[] = [];
  for (const frame of frames) {
    // An id of 0 makes the libraries hang up.
    if (frame.id === 0) return [...wishes, ...lost(state)];
    wishes.push(...take(state, frame, now));
    if (state.phase !== 'asking' && state.phase !== 'in') return wishes;
  }
  return tooLong ? [...wishes, ...lost(state)] : wishes;
}

function take(state: DeviceState, frame: Frame, now: Millis): readonly DeviceWish[] {
  const { options } = state;
  if (frame.command === command.response) {
    if (state.phase !== 'asking' || frame.id !== 1) return [];
    if (frame.status === status.ok || frame.status === status.alreadyLoggedIn) {
      state.phase = 'in';
      return [{ do: 'in' }, sending(state, infoOf(state, options), now)];
    }
    if (frame.status !== status.invalidToken || !libraryAtLeast(options.library.version, '0.6.0')) return lost(state);
    state.phase = 'invalid';
    return [{ do: 'close' }];
  }
  switch (frame.command) {
    case command.ping:
      return [sending(state, printResponse(frame.id, status.ok), now)];
    case command.hardware:
    case command.bridge: {
      const [what = '', pin = '', ...values] = fieldsOf(frame.body);
      const kind = { vw: 'V', dw: 'D', aw: 'A' }[what];
      return kind ? [{ do: 'pin', pin: `${kind}${pin}`, values }] : [];
    }
    case command.internal: {
      const [key, url = ''] = decodeText(frame.body).split('\0');
      if (!libraryAtLeast(options.library.version, '0.4.4')) return lost(state);
      return key === 'ota' ? [{ do: 'ota', url }] : [];
    }
    case command.redirect: {
      if (!libraryAtLeast(options.library.version, '0.4.0')) return lost(state);
      const [host = '', port] = fieldsOf(frame.body);
      // The next attempt follows at once.
      state.triedAt = long;
      return [...lost(state), { do: 'redirect', host, port: Number(port) || undefined }];
    }
    case command.print:
      return libraryAtLeast(options.library.version, '0.4.0') ? [] : lost(state);
    default:
      return lost(state);
  }
}

const infoOf = (state: DeviceState, { library, board, build }: DeviceOptions): Uint8Array =>
  printFrame(
    command.internal,
    idOf(state),
    ...['ver', library.version, 'h-beat', String(library.heartbeat), 'buff-in', String(library.longest)],
    ...['dev', board, 'build', build, ''],
  );

/** Blynk.virtualWrite(); undefined while it is not connected: the value is lost. */
export function virtualWrite(state: DeviceState, pin: number, value: string, now: Millis): DeviceWish | undefined {
  if (state.phase !== 'in') return undefined;
  return sending(state, printFrame(command.hardware, idOf(state), 'vw', String(pin), value), now);
}

function lost(state: DeviceState): readonly DeviceWish[] {
  state.phase = 'out';
  return [{ do: 'close' }];
}

function sending(state: DeviceState, bytes: Uint8Array, now: Millis): DeviceWish {
  state.sentAt = now;
  return { do: 'send', bytes };
}

function idOf(state: DeviceState): number {
  state.nextId = state.nextId >= 65_535 ? 1 : state.nextId + 1;
  return state.nextId;
}
