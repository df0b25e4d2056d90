/** The host half from the call to the verdict. */
import { type Millis, millis } from '#values/index.ts';
import { compareCores } from './cores.ts';
import type { HostEffect, HostEnding, HostEvent, HostOptions } from './events.ts';
import { ahead, allowance, budget, feedBytes, opening, type Pace, paced, segment, window } from './pace.ts';
import * as patience from './patience.ts';
import {
  type AnswerStream,
  estimateAnswered,
  hearAnswers,
  silentStream,
  type Verdict,
  verdictAtEnd,
} from './verdict.ts';

export interface Sending {
  readonly kind: 'sending';
  readonly options: HostOptions;
  /** Bytes handed to TCP. */
  readonly sent: number;
  /** Bytes that the board has answered, as far as its numbers can be told apart. */
  readonly answered: number;
  /** Bytes not answered that no longer hold up the next ones: see `nudge`. */
  readonly forgiven: number;
  readonly reported: number;
  readonly stream: AnswerStream;
  readonly lastRun: string;
  readonly began: Millis;
  readonly heardAt: Millis;
  readonly allSentAt?: Millis;
  readonly pace: Pace;
  /** An answer was so late that packets are being lost: see `tail`. */
  readonly lossy: boolean;
  readonly tail?: { readonly since: Millis; readonly fedAt: Millis };
  /** Something is sent then, although no answer makes room for it: see `nudge`. */
  readonly nudgeAt?: Millis | undefined;
}

export interface SendingStep {
  readonly state: Sending;
  readonly effects: readonly HostEffect[];
  readonly ending?: HostEnding;
}

/** `gap`: time from OK to the call, where OK was heard. An ESP32 hangs up when nothing comes in the first second. */
export function startSending(options: HostOptions, gap: Millis | undefined, now: Millis): SendingStep {
  return sendMore(
    {
      kind: 'sending',
      options,
      sent: 0,
      answered: 0,
      forgiven: 0,
      lossy: false,
      reported: 0,
      stream: silentStream,
      lastRun: '',
      began: now,
      heardAt: now,
      pace: firstPace(options, gap, now),
    },
    now,
    [],
  );
}

function firstPace({ fixedBurst, family, core }: HostOptions, gap: Millis | undefined, now: Millis): Pace {
  if (fixedBurst !== undefined) return { kind: 'fixed', bytes: fixedBurst };
  if (family === 'esp32' || family === 'rp2040') return ahead(now);
  const modern =
    core === undefined ? gap !== undefined && gap >= patience.modernCallGap : compareCores(core, '2.4.0') >= 0;
  return modern ? ahead(now) : opening;
}

export function stepSending(state: Sending, event: HostEvent): SendingStep {
  switch (event.kind) {
    case 'received':
      return hear(state, event.bytes, event.now);
    case 'closed':
      return closed(state, event.how);
    case 'woke':
      if (event.now >= limit(state)) return silent(state, event.now);
      return event.now >= wakeTime(state) ? nudge(state, event.now) : { state, effects: [wake(state)] };
    case 'cancel':
      return { state, effects: hangUp, ending: { kind: 'cancelled', acknowledged: state.reported } };
    default:
      return { state, effects: [] };
  }
}

// ---------------------------------------------------------------- what the board says

function hear(state: Sending, bytes: Uint8Array, now: Millis): SendingStep {
  const { stream, run, verdict } = hearAnswers(state.stream, bytes);
  const heard = { ...state, stream };
  if (verdict) return decided(counted(heard, run, now), verdict);
  if (run.length === 0 || stream.words !== '') {
    // The first byte of a line starts the wait for its end; the bytes after it do not prolong it.
    const next = state.stream.words === '' ? { ...counted(heard, run, now), heardAt: now } : heard;
    return { state: next, effects: [wake(next)] };
  }
  // Each number stands for at least one byte (and ESP32 says the last one again each second): a board can't say more.
  if (stream.digits > mostDigits(state, now)) return decided(heard, { kind: 'garbage', text: `${run}…` });
  const before = state.reported;
  const next = { ...counted(heard, run, now), heardAt: now, lastRun: run };
  const told = next.reported > before ? [acknowledged(next)] : [];
  const pace = paced(next.pace, now, next.sent, next.answered, next.options.image.length - next.sent);
  return sendMore({ ...next, pace }, now, told);
}

