/** A hostile channel between the two halves, in virtual time, for their tests: datagrams that are lost, doubled, delayed and
 *  cut; a TCP connection that is cut into any segments, stalls, and breaks at any byte. */
import { md5Hex, millis, type Random, Secret } from '#values/index.ts';
import { device, deviceIsBusy, stepDevice } from './device.ts';
import type { DeviceEffect, DeviceError, DeviceEvent, HostEffect, HostEnding, HostEvent, HostTelling } from './events.ts';
import { hosting, stepHost } from './host.ts';
import type { Profile } from './profiles.ts';

export interface Weather {
  readonly random: Random;
  readonly image: Uint8Array;
  readonly profile: Profile;
  readonly known?: boolean;
  readonly boardPassword?: string;
  readonly hostPassword?: string;
  readonly passwordHash?: string;
  readonly loss?: number;
  readonly doubled?: number;
  readonly truncated?: number;
  /** One way, milliseconds, and how much more at most. */
  readonly delay?: number;
  readonly jitter?: number;
  readonly window?: number;
  /** After so many bytes in either direction: how the connection breaks. `silence`: nothing passes any more. */
  readonly cutAfter?: number;
  readonly cut?: 'end' | 'reset' | 'silence';
  readonly callBlocked?: boolean;
  readonly callsAfter?: number;
  readonly loopBlockedUntil?: number;
  readonly beginError?: DeviceError;
  readonly writeErrorAt?: number;
  readonly finishError?: DeviceError;
  readonly flash?: number;
  readonly lastDatagrams?: boolean;
  readonly dryRun?: boolean;
  readonly cancelAt?: number;
  readonly fixedBurst?: number;
  /** How long the host's TCP waits for data to carry an acknowledgement (Linux 40 ms). A blocking print() waits for it. */
  readonly delayedAck?: number;
}

export interface Meeting {
  readonly ending: HostEnding;
  readonly endedAt: number;
  readonly calledAt: number;
  readonly told: readonly (HostTelling & { readonly at: number })[];
  readonly board: { readonly phase: string; readonly stored?: Uint8Array; readonly hung: boolean; readonly callbacks: readonly string[] };
  readonly connectionLeft: boolean;
}

type Untimed<E> = E extends unknown ? Omit<E, 'now'> : never;

