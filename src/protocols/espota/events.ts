/** What the two espota machines hear and wish for. Both are pure steps: `(state, event) → [state, effects]`. Time arrives
 *  with every event as `now` (milliseconds on the driver's clock) and leaves as a `wake` wish: the driver keeps one timer a
 *  machine, a newer `wake` replaces the older. Effects are carried out in order. */
import type { Millis, Secret } from '#values/index.ts';

/** What an invitation carries. */
export type Command = 'sketch' | 'filesystem';

// ---------------------------------------------------------------- host

export interface HostOptions {
  readonly command: Command;
  /** The exact bytes to send. */
  readonly image: Uint8Array;
  /** TCP port that the board is to call. */
  readonly hostPort: number;
  readonly password?: Secret | undefined;
  /** 32 bytes for the client nonces. */
  readonly entropy: Uint8Array;
  /** What is known of the board: only chooses patience and the first in-flight budget, never correctness. */
  readonly family?: 'esp8266' | 'esp32' | 'rp2040' | undefined;
  /** Core of the running sketch, `2.3.0`. */
  readonly core?: string | undefined;
  /** End well when the board calls; nothing is sent. */
  readonly dryRun?: boolean;
  /** How a stop-and-wait peer behaves, for comparison only: bytes a burst, one burst at a time, one invitation. */
  readonly fixedBurst?: number;
}

export type HostEvent = { readonly now: Millis } & (
  | { readonly kind: 'start' }
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array }
  /** ICMP: the port is closed. */
  | { readonly kind: 'refused' }
  /** The system says that there is no way to the board. */
  | { readonly kind: 'unreachable'; readonly detail: string }
  /** The invited board (the driver has checked the address) called. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'received'; readonly bytes: Uint8Array }
  | { readonly kind: 'closed'; readonly how: 'end' | 'reset' | 'timed-out' }
  | { readonly kind: 'woke' }
  | { readonly kind: 'cancel' }
);

export type HostEffect =
  | { readonly do: 'send-datagram'; readonly bytes: Uint8Array }
  | { readonly do: 'send'; readonly bytes: Uint8Array }
  /** Ends the TCP connection: orderly, or so that the board is freed (RST). */
  | { readonly do: 'close'; readonly how: 'end' | 'destroy' }
  | { readonly do: 'wake'; readonly at: Millis }
  /** For the transcript. */
  | { readonly do: 'tell'; readonly event: HostTelling }
  | { readonly do: 'over'; readonly ending: HostEnding };

/** The part of the transcript's vocabulary that the host half speaks. */
export type HostTelling =
  | { readonly kind: 'invited'; readonly attempt: number; readonly purpose?: 'again' | 'dry-run' }
  | { readonly kind: 'challenged'; readonly nonceLength: number }
  | { readonly kind: 'responded'; readonly scheme: 'md5' | 'sha256' | 'sha256-of-md5' }
  | { readonly kind: 'authentication-refused' }
  | { readonly kind: 'accepted'; readonly implied: boolean }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'garbled'; readonly text: string }
  | { readonly kind: 'port-unreachable' }
  | { readonly kind: 'host-unreachable'; readonly detail: string }
  | {
      readonly kind: 'silence';
      readonly waitingFor: 'answer' | 'authentication' | 'call' | 'data' | 'verdict';
      readonly time: Millis;
    }
  | { readonly kind: 'acknowledged'; readonly bytes: number; readonly total: number }
  | { readonly kind: 'sent'; readonly bytes: number }
  | { readonly kind: 'verdict'; readonly text: string; readonly good: boolean }
  | { readonly kind: 'closed'; readonly by: 'board' | 'us'; readonly how: 'end' | 'reset' };

/** All the ways the host half can end. `acknowledged` counts image bytes that the board has answered. */
export type HostEnding =
  | { readonly kind: 'stored' }
  | { readonly kind: 'could-work' }
  | { readonly kind: 'no-answer' }
  | { readonly kind: 'port-closed' }
  | { readonly kind: 'unreachable'; readonly detail: string }
  | { readonly kind: 'garbled'; readonly text: string }
  | { readonly kind: 'password-needed' }
  | { readonly kind: 'wrong-password' }
  | { readonly kind: 'no-answer-to-authentication' }
  /** The board refused: the parsed error line. `over` says where it stood. */
  | {
      readonly kind: 'board-error';
      readonly error: BoardError;
      readonly over: 'udp' | 'tcp';
      readonly acknowledged: number;
    }
  /** OK, and no call. `again`: what the same invitation, repeated afterwards, was answered with. */
  | { readonly kind: 'no-call'; readonly again: 'at-once' | 'after-connect-timeout' | 'never' }
  | { readonly kind: 'stalled'; readonly acknowledged: number; readonly time: Millis }
  | { readonly kind: 'broke-off'; readonly acknowledged: number; readonly how: 'end' | 'reset' | 'timed-out' }
  /** All bytes were taken, and then no verdict came. It may have worked: verify. */
  | { readonly kind: 'no-verdict'; readonly how: 'end' | 'reset' | 'silence' }
  | { readonly kind: 'garbage'; readonly text: string; readonly acknowledged: number }
  | { readonly kind: 'cancelled'; readonly acknowledged: number };