const mostDigits = (state: Sending, now: Millis): number => 64 + state.sent + Math.floor((now - state.began) / 100);

/** Whole bursts only, and never all: the last one is the verdict's. */
function counted(state: Sending, run: string, now: Millis): Sending {
  const repeated = run === state.lastRun && Number(run) <= segment && now - state.heardAt >= patience.repeatAfter;
  const more = repeated ? 0 : estimateAnswered(run, state.sent - state.answered);
  const answered = state.answered + more;
  const most = Math.max(0, state.options.image.length - 1);
  const reported = Math.floor(Math.min(answered, most) / segment) * segment;
  const forgiven = Math.max(0, state.forgiven - more);
  return { ...state, answered, forgiven, reported: Math.max(state.reported, reported) };
}

function decided(state: Sending, verdict: Verdict): SendingStep {
  const { sent, options, reported } = state;
  const total = options.image.length;
  switch (verdict.kind) {
    case 'ok':
      if (sent < total)
        return { state, effects: hangUp, ending: { kind: 'garbage', text: 'OK', acknowledged: reported } };
      return {
        state,
        effects: [
          tell({ kind: 'verdict', text: 'OK', good: true }),
          tell({ kind: 'acknowledged', bytes: total, total }),
          tell({ kind: 'closed', by: 'us', how: 'end' }),
          { do: 'close', how: 'end' },
        ],
        ending: { kind: 'stored' },
      };
    case 'error':
      return {
        state,
        effects: [tell({ kind: 'verdict', text: verdict.error.text, good: false }), ...hangUp],
        ending: { kind: 'board-error', error: verdict.error, over: 'tcp', acknowledged: reported },
      };
    case 'garbage':
      return {
        state,
        effects: hangUp,
        ending: { kind: 'garbage', text: verdict.text.slice(0, 80), acknowledged: reported },
      };
  }
}

// ---------------------------------------------------------------- sending

function sendMore(state: Sending, now: Millis, before: readonly HostEffect[]): SendingStep {
  const { options, sent, answered, forgiven, pace } = state;
  const total = options.image.length;
  const held = keptBack(state, now);
  if (held > 0 && sent >= total - segment) return feedTail(state, now, before);
  const bytes = Math.min(total - held - sent, allowance(pace, sent - answered - forgiven));
  if (bytes <= 0) {
    return wait({ ...state, ...(sent < total && { nudgeAt: millis(now + patience.nudgeAfter) }) }, before);
  }
  const next: Sending = {
    ...state,
    nudgeAt: pace.kind === 'ahead' ? millis(now + patience.starvesAfter) : undefined,
    sent: sent + bytes,
    ...(sent + bytes === total && { allSentAt: now }),
  };
  return {
    state: next,
    effects: [
      ...before,
      { do: 'send', bytes: options.image.subarray(sent, sent + bytes) },
      ...(next.allSentAt === undefined ? [] : [tell({ kind: 'sent', bytes: total })]),
      wake(next),
    ],
  };
}

const wait = (state: Sending, before: readonly HostEffect[]): SendingStep => ({
  state,
  effects: [...before, wake(state)],
});

/** Bytes that are kept back for now. A board restarts right after its OK and takes every unacknowledged answer with it: where
 *  packets are lost, the last burst waits until the answers before it are through. */
function keptBack({ options, sent, answered, lossy, tail, pace }: Sending, now: Millis): number {
  const total = options.image.length;
  if (!lossy || pace.kind !== 'ahead') return 0;
  if (sent < total - segment) return segment;
  const through = answered >= sent || (tail !== undefined && now - tail.since >= patience.tailLimit);
  return through ? 0 : total - sent;
}

