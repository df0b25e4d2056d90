/** A board's half: ArduinoOTA.cpp as a pure machine, defects included. The profile says which release.
 *
 *  The driver carries out effects in order and answers those that ask (`begin`, `connect`, `read`, `write`, `finish`). While
 *  `deviceIsBusy` the real handle() does not return: the driver sends no `handle`. */
import { ascii, type Millis, md5Hex, millis, type Secret, seconds, sha256Hex } from '#values/index.ts';
import { responseTo, storedHash } from './authentication.ts';
import { printError } from './errors.ts';
import type { DeviceEffect, DeviceError, DeviceEvent } from './events.ts';
import type { Profile } from './profiles.ts';
import { type Invitation, parseChallengeAnswer, parseInvitation, printReply, type Reply } from './wire.ts';

export interface DeviceOptions {
  readonly profile: Profile;
  readonly password?: Secret | undefined;
  /** setPasswordHash(): used as it is, upper case too. */
  readonly passwordHash?: string | undefined;
  /** setRebootOnSuccess(); default true. */
  readonly restarts?: boolean;
}

type Endpoint = { readonly address: string; readonly port: number };
type Packet = { readonly bytes: Uint8Array; readonly from: Endpoint };

interface Job {
  readonly invitation: Invitation;
  readonly inviter: Endpoint;
}

interface Transfer {
  /** Bytes that Update has taken. */
  readonly taken: number;
  /** Bytes taken in this pass, not yet printed. */
  readonly pass: number;
  /** The last number printed: what a starving ESP32 says again. */
  readonly lastNumber: number;
  readonly repeats: number;
  readonly quietSince: Millis;
  readonly reading: number;
  /** False once the host has said FIN: the core takes the socket for closed, and nothing can be said on it. */
  readonly canPrint: boolean;
}

type Phase =
  | { readonly kind: 'idle' }
  | { readonly kind: 'challenging'; readonly job: Job; readonly nonce: string }
  /** RUNUPDATE, before handle() gets to it. */
  | { readonly kind: 'accepted'; readonly job: Job }
  | { readonly kind: 'beginning'; readonly job: Job }
  | { readonly kind: 'pausing'; readonly before: 'idle' | 'connect' | 'ok' | 'close'; readonly job: Job }
  | { readonly kind: 'connecting'; readonly job: Job }
  | { readonly kind: 'receiving'; readonly job: Job; readonly transfer: Transfer }
  | { readonly kind: 'finishing'; readonly job: Job; readonly canPrint: boolean; readonly connected: boolean }
  | { readonly kind: 'restarting' }
  | { readonly kind: 'hung' };

export interface DeviceState {
  readonly options: DeviceOptions;
  readonly phase: Phase;
  /** Datagrams that wait in the socket (ESP32). */
  readonly queue: readonly Packet[];
}

type Step = [DeviceState, readonly DeviceEffect[]];

/** CONFIG_LWIP_UDP_RECVMBOX_SIZE of the ESP32 cores: what comes on top is dropped. */
const queueLength = 6;
const pollEvery = millis(1);
/** A board that waits for ever would cost a simulation a step a millisecond: after a silent second it looks less often. */
const slowPollEvery = millis(20);
/** ESP32: _ota_timeout, and how often the last number is said again. */
const starvingAfter = seconds(1);
const mostRepeats = 3;
/** delay(100) after OK and ERR in ArduinoOTA.cpp. */
const replyPause = millis(100);

/** ota_error_t. */
const errors = { authentication: 0, begin: 1, connect: 2, receive: 3, end: 4 } as const;

export const device = (options: DeviceOptions): DeviceState => ({ options, phase: { kind: 'idle' }, queue: [] });

/** Inside handle(): loop() does not run. */
export const deviceIsBusy = ({ phase }: DeviceState): boolean =>
  !['idle', 'challenging', 'accepted'].includes(phase.kind);