export function meet(weather: Weather): Meeting {
  const { random, image, profile, delay = 2, jitter = 0, window = 5840 } = weather;
  let now = 0;
  let order = 0;
  const agenda: { at: number; order: number; run: () => void }[] = [];
  const at = (time: number, run: () => void): void => {
    let i = agenda.length;
    while (i > 0 && agenda[i - 1]!.at > time) i--;
    agenda.splice(i, 0, { at: time, order: order++, run });
  };
  const after = (time: number, run: () => void): void => at(now + time, run);
  const chance = (p = 0): boolean => random() < p;
  const oneWay = (): number => delay + random() * jitter;

  // ------------------------------------------------------------ datagrams
  const post = (bytes: Uint8Array, deliver: (bytes: Uint8Array) => void): void => {
    for (let copies = chance(weather.doubled) ? 2 : 1; copies > 0; copies--) {
      if (chance(weather.loss)) continue;
      const cut = chance(weather.truncated) ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes;
      after(oneWay(), () => deliver(cut));
    }
  };

  // ------------------------------------------------------------ the connection
  const pipes = { toBoard: [] as Uint8Array[], toHost: [] as Uint8Array[] };
  let open = false;
  let broken: 'no' | 'cut' = 'no';
  let passed = 0;
  let unread = new Uint8Array(0);
  let credit = window;
  let fin: { host?: boolean; board?: boolean } = {};
  const cutNow = (): void => {
    if (broken === 'cut' || !open) return;
    broken = 'cut';
    if (weather.cut === 'silence') return;
    const how = weather.cut ?? 'reset';
    after(oneWay(), () => boardHears({ kind: 'closed', how }));
    after(oneWay(), () => hostHears({ kind: 'closed', how }));
  };
  const pass = (bytes: number): number => {
    if (broken === 'cut') return 0;
    const left = (weather.cutAfter ?? Number.POSITIVE_INFINITY) - passed;
    passed += Math.min(left, bytes);
    if (left <= bytes) cutNow();
    return Math.min(left, bytes);
  };
  let boardLine = 0;
  const pumpToBoard = (): void => {
    while (open && pipes.toBoard.length > 0 && credit > 0) {
      const head = pipes.toBoard[0]!;
      const size = Math.min(head.length, credit, jitter > 0 ? 1 + Math.floor(random() * 1460) : 1460);
      const part = head.subarray(0, pass(size));
      credit -= size;
      if (part.length > 0) acknowledge();
      if (size === head.length) pipes.toBoard.shift();
      else pipes.toBoard[0] = head.subarray(size);
      boardLine = Math.max(boardLine, now + oneWay());
      at(boardLine, () => {
        const joined = new Uint8Array(unread.length + part.length);
        joined.set(unread);
        joined.set(part, unread.length);
        unread = joined;
      });
    }
    if (fin.host && pipes.toBoard.length === 0 && open && broken === 'no')
      at(Math.max(boardLine, now + oneWay()), () => boardHears({ kind: 'closed', how: 'end' }));
  };
  let hostLine = 0;
  const sayToHost = (bytes: Uint8Array): void => {
    const arrives = bytes.slice(0, pass(bytes.length));
    for (let from = 0; from < arrives.length; ) {
      const size = jitter > 0 ? 1 + Math.floor(random() * arrives.length) : arrives.length;
      const part = arrives.subarray(from, from + size);
      from += size;
      hostLine = Math.max(hostLine, now + oneWay());
      at(hostLine, () => open && hostHears({ kind: 'received', bytes: part }));
    }
    // Data that goes out after this moment carries the acknowledgement.
    at(hostLine - 1e-9, () => {
      heardPrint = waitingPrint;
    });
    at(Math.max(hostLine, now) + (weather.delayedAck ?? 0), acknowledge);
  };
  let waitingPrint: (() => void) | undefined;
  let heardPrint: (() => void) | undefined;
  const acknowledge = (): void => {
    const resume = heardPrint;
    heardPrint = undefined;
    if (resume) after(oneWay(), resume);
  };

  // ------------------------------------------------------------ the board
  let board = device({
    profile,
    ...(weather.boardPassword !== undefined && { password: new Secret(weather.boardPassword) }),
    ...(weather.passwordHash !== undefined && { passwordHash: weather.passwordHash }),
  });
  const callbacks: string[] = [];
  let written: Uint8Array[] = [];
  let job = { size: 0, md5: '' };
  let flashError: DeviceError | undefined;
  let stored: Uint8Array | undefined;
  let calledAt = 0;
  let hung = false;
  let restarted = false;
  let wakeBoard = 0;
  let carrying = false;
  const toDo: DeviceEffect[] = [];
  const boardHears = (event: Untimed<DeviceEvent>): void => {
    if (hung || restarted) return;
    const [next, effects] = stepDevice(board, { ...event, now: millis(now) } as DeviceEvent);
    board = next;
    toDo.push(...effects);
    if (!carrying) carryOn();
  };
  const carryOn = (): void => {
    const effect = toDo.shift();
    carrying = effect !== undefined;
    if (!effect) return;
    const time = doIt(effect);
    if (time === Number.POSITIVE_INFINITY) return;
    if (time > 0) after(time, carryOn);
    else carryOn();
  };
  /** Answers come after what else is to be done; the time is how long the board is held up. */
  const answer = (event: Untimed<DeviceEvent>, time = 0): void => after(time, () => boardHears(event));
  const doIt = (effect: DeviceEffect): number => {
    switch (effect.do) {
      case 'reply':
        post(effect.bytes, (bytes) => hostHears({ kind: 'datagram', bytes }));
        return 0;
      case 'begin':
        job = { size: effect.size, md5: effect.md5 };
        written = [];
        flashError = undefined;
        answer({ kind: 'begun', ...(weather.beginError && { error: weather.beginError }) });
        return 0;
      case 'abandon':
        written = [];
        return 0;
      case 'callback':
        callbacks.push(`${effect.name}${effect.value === undefined ? '' : ` ${effect.value}`}`);
        return 0;
      case 'connect':
        if (weather.callBlocked) answer({ kind: 'connect-failed' }, effect.timeout ?? 25_000);
        else
          after((weather.callsAfter ?? 0) + 2 * delay, () => {
            if (over) return boardHears({ kind: 'connect-failed' });
            open = true;
            calledAt = now;
            unread = new Uint8Array(0);
            credit = window;
            fin = {};
            passed = 0;
            broken = 'no';
            pipes.toBoard.length = 0;
            boardHears({ kind: 'connected' });
            hostHears({ kind: 'connected' });
          });
        return 0;
      case 'read': {
        const bytes = unread.slice(0, effect.most);
        unread = unread.subarray(bytes.length);
        after(delay, () => {
          credit += bytes.length;
          pumpToBoard();
        });
        answer({ kind: 'read', bytes });
        return 0;
      }
      case 'write':
        written.push(effect.bytes);
        if (weather.writeErrorAt !== undefined && count(written) > weather.writeErrorAt)
          flashError = { kind: profile.eraseErrorIs };
        answer({ kind: 'wrote', ...(flashError && { error: flashError }) }, weather.flash ?? 0);
        return 0;
      case 'print':
        if (effect.blocks && open && broken === 'no') {
          let resumed = false;
          waitingPrint = () => {
            if (!resumed) carryOn();
            resumed = true;
          };
          // The core gives up waiting after 5 s.
          after(5000, waitingPrint);
          sayToHost(effect.bytes);
          return Number.POSITIVE_INFINITY;
        }
        if (open) sayToHost(effect.bytes);
        return 0;
      case 'finish': {
        const bytes = join(written);
        const error: DeviceError | undefined =
          flashError ??
          (bytes.length < job.size ? { kind: 'no-detail' } : md5Hex(bytes) !== job.md5 ? { kind: 'md5' } : weather.finishError);
        if (!error) stored = bytes;
        answer({ kind: 'finished', ...(error && { error }) });
        return 0;
      }
      case 'close': {
        const how = effect.how === 'abort' || unread.length > 0 ? 'reset' : 'end';
        if (open && broken === 'no') at(Math.max(hostLine, now + oneWay()), () => hostHears({ kind: 'closed', how }));
        open = broken === 'cut' ? open : true;
        return 0;
      }
      case 'restart':
        after(effect.after, () => {
          restarted = true;
        });
        return 0;
      case 'wake': {
        const mine = ++wakeBoard;
        at(effect.at, () => mine === wakeBoard && boardHears({ kind: 'woke' }));
        return 0;
      }
      case 'hang':
        hung = true;
        return 0;
      case 'close-sketch-sockets':
        return 0;
    }
  };
  const loop = (): void => {
    if (now >= (weather.loopBlockedUntil ?? 0) && !deviceIsBusy(board)) boardHears({ kind: 'handle' });
    if (!restarted && !hung) after(5, loop);
  };

  // ------------------------------------------------------------ the host
  let host = hosting({
    command: 'sketch',
    image,
    hostPort: 41234,
    entropy: Uint8Array.from({ length: 32 }, () => Math.floor(random() * 256)),
    ...(weather.hostPassword !== undefined && { password: new Secret(weather.hostPassword) }),
    ...(weather.known && { family: profile.family, core: profile.core }),
    ...(weather.dryRun && { dryRun: true }),
    ...(weather.fixedBurst !== undefined && { fixedBurst: weather.fixedBurst }),
  });
  const told: (HostTelling & { at: number })[] = [];
  let over: HostEnding | undefined;
  let endedAt = 0;
  let wakeHost = 0;
  const hostHears = (event: Untimed<HostEvent>): void => {
    const [next, effects] = stepHost(host, { ...event, now: millis(now) } as HostEvent);
    host = next;
    for (const effect of effects) obey(effect);
  };
  const obey = (effect: HostEffect): void => {
    switch (effect.do) {
      case 'send-datagram':
        post(effect.bytes, (bytes) =>
          boardHears({ kind: 'datagram', bytes, from: { address: '192.0.2.1', port: 4000 } }),
        );
        break;
      case 'send':
        pipes.toBoard.push(effect.bytes);
        pumpToBoard();
        break;
      case 'close':
        if (effect.how === 'end') {
          fin.host = true;
          pumpToBoard();
        } else if (open && broken === 'no') after(oneWay(), () => boardHears({ kind: 'closed', how: 'reset' }));
        break;
      case 'wake': {
        const mine = ++wakeHost;
        at(Math.max(now, effect.at), () => mine === wakeHost && !over && hostHears({ kind: 'woke' }));
        break;
      }
      case 'tell':
        told.push({ ...effect.event, at: now });
        break;
      case 'over':
        if (over) throw new Error('over twice');
        over = effect.ending;
        endedAt = now;
        break;
    }
  };

  hostHears({ kind: 'start' });
  if (weather.cancelAt !== undefined) at(weather.cancelAt, () => !over && hostHears({ kind: 'cancel' }));
  loop();
  for (let next = agenda.shift(); next; next = agenda.shift()) {
    now = next.at;
    if (now > 600_000 || (over && now > endedAt + 40_000)) break;
    next.run();
  }
  if (!over) throw new Error(`no end after ${now} ms in ${host.kind}`);
  const phase = board.phase.kind;
  return {
    ending: over,
    endedAt,
    calledAt,
    told,
    board: { phase, ...(stored && { stored }), hung, callbacks },
    connectionLeft: phase === 'receiving',
  };
}

const count = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);
function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(count(parts));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