/** A few bytes of the last burst now and then, so that an ESP32 does not starve meanwhile. */
function feedTail(state: Sending, now: Millis, before: readonly HostEffect[]): SendingStep {
  const { options, sent, tail = { since: now, fedAt: now } } = state;
  const waiting = { ...state, tail, nudgeAt: millis(now + patience.nudgeAfter) };
  const hungry = now - tail.fedAt >= patience.feedEvery && options.image.length - sent > feedBytes;
  if (!hungry) return wait(waiting, before);
  const fed = { ...waiting, sent: sent + feedBytes, tail: { ...tail, fedAt: now } };
  return wait(fed, [...before, { do: 'send', bytes: options.image.subarray(sent, sent + feedBytes) }]);
}

/** Sends although the answers leave no room: the estimate may have fallen short, or an answer may be lost and wait for the
 *  board's slow TCP (1.5 s, doubling), while an ESP32 gives up after 4 s without data. TCP's window keeps it harmless. */
function nudge(state: Sending, now: Millis): SendingStep {
  const room = state.pace.kind === 'ahead' ? budget(state.pace) - window : 0;
  const lossy = state.lossy || now - state.heardAt >= patience.starvesAfter;
  return sendMore({ ...state, lossy, forgiven: state.sent - state.answered - room }, now, []);
}

// ---------------------------------------------------------------- ends without a verdict

/** When silence ends it. */
function limit({ stream, heardAt, allSentAt }: Sending): Millis {
  if (stream.words !== '') return millis(heardAt + patience.lineLimit);
  if (allSentAt === undefined) return millis(heardAt + patience.stallLimit);
  return millis(Math.min(heardAt + patience.verdictLimit, allSentAt + patience.verdictLimitInAll));
}

const wakeTime = (state: Sending): Millis =>
  state.allSentAt === undefined && state.nudgeAt !== undefined && state.stream.words === ''
    ? millis(Math.min(state.nudgeAt, limit(state)))
    : limit(state);

function silent(state: Sending, now: Millis): SendingStep {
  const verdict = verdictAtEnd(state.stream);
  if (verdict) return decided(state, verdict);
  const time = millis(now - state.heardAt);
  const waitingFor = state.allSentAt === undefined ? 'data' : 'verdict';
  return {
    state,
    effects: [tell({ kind: 'silence', waitingFor, time }), ...hangUp],
    ending:
      state.allSentAt === undefined
        ? { kind: 'stalled', acknowledged: state.reported, time }
        : { kind: 'no-verdict', how: 'silence' },
  };
}

/** Once all bytes are out, nobody can say that the board did not take them: that ending is always `no-verdict`. */
function closed(state: Sending, how: 'end' | 'reset' | 'timed-out'): SendingStep {
  const told = tell({ kind: 'closed', by: 'board', how: how === 'end' ? 'end' : 'reset' });
  const verdict = verdictAtEnd(state.stream);
  if (verdict) {
    const step = decided(state, verdict);
    return { ...step, effects: [told, ...step.effects] };
  }
  return {
    state,
    effects: [told, { do: 'close', how: 'destroy' }],
    ending:
      state.allSentAt === undefined
        ? { kind: 'broke-off', acknowledged: state.reported, how }
        : { kind: 'no-verdict', how: how === 'timed-out' ? 'silence' : how },
  };
}

// ---------------------------------------------------------------- small words

type Telling = Extract<HostEffect, { do: 'tell' }>['event'];
const tell = (event: Telling): HostEffect => ({ do: 'tell', event });
const wake = (state: Sending): HostEffect => ({ do: 'wake', at: wakeTime(state) });
const acknowledged = ({ reported, options }: Sending): HostEffect =>
  tell({ kind: 'acknowledged', bytes: reported, total: options.image.length });
const hangUp: readonly HostEffect[] = [
  { do: 'tell', event: { kind: 'closed', by: 'us', how: 'reset' } },
  { do: 'close', how: 'destroy' },
];
