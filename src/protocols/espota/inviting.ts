/** The host half up to the call: invitations, the password, OK, and what silence after OK means. */
import { type Millis, md5Hex, millis, sha256Hex, toHex } from '#values/index.ts';
import { responseTo, type Scheme, storedHash } from './authentication.ts';
import type { HostEffect, HostEnding, HostEvent, HostOptions } from './events.ts';
import * as patience from './patience.ts';
import { inertDatagram, parseReply, printChallengeAnswer, printInvitation } from './wire.ts';

type Stage =
  | { readonly kind: 'inviting'; readonly sent: number }
  | { readonly kind: 'authenticating'; readonly nonce: string; readonly answer: Uint8Array; readonly sent: number }
  /** OK was said. */
  | {
      readonly kind: 'awaiting-call';
      readonly asked: number;
      readonly askedAt?: Millis;
      readonly until: Millis;
      readonly again: 'at-once' | 'after-connect-timeout' | 'never';
    };

export interface Inviting {
  readonly kind: 'inviting';
  readonly options: HostOptions;
  readonly invitation: Uint8Array;
  readonly stage: Stage;
  readonly stageSince: Millis;
  readonly wakeAt: Millis;
  /** Invitations sent in all. */
  readonly attempt: number;
  readonly nonces: readonly string[];
  readonly handshakes: number;
  readonly scheme: 'sha256' | 'sha256-of-md5';
  /** More than one invitation or challenge was under way: what comes back may belong to either. */
  readonly crossed: boolean;
  readonly retested: boolean;
  readonly refusedPassword: boolean;
  readonly acceptedAt?: Millis;
  readonly garbled?: string;
  readonly garbledCount: number;
  readonly refusals: number;
  readonly unreachable: number;
  readonly detail: string;
}

/** What comes of an event before the call. */
export interface InvitingStep {
  readonly state: Inviting;
  readonly effects: readonly HostEffect[];
  readonly ending?: HostEnding;
}

const mostGarbledTold = 5;

export function startInviting(options: HostOptions, now: Millis): InvitingStep {
  const { command, hostPort, image } = options;
  return invite(
    {
      kind: 'inviting',
      options,
      invitation: printInvitation({ command, hostPort, size: image.length, md5: md5Hex(image) }),
      stage: { kind: 'inviting', sent: 0 },
      stageSince: now,
      wakeAt: now,
      attempt: 0,
      nonces: [],
      handshakes: 0,
      scheme: 'sha256',
      crossed: false,
      retested: false,
      refusedPassword: false,
      garbledCount: 0,
      refusals: 0,
      unreachable: 0,
      detail: '',
    },
    0,
    now,
    [],
  );
}

export function stepInviting(state: Inviting, event: HostEvent): InvitingStep {
  switch (event.kind) {
    case 'datagram':
      return hear(state, event.bytes, event.now);
    case 'woke':
      return event.now >= state.wakeAt ? moveOn(state, event.now) : { state, effects: [wake(state.wakeAt)] };
    case 'refused':
      return troubled({ ...state, refusals: state.refusals + 1 }, [
        ...(state.refusals === 0 ? [tell({ kind: 'port-unreachable' })] : []),
      ]);
    case 'unreachable':
      return troubled({ ...state, unreachable: state.unreachable + 1, detail: event.detail }, [
        ...(state.unreachable === 0 ? [tell({ kind: 'host-unreachable', detail: event.detail })] : []),
      ]);
    case 'cancel':
      return { state, effects: [send(inertDatagram)], ending: { kind: 'cancelled', acknowledged: 0 } };
    default:
      return { state, effects: [] };
  }
}

// ---------------------------------------------------------------- what the board says

function hear(state: Inviting, bytes: Uint8Array, now: Millis): InvitingStep {
  const { stage } = state;
  const reply = parseReply(bytes);
  switch (reply.kind) {
    case 'ok':
      return stage.kind === 'awaiting-call' ? answeredAgain(state, stage, now, []) : accepted(state, now);
    case 'challenge':
      if (state.nonces.includes(reply.nonce)) return { state, effects: [] };
      // Asked again after OK: the board was idle, and must not be left waiting for a password.
      if (stage.kind === 'awaiting-call') return answeredAgain(state, stage, now, [send(inertDatagram)]);
      return challenged(state, reply.nonce, now);
    case 'authentication-failed':
      return stage.kind === 'authenticating' ? refusedPassword(state, stage.nonce, now) : { state, effects: [] };
    case 'error': {
      const { error } = reply;
      return {
        state,
        effects: [tell({ kind: 'refused', text: reply.line.trimEnd() })],
        ending: { kind: 'board-error', error, over: 'udp', acknowledged: 0 },
      };
    }
    case 'unknown': {
      const next = { ...state, garbled: reply.text, garbledCount: state.garbledCount + 1 };
      return {
        state: next,
        effects: next.garbledCount > mostGarbledTold ? [] : [tell({ kind: 'garbled', text: reply.text })],
      };
    }
  }
}

