import type { Address, Clock, Tcp, TcpConnection } from '#machine/index.ts';
import { blynkDevice } from '#protocols/blynk/index.ts';
import { type Millis, millis } from '#values/index.ts';
import type { Blynk } from './sketch.ts';
import type { Timers } from './timers.ts';

export interface BlynkParts {
  readonly ports: { readonly clock: Clock; readonly tcp: Tcp };
  readonly timers: Timers;
  readonly name: string;
  readonly address: Address;
  readonly blynk: Blynk;
  readonly build: string;
  readonly board: string;
  /** ArduinoOTA is receiving: loop() does not get to Blynk.run(). */
  busy(): boolean;
  readonly on: {
    print(text: string): void;
    /** The first login was answered: what follows Blynk.begin() in setup() is reached. */
    begun(): void;
    ota(url: string): void;
  };
}

const passEvery = millis(100);
/** Of a pin that the sketch writes: seconds since its start, as the thread's sketches do. */
const uptimePin = 5;

/** The Blynk library in a sketch: begin() in setup(), run() in loop(). */
export class BlynkService {
  readonly #parts: BlynkParts;
  readonly #state: blynkDevice.DeviceState;
  readonly #startedAt: Millis;
  #connection: TcpConnection | undefined;
  #server: Pick<Blynk, 'address' | 'port'>;
  #begun = false;
  #wroteAt: Millis;
  #closed = false;
  /** run() stands still: an attempt to connect that nobody answers holds loop() up. */
  #heldUntil: Millis | undefined;

  constructor(parts: BlynkParts) {
    const { blynk, board, build } = parts;
    this.#parts = parts;
    this.#server = blynk;
    this.#startedAt = parts.ports.clock.now();
    this.#wroteAt = this.#startedAt;
    const library = blynkDevice.libraryOf(blynk.library);
    this.#state = blynkDevice.deviceOf({ library, token: blynk.token, board, build });
    this.#pass();
  }

  /** Until when loop() is held up by an attempt to connect. */
  get heldUntil(): Millis | undefined {
    const until = this.#heldUntil;
    return until !== undefined && until > this.#parts.ports.clock.now() ? until : undefined;
  }

  get online(): boolean {
    return this.#state.phase === 'in';
  }

  close({ quietly }: { readonly quietly: boolean }): void {
    this.#closed = true;
    if (!quietly) this.#connection?.destroy();
  }

  /** Cores up to 3.0.2 close the sketch's own connections when an update begins. */
  dropConnection(): void {
    this.#connection?.destroy();
    this.#connection = undefined;
    blynkDevice.disconnected(this.#state);
  }

  #pass(): void {
    const { timers, name, busy, ports } = this.#parts;
    timers.after(passEvery, `${name}: Blynk.run()`, () => {
      if (this.#closed) return;
      const now = ports.clock.now();
      if (!busy() && this.heldUntil === undefined) {
        this.#carryOut(blynkDevice.run(this.#state, now));
        if (this.#state.phase === 'in' && now - this.#wroteAt >= this.#parts.blynk.writes) {
          this.#wroteAt = now;
          const uptime = Math.floor((now - this.#startedAt) / 1000);
          const wish = blynkDevice.virtualWrite(this.#state, uptimePin, String(uptime), now);
          if (wish) this.#carryOut([wish]);
        }
      }
      this.#pass();
    });
  }

  #carryOut(wishes: readonly blynkDevice.DeviceWish[]): void {
    const { on } = this.#parts;
    for (const wish of wishes) {
      switch (wish.do) {
        case 'connect':
          this.#connect();
          break;
        case 'send':
          this.#connection?.write(wish.bytes);
          break;
        case 'close':
          this.#connection?.destroy();
          this.#connection = undefined;
          break;
        case 'in':
          on.print('[blynk] Ready\n');
          if (!this.#begun) on.begun();
          this.#begun = true;
          break;
        case 'pin':
          on.print(`[blynk] ${wish.pin} = ${wish.values.join(' ')}\n`);
          break;
        case 'redirect':
          on.print(`[blynk] redirected to ${wish.host}\n`);
          this.#server = { address: wish.host, port: wish.port ?? this.#server.port };
          break;
        case 'ota':
          on.print(`[blynk] ota ${wish.url}\n`);
          on.ota(wish.url);
          break;
      }
    }
  }

  #connect(): void {
    const { ports, address } = this.#parts;
    const { clock } = ports;
    // What the library allows the connection to take; nobody answering a SYN costs it all.
    this.#heldUntil = millis(clock.now() + this.#state.options.library.timeout);
    const connection = ports.tcp.connect(
      this.#server,
      { local: address },
      {
        connected: () => {
          this.#heldUntil = undefined;
          if (!this.#closed) this.#carryOut(blynkDevice.connected(this.#state, clock.now()));
        },
        readable: () => {
          const bytes = connection.read();
          // While an update is received nobody reads; what has come lies in the network's buffers.
          if (!this.#closed && !this.#parts.busy()) this.#carryOut(blynkDevice.heard(this.#state, bytes, clock.now()));
        },
        ended: () => connection.destroy(),
        closed: () => {
          if (this.#connection !== connection) return;
          this.#connection = undefined;
          // A port that is closed says so at once; loop() goes on.
          this.#heldUntil = undefined;
          blynkDevice.disconnected(this.#state);
        },
      },
    );
    this.#connection = connection;
  }
}
