import type { Millis, Secret } from '#values/index.ts';
import type { Address, Interface, Trouble } from './net.ts';

/** Gives unpredictable bytes. */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** Looks names up the way other programs on this host do. */
export interface Dns {
  lookup(name: string): Promise<readonly Address[]>;
}

/** Sends ICMP echo requests; undefined when this host has no way to. `replies` are round trips, undefined for a lost one. */
export interface Ping {
  ping(
    address: Address,
    options: { readonly count: number; readonly interval: Millis; readonly timeout: Millis },
    signal?: AbortSignal,
  ): Promise<{ readonly replies: readonly (Millis | undefined)[] } | undefined>;
}

/** Says which way a packet would leave. */
export interface Routes {
  interfaces(): readonly Interface[];
  /** The local address that packets to `address` leave with, and whether the next hop is a gateway; undefined: no route. */
  to(
    address: Address,
  ): Promise<{ readonly source: Address; readonly gateway?: Address; readonly name?: string } | undefined>;
}

export interface Neighbour {
  readonly address: Address;
  /** Lower case with colons; undefined while nobody answered. */
  readonly mac?: string;
}

/** Reads the system's table of who is who on the link (ARP). */
export interface Neighbours {
  table(): Promise<readonly Neighbour[] | undefined>;
}

/** Runs a program of the system, without a shell, bounded in time and output. */
export interface Commands {
  run(
    program: string,
    words: readonly string[],
    options: { readonly timeout: Millis; readonly input?: string },
  ): Promise<{ readonly exit: number; readonly out: string; readonly err: string } | undefined>;
}

/** What this host is. */
export interface Environment {
  readonly os: 'windows' | 'macos' | 'linux' | 'other';
  variable(name: string): string | undefined;
  /** Folders for this program's settings and for what it remembers. */
  readonly configFolder: string;
  readonly dataFolder: string;
}

/** Reads and writes files; a missing file reads as undefined. Writes are whole or not at all. */
export interface Files {
  read(path: string): Promise<Uint8Array | undefined>;
  write(path: string, bytes: Uint8Array, options?: { readonly mode?: number }): Promise<void>;
  append(path: string, bytes: Uint8Array, options?: { readonly mode?: number }): Promise<void>;
  remove(path: string): Promise<void>;
  list(folder: string): Promise<readonly string[]>;
}

export interface Entry {
  readonly name: string;
  readonly folder: boolean;
  readonly bytes: number;
  /** When it was last changed, milliseconds since 1970. */
  readonly changed: number;
}

/** Lists what is in a folder; empty where there is none or it can't be read. */
export interface Folders {
  entries(folder: string): Promise<readonly Entry[]>;
}

/** Keeps passwords of boards where only this user can read them. */
export interface Secrets {
  get(name: string): Promise<Secret | undefined>;
  set(name: string, secret: Secret): Promise<void>;
  remove(name: string): Promise<boolean>;
  names(): Promise<readonly string[]>;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Asks web servers, bounded in time and size. */
export interface Http {
  request(
    url: string,
    options: {
      readonly method?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: Uint8Array;
      readonly timeout: Millis;
      readonly maxBytes: number;
    },
  ): Promise<HttpAnswer | undefined>;
}

export interface WebRequest {
  readonly method: string;
  /** With query, as it was asked. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly from: Address;
}

export interface WebReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** The answer has left this program, or the caller went before that. */
  ended?(whole: boolean): void;
}

/** Answers those who ask over HTTP. Without `tls` (PEM) it is plain. */
export interface WebServers {
  listen(
    options: {
      readonly address: Address;
      readonly port: number;
      readonly tls?: { readonly cert: string; readonly key: string };
    },
    answer: (request: WebRequest) => WebReply,
  ): Promise<{ readonly port: number; close(): Promise<void> } | Trouble>;
}

export interface SerialPort {
  readonly path: string;
  /** Resolves when the bytes have left for the wire. On a port that is gone nothing happens: `closed` has said why. */
  write(bytes: Uint8Array): Promise<void>;
  /** Control lines: `dtr` and `rts` drive the usual auto-reset circuit. What is left out stays; a port without them ignores it. */
  lines(set: { readonly dtr?: boolean; readonly rts?: boolean }): Promise<void>;
  speed(baud: number): Promise<void>;
  close(): Promise<void>;
}

/** A port that this computer has, and what is behind it as far as USB says. */
export interface SerialPortInfo {
  readonly path: string;
  /** USB ids, four hex digits in lower case. */
  readonly vendor?: string;
  readonly product?: string;
  /** What the adapter calls itself. */
  readonly maker?: string;
  /** Serial number of the adapter; cheap ones share one, or have none. */
  readonly serial?: string;
  /** Where it is plugged in: tells two adapters of one kind apart. */
  readonly location?: string;
}

/** Why a port can't be opened. `not-installed`: this computer lacks what WhyOTA needs to reach serial ports. */
export interface SerialTrouble {
  readonly trouble: 'busy' | 'denied' | 'missing' | 'not-installed' | 'other';
  /** The system's own words. */
  readonly detail: string;
  /** The program that holds a busy port, where the system tells. */
  readonly holder?: string;
  /** The group whose members may use a denied port, where the system tells. */
  readonly group?: string;
}

/** Lists and opens serial ports. */
export interface SerialPorts {
  list(): Promise<readonly SerialPortInfo[] | SerialTrouble>;
  /** Opens it with both control lines off. `closed` comes once: without `why` after `close`, else with what the system said. */
  open(
    path: string,
    baud: number,
    on: { data(bytes: Uint8Array): void; closed(why?: string): void },
  ): Promise<SerialPort | SerialTrouble>;
}