function challenged(state: Inviting, nonce: string, now: Millis): InvitingStep {
  const { options, stage } = state;
  const asked = tell({ kind: 'challenged', nonceLength: nonce.length });
  const password = options.password?.reveal();
  if (password === undefined)
    return { state, effects: [asked, send(inertDatagram)], ending: { kind: 'password-needed' } };
  const scheme: Scheme = nonce.length === 32 ? 'md5' : state.scheme;
  const seed = `${toHex(options.entropy)}${state.nonces.length}`;
  const cnonce = nonce.length === 32 ? md5Hex(seed) : sha256Hex(seed);
  const answer = printChallengeAnswer({ cnonce, response: responseTo(nonce, cnonce, storedHash(scheme, password)) });
  const crossed = state.crossed || stage.kind === 'authenticating' || (stage.kind === 'inviting' && stage.sent > 1);
  return answerChallenge(
    {
      ...state,
      stage: { kind: 'authenticating', nonce, answer, sent: 0 },
      stageSince: now,
      nonces: [...state.nonces.slice(-15), nonce],
      handshakes: state.handshakes + (stage.kind === 'authenticating' ? 0 : 1),
      crossed,
    },
    now,
    [asked, tell({ kind: 'responded', scheme })],
  );
}

function refusedPassword(state: Inviting, nonce: string, now: Millis): InvitingStep {
  const told = [tell({ kind: 'authentication-refused' })];
  const next = { ...state, refusedPassword: true };
  if (state.crossed && !state.retested)
    return inviteAgain({ ...next, retested: true }, millis(now + patience.letCrossedPass), told);
  if (nonce.length === 64 && state.scheme === 'sha256')
    return inviteAgain({ ...next, scheme: 'sha256-of-md5', handshakes: 0 }, now, told);
  return { state: next, effects: told, ending: { kind: 'wrong-password' } };
}

function accepted(state: Inviting, now: Millis): InvitingStep {
  const stage: Stage = {
    kind: 'awaiting-call',
    asked: 0,
    until: millis(now + (single(state) ? patience.singleInvitation[0]! : patience.callLimit)),
    again: 'never',
  };
  const next = { ...state, stage, stageSince: now, acceptedAt: now };
  return awaitCall(next, stage, [tell({ kind: 'accepted', implied: false })]);
}

function answeredAgain(
  state: Inviting,
  stage: Extract<Stage, { kind: 'awaiting-call' }>,
  now: Millis,
  effects: readonly HostEffect[],
): InvitingStep {
  if (stage.askedAt === undefined || stage.again !== 'never') return { state, effects };
  const prompt = stage.asked === 1 && now - stage.askedAt <= patience.atOnce;
  const until = millis(Math.min(stage.until, now + patience.callGrace));
  const next: Stage = { ...stage, until, again: prompt ? 'at-once' : 'after-connect-timeout' };
  return awaitCall({ ...state, stage: next }, next, effects);
}

function troubled(state: Inviting, effects: readonly HostEffect[]): InvitingStep {
  if (state.stage.kind !== 'inviting') return { state, effects };
  if (state.refusals >= patience.mostTroubles) return { state, effects, ending: { kind: 'port-closed' } };
  if (state.unreachable >= patience.mostTroubles)
    return { state, effects, ending: { kind: 'unreachable', detail: state.detail } };
  return { state, effects };
}

// ---------------------------------------------------------------- what silence leads to

function moveOn(state: Inviting, now: Millis): InvitingStep {
  const { stage } = state;
  switch (stage.kind) {
    case 'inviting':
      return stage.sent < pauses(state).length ? invite(state, stage.sent, now, []) : giveUp(state, now);
    case 'authenticating': {
      const sends = single(state) ? 1 : patience.answerPauses.length;
      if (stage.sent < sends) return answerChallenge(state, now, []);
      const told = silence('authentication', now - state.stageSince);
      return state.handshakes < patience.mostHandshakes && !single(state)
        ? inviteAgain(state, now, [told])
        : giveUp(state, now);
    }
    case 'awaiting-call':
      if (now >= stage.until)
        return {
          state,
          effects: [silence('call', now - state.stageSince), send(inertDatagram)],
          ending: { kind: 'no-call', again: stage.again },
        };
      return askAgain(state, stage, now);
  }
}