export function stepDevice(state: DeviceState, event: DeviceEvent): Step {
  const { phase, options } = state;
  switch (event.kind) {
    case 'datagram':
      if (options.profile.udpInCallback) return hearDatagram(state, event, event.now);
      // An ESP32's parsePacket() takes no notice of an empty datagram.
      if (event.bytes.length === 0 || phase.kind === 'hung' || state.queue.length >= queueLength) return [state, []];
      return [{ ...state, queue: [...state.queue, event] }, []];
    case 'handle':
      return handle(state, event.now);
    case 'begun':
      return phase.kind === 'beginning' ? begun(state, phase.job, event.error, event.now) : [state, []];
    case 'connected':
      return phase.kind === 'connecting' ? read(state, phase.job, fresh(event.now)) : [state, []];
    case 'connect-failed':
      // The cores lack a return here: they fall through to Update.end().
      return phase.kind === 'connecting'
        ? finish(state, phase.job, { canPrint: false, connected: false }, [error(errors.connect)])
        : [state, []];
    case 'read':
      return phase.kind === 'receiving' ? tookBytes(state, phase, event.bytes, event.now) : [state, []];
    case 'wrote':
      return phase.kind === 'receiving' ? wrote(state, phase, event.error, event.now) : [state, []];
    case 'finished':
      return phase.kind === 'finishing' ? finished(state, phase, event.error, event.now) : [state, []];
    case 'closed':
      return closed(state, event.how);
    case 'woke':
      return woke(state, event.now);
  }
}

// ---------------------------------------------------------------- datagrams

function handle(state: DeviceState, now: Millis): Step {
  const { phase } = state;
  if (phase.kind === 'accepted') {
    const { command, size, md5 } = phase.job.invitation;
    return [to(state, { kind: 'beginning', job: phase.job }), [{ do: 'begin', command, size, md5 }]];
  }
  const [packet, ...queue] = state.queue;
  return packet && !deviceIsBusy(state) ? hearDatagram({ ...state, queue }, packet, now) : [state, []];
}

function hearDatagram(state: DeviceState, packet: Packet, now: Millis): Step {
  const { profile } = state.options;
  if (state.phase.kind === 'idle') {
    const heard = parseInvitation(packet.bytes, profile.parser);
    if (heard.kind === 'endless') return hang(state);
    return heard.kind === 'invitation'
      ? invited(state, { invitation: heard.invitation, inviter: packet.from }, now)
      : [state, []];
  }
  if (state.phase.kind !== 'challenging') return [state, []];
  const { job, nonce } = state.phase;
  const heard = parseChallengeAnswer(packet.bytes, profile.parser, profile.nonceLength);
  if (heard.kind === 'endless') return hang(state);
  // Whatever is not an answer ends the handshake, a repeated invitation included.
  if (heard.kind !== 'answer') return [to(state, { kind: 'idle' }), []];
  const at = { ...job.inviter, port: profile.replyPort === 'packet' ? packet.from.port : job.inviter.port };
  if (responseTo(nonce, heard.answer.cnonce, hashOf(state.options) ?? '') !== heard.answer.response)
    return [to(state, { kind: 'idle' }), [reply({ kind: 'authentication-failed' }, at), error(errors.authentication)]];
  return accept(state, job, at);
}

function invited(state: DeviceState, job: Job, now: Millis): Step {
  if (hashOf(state.options) === undefined) return accept(state, job, job.inviter);
  const clock = String(Math.floor(now * 1000));
  const nonce = state.options.profile.nonceLength === 32 ? md5Hex(clock) : sha256Hex(clock);
  return [to(state, { kind: 'challenging', job, nonce }), [reply({ kind: 'challenge', nonce }, job.inviter)]];
}

const accept = (state: DeviceState, job: Job, at: Endpoint): Step => [
  to(state, { kind: 'accepted', job }),
  state.options.profile.okBeforeBegin ? [reply({ kind: 'ok' }, at)] : [],
];

function hashOf({ profile, password, passwordHash }: DeviceOptions): string | undefined {
  if (passwordHash !== undefined) return passwordHash;
  const words = password?.reveal();
  if (words === undefined || (words === '' && profile.emptyPasswordIsNone)) return undefined;
  return storedHash(profile.nonceLength === 32 ? 'md5' : 'sha256', words);
}

// ---------------------------------------------------------------- from begin to the call

