import type { Millis, Problem } from '#values/index.ts';

/** What can happen in an attempt to update one board. No event holds a secret. `bytes` are bytes of the image as sent. */
export type AttemptEvent =
  | {
      readonly kind: 'identified';
      /** What the file is, in words ("ESP8266 sketch, core 2.7.4"). */
      readonly what: string;
      readonly bytes: number;
      readonly md5: string;
      readonly command: 'sketch' | 'filesystem';
      readonly compressed: boolean;
    }
  | {
      readonly kind: 'resolved';
      readonly name: string;
      readonly address: string;
      readonly port: number;
      readonly via: 'address' | 'mdns' | 'dns' | 'memory';
    }
  | { readonly kind: 'checked'; readonly verdict: 'fits' | 'does-not-fit' | 'unknown'; readonly because: string }
  | { readonly kind: 'warned'; readonly problem: Problem }
  | { readonly kind: 'listening'; readonly address: string; readonly port: number }
  | { readonly kind: 'invited'; readonly attempt: number; readonly purpose?: 'again' | 'dry-run' }
  | { readonly kind: 'challenged'; readonly nonceLength: number }
  | { readonly kind: 'responded'; readonly scheme: 'md5' | 'sha256' | 'sha256-of-md5' }
  | { readonly kind: 'authentication-refused' }
  /** OK over UDP, or implied by the board's call. */
  | { readonly kind: 'accepted'; readonly implied: boolean }
  /** ERR: over UDP. */
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'garbled'; readonly text: string }
  | { readonly kind: 'port-unreachable' }
  | { readonly kind: 'host-unreachable'; readonly detail: string }
  | {
      readonly kind: 'silence';
      readonly waitingFor: 'answer' | 'authentication' | 'call' | 'data' | 'verdict';
      readonly time: Millis;
    }
  | { readonly kind: 'stranger'; readonly address: string }
  | { readonly kind: 'connected'; readonly address: string }
  /** Bytes of bursts that the board has answered; never what was merely sent. */
  | { readonly kind: 'acknowledged'; readonly bytes: number; readonly total: number }
  | { readonly kind: 'sent'; readonly bytes: number }
  | { readonly kind: 'verdict'; readonly text: string; readonly good: boolean }
  | { readonly kind: 'closed'; readonly by: 'board' | 'us'; readonly how: 'end' | 'reset' }
  | { readonly kind: 'watching'; readonly by: readonly ('mdns' | 'datagram')[] }
  | { readonly kind: 'went-away' }
  | { readonly kind: 'came-back'; readonly after: Millis; readonly proof?: string }
  | { readonly kind: 'ended'; readonly ending: AttemptEnding };

export type AttemptEnding =
  /** The board is back and said itself what it runs. */
  | { readonly kind: 'confirmed'; readonly build: string }
  /** The board is back; nobody can say what it runs. */
  | { readonly kind: 'back' }
  /** Stored, and the person did not want to wait. */
  | { readonly kind: 'stored' }
  /** A dry run that went well: everything up to the first byte. */
  | { readonly kind: 'could-work' }
  | { readonly kind: 'not-back'; readonly problem: Problem }
  | { readonly kind: 'failed'; readonly problem: Problem; readonly acknowledged: number }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'interrupted' };

/** An event with its time: `at` is milliseconds since the attempt began. */
export type Recorded = AttemptEvent & { readonly at: Millis };

/** One attempt, as the history keeps it. `began` is milliseconds since 1970. */
export interface Attempt {
  readonly began: number;
  readonly events: readonly Recorded[];
}