const inviteAgain = (state: Inviting, at: Millis, effects: readonly HostEffect[] = []): InvitingStep => ({
  state: { ...state, stage: { kind: 'inviting', sent: 0 }, stageSince: at, wakeAt: at, crossed: false },
  effects: [...effects, wake(at)],
});

function invite(state: Inviting, sent: number, now: Millis, effects: readonly HostEffect[]): InvitingStep {
  const attempt = state.attempt + 1;
  const wakeAt = millis(now + pauses(state)[sent]!);
  const purpose = state.options.dryRun ? ({ purpose: 'dry-run' } as const) : {};
  return {
    state: { ...state, stage: { kind: 'inviting', sent: sent + 1 }, attempt, wakeAt },
    effects: [...effects, tell({ kind: 'invited', attempt, ...purpose }), send(state.invitation), wake(wakeAt)],
  };
}

function answerChallenge(state: Inviting, now: Millis, effects: readonly HostEffect[]): InvitingStep {
  if (state.stage.kind !== 'authenticating') return { state, effects };
  const { stage } = state;
  const pause = single(state) ? patience.singleInvitation[0]! : patience.answerPauses[stage.sent]!;
  const wakeAt = millis(now + pause);
  return {
    state: { ...state, stage: { ...stage, sent: stage.sent + 1 }, wakeAt },
    effects: [...effects, send(stage.answer), wake(wakeAt)],
  };
}

function askAgain(state: Inviting, stage: Extract<Stage, { kind: 'awaiting-call' }>, now: Millis): InvitingStep {
  const attempt = state.attempt + 1;
  const next = { ...stage, asked: stage.asked + 1, askedAt: now };
  return awaitCall({ ...state, attempt, stage: next }, next, [
    tell({ kind: 'invited', attempt, purpose: 'again' }),
    send(state.invitation),
  ]);
}

/** Sleeps until the next repetition or the end of the wait. */
function awaitCall(
  state: Inviting,
  stage: Extract<Stage, { kind: 'awaiting-call' }>,
  effects: readonly HostEffect[],
): InvitingStep {
  const ask = single(state) || stage.again !== 'never' ? undefined : patience.asksAfterOk[stage.asked];
  const wakeAt = ask === undefined ? stage.until : millis(Math.min(stage.until, state.stageSince + ask));
  return { state: { ...state, wakeAt }, effects: [...effects, wake(wakeAt)] };
}

/** Nobody answered. The board may have heard all the same: it is not left waiting for a password. */
function giveUp(state: Inviting, now: Millis): InvitingStep {
  const waitingFor = state.stage.kind === 'authenticating' ? 'authentication' : 'answer';
  return {
    state,
    effects: [silence(waitingFor, now - state.stageSince), send(inertDatagram)],
    ending: endingOfSilence(state),
  };
}

function endingOfSilence({
  refusedPassword,
  handshakes,
  garbled,
  unreachable,
  refusals,
  detail,
}: Inviting): HostEnding {
  if (refusedPassword) return { kind: 'wrong-password' };
  if (handshakes > 0) return { kind: 'no-answer-to-authentication' };
  if (garbled !== undefined) return { kind: 'garbled', text: garbled };
  if (refusals > 0) return { kind: 'port-closed' };
  return unreachable > 0 ? { kind: 'unreachable', detail } : { kind: 'no-answer' };
}

// ---------------------------------------------------------------- small words

const single = ({ options }: Inviting): boolean => options.fixedBurst !== undefined;

function pauses(state: Inviting): readonly Millis[] {
  if (single(state)) return patience.singleInvitation;
  const { family } = state.options;
  return family === 'esp8266' || family === 'rp2040' ? patience.invitationPauses : patience.slowInvitationPauses;
}

type Telling = Extract<HostEffect, { do: 'tell' }>['event'];
const tell = (event: Telling): HostEffect => ({ do: 'tell', event });
const send = (bytes: Uint8Array): HostEffect => ({ do: 'send-datagram', bytes });
const wake = (at: Millis): HostEffect => ({ do: 'wake', at });
const silence = (waitingFor: 'answer' | 'authentication' | 'call', time: number): HostEffect =>
  tell({ kind: 'silence', waitingFor, time: millis(time) });