/** An error line of the board's Update class. */
export interface BoardError {
  readonly kind: BoardErrorKind;
  /** The number on the wire, where there was one. Its meaning differs by core: go by `kind`. */
  readonly number?: number;
  /** As the board said it, without line end. */
  readonly text: string;
}

/** Names as in facts.md, plus what RP2040 boards say. */
export type BoardErrorKind =
  | 'not-enough-space'
  | 'bad-size'
  | 'flash-write'
  | 'flash-erase'
  | 'flash-read'
  | 'stream-timeout'
  | 'md5'
  | 'flash-config'
  | 'new-flash-config'
  | 'magic'
  | 'bootstrap'
  | 'signature'
  | 'no-data'
  | 'out-of-memory'
  | 'already-running'
  | 'could-not-activate'
  | 'no-partition'
  | 'bad-argument'
  | 'aborted'
  | 'decrypt'
  | 'no-filesystem'
  | 'unknown-command'
  | 'no-detail';

// ---------------------------------------------------------------- device

export type DeviceEvent = {
  readonly now: Millis;
} /** A datagram reached the OTA port. Where the profile works in the network callback it is worked on at once, otherwise
 *  it is queued until `handle`. */ & (
  | {
      readonly kind: 'datagram';
      readonly bytes: Uint8Array;
      readonly from: { readonly address: string; readonly port: number };
    }
  /** The sketch called ArduinoOTA.handle(). While the machine is busy the driver sends no `handle`, as the real one does not
   *  return; the update goes on by `wake` and `woke`. */
  | { readonly kind: 'handle' }
  | { readonly kind: 'begun'; readonly error?: DeviceError }
  | { readonly kind: 'connected' }
  | { readonly kind: 'connect-failed' }
  /** Bytes read from the TCP connection in answer to a `read` wish (empty: nothing was readable). */
  | { readonly kind: 'read'; readonly bytes: Uint8Array }
  | { readonly kind: 'wrote'; readonly error?: DeviceError }
  | { readonly kind: 'finished'; readonly error?: DeviceError }
  /** The other side sent FIN (after its bytes were read) or RST. */
  | { readonly kind: 'closed'; readonly how: 'end' | 'reset' }
  | { readonly kind: 'woke' }
);

/** What the board's Update class says went wrong: its error line without the `ERROR[n]: ` framing's line end rules. */
export interface DeviceError {
  readonly kind: BoardErrorKind;
  /** Values that the text carries (sizes, hashes), by name. */
  readonly values?: Readonly<Record<string, string | number>>;
}

export type DeviceEffect =
  | {
      readonly do: 'reply';
      readonly bytes: Uint8Array;
      readonly to: { readonly address: string; readonly port: number };
    }
  /** Update.begin(size, command); answer with `begun`. `md5` is the target hash. */
  | { readonly do: 'begin'; readonly command: Command; readonly size: number; readonly md5: string }
  | { readonly do: 'close-sketch-sockets' }
  | { readonly do: 'callback'; readonly name: 'start' | 'end' | 'progress' | 'error'; readonly value?: number }
  /** Call the host; answer with `connected` or `connect-failed`. `timeout` undefined: the stack's SYN retries alone. */
  | {
      readonly do: 'connect';
      readonly to: { readonly address: string; readonly port: number };
      readonly timeout?: Millis;
    }
  /** Take what is readable, at most so many bytes; answer with `read`. Carried out after earlier effects are done. */
  | { readonly do: 'read'; readonly most: number }
  /** Update.write; takes flash time; answer with `wrote`. */
  | { readonly do: 'write'; readonly bytes: Uint8Array }
  /** Print on the TCP connection. `blocks`: the board waits until the host's TCP acknowledged it. */
  | { readonly do: 'print'; readonly bytes: Uint8Array; readonly blocks: boolean }
  /** Update.end(); answer with `finished`. */
  | { readonly do: 'finish' }
  /** Update.abort(): what was written is given up; no answer. */
  | { readonly do: 'abandon' }
  | { readonly do: 'close'; readonly how: 'end' | 'abort' }
  | { readonly do: 'restart'; readonly after: Millis }
  | { readonly do: 'wake'; readonly at: Millis }
  /** The board spins until its watchdog bites: nothing runs any more. */
  | { readonly do: 'hang'; readonly why: string };
