import type { Address, Clock, Tcp, TcpConnection } from '#machine/index.ts';
import {
  judgeFirstByte,
  judgePullAnswer,
  type PullClient,
  type PullVerdict,
  printPullRequest,
  readPullAnswer,
} from '#protocols/http-pull/index.ts';
import { concat, type Millis, sectorBytes } from '#values/index.ts';
import type { StoredUpdate } from './board.ts';
import type { Flash } from './flash.ts';
import type { Pull } from './sketch.ts';
import type { Timers } from './timers.ts';
import type { Outcome, Updater } from './updater/updater.ts';

export interface PullParts {
  readonly ports: { readonly clock: Clock; readonly tcp: Tcp };
  readonly timers: Timers;
  readonly name: string;
  readonly address: Address;
  readonly pull: Pull;
  readonly flash: Flash;
  /** A fresh Update object. */
  updater(): Updater;
  client(): PullClient;
  /** ArduinoOTA is receiving: loop() does not come to ask. */
  busy(): boolean;
  readonly on: {
    stored(update: StoredUpdate): void;
    print(text: string): void;
    restart(): void;
    crashed(): void;
    lostPower(): void;
  };
}

const update = { sketch: 'sketch', spiffs: 'filesystem' } as const;

/** A sketch that asks a web server for its update now and then, as ESP8266httpUpdate and HTTPUpdate do. */
export class PullService {
  readonly #parts: PullParts;
  #connection: TcpConnection | undefined;
  #closed = false;

  constructor(parts: PullParts) {
    this.#parts = parts;
    this.#later(parts.pull.every, () => this.#ask());
  }

  close({ quietly }: { readonly quietly: boolean }): void {
    this.#closed = true;
    if (!quietly) this.#connection?.destroy();
  }

  #later(time: Millis, then: () => void): void {
    this.#parts.timers.after(time, `${this.#parts.name}: update client`, () => this.#closed || then());
  }

  #ask(): void {
    const { ports, address, pull, client, busy } = this.#parts;
    if (busy()) {
      this.#later(pull.every, () => this.#ask());
      return;
    }
    const asked = client();
    let head: Uint8Array = new Uint8Array(0);
    let body: Download | undefined;
    let over = false;
    const end = (text: string): void => {
      if (over || this.#closed) return;
      over = true;
      connection.destroy();
      this.#connection = undefined;
      this.#parts.on.print(`[update] ${text}\n`);
      this.#later(pull.every, () => this.#ask());
    };
    const take = (): void => {
      if (over || this.#closed) return;
      if (!body) {
        head = concat(head, connection.read());
        const answer = readPullAnswer(head);
        if (answer === undefined) return;
        const verdict = answer === 'garbage' ? undefined : judgePullAnswer(asked, answer);
        if (answer === 'garbage' || verdict?.kind !== 'flash') {
          end(verdict ? textOf(verdict) : 'no HTTP server');
          return;
        }
        body = { ...verdict, client: asked, first: head.subarray(answer.body), taken: 0 };
      }
      this.#fill(connection, body, end);
    };
    const gone = (): void => {
      if (body) {
        body.last = true;
        this.#fill(connection, body, end);
      } else end('connection lost');
    };
    const request = printPullRequest(asked, pull.path, `${pull.address}:${pull.port}`, pull.authorization);
    const connection = ports.tcp.connect(
      { address: pull.address, port: pull.port },
      { local: address },
      { connected: () => connection.write(request), readable: take, ended: gone, closed: gone },
    );
    this.#connection = connection;
  }

  /** Takes what has come, a sector at a time; the loop stands still meanwhile. */
  #fill(connection: TcpConnection, body: Download, end: (text: string) => void): void {
    if (body.writing || body.taken >= body.bytes) return;
    const bytes = body.first.length ? body.first : connection.read(sectorBytes);
    body.first = new Uint8Array(0);
    if (bytes.length === 0) {
      if (body.last) end('connection lost');
      return;
    }
    if (!body.updater) {
      const wrong = judgeFirstByte(body.client, bytes[0]!);
      if (wrong) {
        end(textOf(wrong));
        return;
      }
      body.updater = this.#parts.updater();
      if (this.#went(body.updater.begin(update[body.client.mode ?? 'sketch'], body.bytes, body.md5 ?? ''), end)) return;
    }
    const wanted = bytes.subarray(0, body.bytes - body.taken);
    body.taken += wanted.length;
    if (this.#went(body.updater.write(wanted), end)) return;
    body.writing = true;
    this.#later(this.#parts.flash.takeTime(), () => {
      body.writing = false;
      if (body.taken >= body.bytes) this.#finish(body, end);
      else this.#fill(connection, body, end);
    });
  }

  #finish({ updater, client, bytes, md5 = '' }: Download, end: (text: string) => void): void {
    const { on, flash } = this.#parts;
    if (this.#went(updater!.finish(), end)) return;
    on.stored({ command: update[client.mode ?? 'sketch'], bytes, md5 });
    this.#later(flash.takeTime(), () => on.restart());
  }

  /** True when it went wrong. */
  #went(outcome: Outcome, end: (text: string) => void): boolean {
    const { on, flash } = this.#parts;
    if (!flash.powered) on.lostPower();
    else if (outcome === 'crash') on.crashed();
    else if (outcome) end(`ERROR: ${outcome.kind}`);
    else return false;
    return true;
  }
}

interface Download {
  readonly bytes: number;
  readonly md5?: string;
  readonly client: PullClient;
  /** Of the body: what came with the head. */
  first: Uint8Array;
  taken: number;
  /** Nothing follows what is here. */
  last?: boolean;
  updater?: Updater;
  writing?: boolean;
}

const textOf = (verdict: PullVerdict): string =>
  verdict.kind === 'failed' ? `${verdict.code ?? ''} ${verdict.text}`.trim() : verdict.kind;