function begun(state: DeviceState, job: Job, trouble: DeviceError | undefined, now: Millis): Step {
  const { profile } = state.options;
  const pause: DeviceEffect = { do: 'wake', at: millis(now + replyPause) };
  if (trouble) {
    const noFileSystem = trouble.kind === 'no-filesystem';
    const told = noFileSystem ? [] : [error(errors.begin)];
    if (!profile.errReply) return [to(state, { kind: 'idle' }), told];
    // arduino-pico 2.4.0 prints another word, cut short.
    const line = noFileSystem
      ? profile.needsFileSystem
        ? 'No Filesystem'
        : 'nofile'
      : printError(profile.family, profile.core, trouble);
    const words = reply({ kind: 'error', line, error: { kind: trouble.kind, text: line } }, job.inviter);
    return [to(state, { kind: 'pausing', before: 'idle', job }), [...told, words, pause]];
  }
  if (profile.okBeforeBegin) return call(state, job);
  return [to(state, { kind: 'pausing', before: 'connect', job }), [reply({ kind: 'ok' }, job.inviter), pause]];
}

function call(state: DeviceState, job: Job): Step {
  const { closesSockets, connectTimeout } = state.options.profile;
  return [
    to(state, { kind: 'connecting', job }),
    [
      ...(closesSockets ? [{ do: 'close-sketch-sockets' } as const] : []),
      { do: 'callback', name: 'start' },
      { do: 'callback', name: 'progress', value: 0 },
      {
        do: 'connect',
        to: { address: job.inviter.address, port: job.invitation.hostPort },
        ...(connectTimeout !== undefined && { timeout: connectTimeout }),
      },
    ],
  ];
}

// ---------------------------------------------------------------- transfer

const fresh = (now: Millis): Transfer => ({
  taken: 0,
  pass: 0,
  lastNumber: 0,
  repeats: 0,
  quietSince: now,
  reading: 0,
  canPrint: true,
});

/** The next look at the connection: never beyond the size, never beyond the flash buffer or one segment. */
function read(state: DeviceState, job: Job, transfer: Transfer, before: readonly DeviceEffect[] = []): Step {
  const { readMost, drains } = state.options.profile;
  const left = job.invitation.size - transfer.taken;
  // UpdaterClass fills its sector buffer; an ESP32 hands over what one read gave.
  const most = drains ? Math.min(left, readMost - (transfer.taken % readMost)) : readMost;
  return [to(state, { kind: 'receiving', job, transfer }), [...before, { do: 'read', most }]];
}

type Receiving = Extract<Phase, { kind: 'receiving' }>;

function tookBytes(state: DeviceState, { job, transfer }: Receiving, bytes: Uint8Array, now: Millis): Step {
  if (bytes.length > 0) {
    const reading = { ...transfer, repeats: 0, quietSince: now, reading: bytes.length };
    return [to(state, { kind: 'receiving', job, transfer: reading }), [{ do: 'write', bytes }]];
  }
  if (transfer.pass > 0) return printNumber(state, job, transfer, now);
  const starving = now - transfer.quietSince >= starvingAfter;
  if (starving && state.options.profile.stall === 'repeat-and-abort') return starve(state, job, transfer, now);
  const pause = starving ? slowPollEvery : pollEvery;
  return [to(state, { kind: 'receiving', job, transfer }), [{ do: 'wake', at: millis(now + pause) }]];
}

function wrote(state: DeviceState, { job, transfer }: Receiving, trouble: DeviceError | undefined, now: Millis): Step {
  if (trouble) {
    const told = transfer.pass > 0 ? number(state, transfer, transfer.pass) : [];
    return finish(state, job, { canPrint: transfer.canPrint, connected: true }, told);
  }
  const next = {
    ...transfer,
    taken: transfer.taken + transfer.reading,
    pass: transfer.pass + transfer.reading,
    reading: 0,
  };
  if (!state.options.profile.drains || next.taken >= job.invitation.size) return printNumber(state, job, next, now);
  return [to(state, { kind: 'receiving', job, transfer: next }), [{ do: 'wake', at: millis(now + pollEvery) }]];
}

function printNumber(state: DeviceState, job: Job, transfer: Transfer, now: Millis): Step {
  const told: readonly DeviceEffect[] = [
    ...number(state, transfer, transfer.pass),
    { do: 'callback', name: 'progress', value: transfer.taken },
  ];
  if (transfer.taken >= job.invitation.size)
    return finish(state, job, { canPrint: transfer.canPrint, connected: true }, told);
  return read(state, job, { ...transfer, lastNumber: transfer.pass, pass: 0, quietSince: now }, told);
}

const number = (state: DeviceState, { canPrint }: Transfer, bytes: number): readonly DeviceEffect[] =>
  canPrint ? [print(String(bytes), state.options.profile.printBlocks)] : [];

/** ESP32: says the last number again, and gives up without a word after three times, or when nothing ever came. */
function starve(state: DeviceState, job: Job, transfer: Transfer, now: Millis): Step {
  if (transfer.lastNumber === 0 || transfer.repeats === mostRepeats)
    return [to(state, { kind: 'idle' }), [error(errors.receive), { do: 'abandon' }, { do: 'close', how: 'end' }]];
  const told = number(state, transfer, transfer.lastNumber);
  return read(state, job, { ...transfer, repeats: transfer.repeats + 1, quietSince: now }, told);
}

function closed(state: DeviceState, how: 'end' | 'reset'): Step {
  const { phase } = state;
  if (phase.kind === 'finishing') return [to(state, { ...phase, canPrint: false }), []];
  if (phase.kind !== 'receiving') return [state, []];
  const { job } = phase;
  if (how === 'end' && state.options.profile.onHostEnd === 'abort')
    return finish(state, job, { canPrint: false, connected: true }, [{ do: 'close', how: 'abort' }]);
  return finish(state, job, { canPrint: false, connected: true });
}

// ---------------------------------------------------------------- the end

function finish(
  state: DeviceState,
  job: Job,
  connection: { readonly canPrint: boolean; readonly connected: boolean },
  before: readonly DeviceEffect[] = [],
): Step {
  return [to(state, { kind: 'finishing', job, ...connection }), [...before, { do: 'finish' }]];
}

function finished(
  state: DeviceState,
  { job, canPrint, connected }: Extract<Phase, { kind: 'finishing' }>,
  trouble: DeviceError | undefined,
  now: Millis,
): Step {
  const { profile } = state.options;
  if (trouble) {
    const line = canPrint ? [print(printError(profile.family, profile.core, trouble))] : [];
    const close = connected ? [{ do: 'close', how: 'end' } as const] : [];
    // ESP32 closes after the line, ESP8266 when the client goes out of scope; to the host it is the same.
    return [to(state, { kind: 'idle' }), [error(errors.end), ...line, ...close]];
  }
  if (profile.okDelay > 0 && canPrint)
    return [to(state, { kind: 'pausing', before: 'ok', job }), [{ do: 'wake', at: millis(now + profile.okDelay) }]];
  return over(state, canPrint ? [print('OK')] : []);
}

function over(state: DeviceState, before: readonly DeviceEffect[]): Step {
  const { options } = state;
  const effects: readonly DeviceEffect[] = [...before, { do: 'close', how: 'end' }, { do: 'callback', name: 'end' }];
  if (options.restarts === false) return [to(state, { kind: 'idle' }), effects];
  return [to(state, { kind: 'restarting' }), [...effects, { do: 'restart', after: options.profile.restartAfter }]];
}

function woke(state: DeviceState, now: Millis): Step {
  const { phase } = state;
  if (phase.kind === 'receiving' && phase.transfer.reading === 0) return read(state, phase.job, phase.transfer);
  if (phase.kind !== 'pausing') return [state, []];
  switch (phase.before) {
    case 'idle':
      return [to(state, { kind: 'idle' }), []];
    case 'connect':
      return call(state, phase.job);
    case 'ok':
      return [
        to(state, { kind: 'pausing', before: 'close', job: phase.job }),
        [print('OK'), { do: 'wake', at: millis(now + state.options.profile.afterOk) }],
      ];
    case 'close':
      return over(state, []);
  }
}

// ---------------------------------------------------------------- small words

const to = (state: DeviceState, phase: Phase): DeviceState => ({ ...state, phase });

const hang = (state: DeviceState): Step => [
  { ...to(state, { kind: 'hung' }), queue: [] },
  [{ do: 'hang', why: 'a datagram without an end' }],
];

const reply = (what: Reply, at: Endpoint): DeviceEffect => ({ do: 'reply', bytes: ascii(printReply(what)), to: at });
const error = (value: number): DeviceEffect => ({ do: 'callback', name: 'error', value });
const print = (words: string, blocks = false): DeviceEffect => ({ do: 'print', bytes: ascii(words), blocks });
