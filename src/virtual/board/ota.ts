import type { Address, Clock, Random, Tcp, TcpConnection, Timer, Trouble, Udp, UdpSocket } from '#machine/index.ts';
import {
  type DeviceEffect,
  type DeviceEvent,
  type DeviceState,
  device,
  deviceIsBusy,
  type Family,
  profileOf,
  stepDevice,
} from '#protocols/espota/index.ts';
import { ascii, type Millis, millis, seconds } from '#values/index.ts';
import type { StoredUpdate } from './board.ts';
import type { Flash } from './flash.ts';
import type { Faults } from './options.ts';
import { blockedUntil, type Sketch } from './sketch.ts';
import type { Timers } from './timers.ts';
import type { Outcome, Updater } from './updater/updater.ts';

export interface OtaParts {
  readonly ports: { readonly clock: Clock; readonly random: Random; readonly udp: Udp; readonly tcp: Tcp };
  readonly timers: Timers;
  readonly name: string;
  readonly address: Address;
  readonly port: number;
  readonly family: Family;
  readonly core: string;
  readonly sketch: Sketch;
  readonly faults: Faults;
  readonly flash: Flash;
  readonly updater: Updater;
  /** Until when loop() is held up by what else the sketch does. */
  heldUntil?(): Millis | undefined;
  /** Cores up to 3.0.2 close them when an update begins. */
  closeSketchSockets?(): void;
  /** What becomes of the board. After any of these but `stored` and `print`, the service is closed by its owner. */
  readonly on: {
    stored(update: StoredUpdate): void;
    print(text: string): void;
    restart(): void;
    watchdog(): void;
    crashed(): void;
    lostPower(): void;
    silent(): void;
  };
}

type Effect<Name extends DeviceEffect['do']> = Extract<DeviceEffect, { do: Name }>;

/** ClientContext::write of esp8266/Arduino up to 2.3.0 waits so long for the acknowledgement of what it printed. */
const printTimeout = seconds(5);
const inviteToNothing = `0 1 4096 ${'0'.repeat(32)}\n`;

/** ArduinoOTA on its ports: feeds the machine of espota with datagrams, handle() calls and TCP, and carries out its wishes
 *  one after the other on the board's flash, in the time they take. */
export class OtaService {
  readonly #parts: OtaParts;
  readonly #startedAt: Millis;
  #machine: DeviceState;
  #socket: UdpSocket | undefined;
  /** The upload's, until it is closed. */
  #connection: TcpConnection | undefined;
  /** All whose end the other side has not seen. */
  readonly #connections = new Set<TcpConnection>();
  #update: StoredUpdate | undefined;
  #taken = 0;
  #hostClosed: 'end' | 'reset' | undefined;
  /** Calls back when the host's TCP has acknowledged everything printed. */
  #acknowledged: (() => void) | undefined;
  #wishes: DeviceEffect[] = [];
  /** A wish is being carried out that takes time, or the list is being worked through. */
  #occupied = false;
  #wake: Timer | undefined;
  #tick: Timer | undefined;
  #closed = false;

  constructor(parts: OtaParts) {
    this.#parts = parts;
    this.#startedAt = parts.ports.clock.now();
    const profile = profileOf(`${parts.family}@${parts.core}`);
    if (!profile) throw new Error(`no profile for ${parts.family}@${parts.core}`);
    this.#machine = device({ profile, password: parts.sketch.password });
  }

  get busy(): boolean {
    return deviceIsBusy(this.#machine);
  }

  async open(): Promise<Trouble | undefined> {
    const { ports, address, port, faults, sketch } = this.#parts;
    const socket = await ports.udp.open(
      { bind: { address, port } },
      {
        datagram: (bytes, from) => {
          const hear = (): void => this.#hear({ kind: 'datagram', now: this.#now(), bytes, from });
          if (sketch.wifiSleep > 0) this.#after(sketch.wifiSleep, 'beacon', hear);
          else hear();
        },
        trouble: () => {},
      },
    );
    if ('kind' in socket) return socket;
    if (this.#closed) {
      socket.close();
      return undefined;
    }
    if (faults.waitsForAuthentication) this.#presetChallenge();
    this.#socket = socket;
    return undefined;
  }

  /** `quietly`: without the RST that a board without power would not send. */
  close({ quietly }: { readonly quietly: boolean }): void {
    this.#closed = true;
    this.#socket?.close();
    if (!quietly) for (const connection of this.#connections) connection.destroy();
    this.#wishes = [];
  }

  /** As somebody's challenge left it; nobody hears the nonce. */
  #presetChallenge(): void {
    const from = { address: this.#parts.address, port: 1 };
    const now = this.#parts.ports.clock.now();
    for (const event of [
      { kind: 'datagram', now, bytes: ascii(inviteToNothing), from },
      { kind: 'handle', now },
    ] as const)
      [this.#machine] = stepDevice(this.#machine, event);
  }

  // -------------------------------------------------------------- the loop of the sketch

  #hear(event: DeviceEvent): void {
    this.#feed(event);
    this.#loop();
  }

  /** Calls handle() as the sketch's loop() would, as long as that can matter: an idle board sets no timers. */
  #loop(): void {
    const { sketch, ports, name } = this.#parts;
    if (this.#tick || this.#closed || !sketch.handles) return;
    const running = ports.clock.now() - this.#startedAt;
    const until = blockedUntil(sketch, running);
    if (until === 'for-ever') return;
    // At least a millisecond: what rounding leaves of the rest would never pass.
    const held = this.#parts.heldUntil?.();
    const pause =
      until !== undefined
        ? Math.max(1, until - running)
        : held !== undefined
          ? Math.max(1, held - ports.clock.now())
          : sketch.loopPeriod;
    this.#tick = this.#parts.timers.after(pause, `${name}: loop()`, () => {
      this.#tick = undefined;
      if (this.#closed) return;
      if (blockedUntil(sketch, ports.clock.now() - this.#startedAt) !== undefined) return this.#loop();
      if (this.#parts.heldUntil?.() !== undefined) return this.#loop();
      const before = this.#machine;
      if (!this.busy) this.#feed({ kind: 'handle', now: ports.clock.now() });
      if (this.#machine !== before) this.#loop();
    });
  }

  #feed(event: DeviceEvent): void {
    if (this.#closed) return;
    const wasBusy = this.busy;
    const [machine, wishes] = stepDevice(this.#machine, event);
    this.#machine = machine;
    this.#wishes.push(...wishes);
    this.#work();
    // handle() has returned: what came meanwhile may wait for it.
    if (wasBusy && !this.busy) this.#loop();
  }

  /** Carries out wishes in order, until one takes time. */
  #work(): void {
    while (!this.#occupied && !this.#closed) {
      const wish = this.#wishes.shift();
      if (!wish) return;
      this.#occupied = true;
      const takes = this.#carryOut(wish);
      if (takes === 'later') return;
      this.#occupied = false;
    }
  }

  #goOn(): void {
    this.#occupied = false;
    this.#work();
  }

  #after(time: Millis, name: string, then: () => void): Timer {
    return this.#parts.timers.after(time, `${this.#parts.name}: ${name}`, () => {
      if (!this.#closed) then();
    });
  }

  // -------------------------------------------------------------- wishes

  #carryOut(wish: DeviceEffect): 'done' | 'later' {
    const { on, updater } = this.#parts;
    switch (wish.do) {
      case 'reply':
        return this.#reply(wish);
      case 'begin':
        this.#update = { command: wish.command, bytes: wish.size, md5: wish.md5 };
        return this.#answer(updater.begin(wish.command, wish.size, wish.md5), 'begun');
      case 'write':
        return this.#answer(updater.write(wish.bytes), 'wrote');
      case 'finish':
        return this.#answer(updater.finish(), 'finished');
      case 'abandon':
        // Before the last byte, ending is aborting.
        updater.finish();
        return 'done';
      case 'callback':
        return this.#callback(wish);
      case 'connect':
        return this.#connect(wish);
      case 'read':
        return this.#read(wish.most);
      case 'print':
        return this.#print(wish);
      case 'close':
        if (wish.how === 'abort') this.#connection?.destroy();
        else this.#connection?.end();
        this.#connection = undefined;
        return 'done';
      case 'restart':
        this.#after(wish.after, 'restart', () => on.restart());
        return 'done';
      case 'wake':
        this.#wake?.cancel();
        this.#wake = this.#after(millis(wish.at - this.#now()), 'ArduinoOTA', () =>
          this.#feed({ kind: 'woke', now: this.#now() }),
        );
        return 'done';
      case 'hang':
        on.watchdog();
        return 'later';
      case 'close-sketch-sockets':
        this.#parts.closeSketchSockets?.();
        return 'done';
    }
  }

  #now(): Millis {
    return this.#parts.ports.clock.now();
  }

  #reply(wish: Effect<'reply'>): 'done' {
    const { replyDelay = 0, extraReplies = 0 } = this.#parts.faults;
    const send = (): void => {
      for (let i = 0; i <= extraReplies; i++) this.#socket?.send(wish.bytes, wish.to);
    };
    if (replyDelay > 0) this.#after(millis(replyDelay), 'late answer', send);
    else send();
    return 'done';
  }

  /** Tells the machine how Update did, once the flash has taken its time. */
  #answer(outcome: Outcome, kind: 'begun' | 'wrote' | 'finished'): 'done' | 'later' {
    const time = this.#parts.flash.takeTime();
    if (time === 0) {
      this.#tell(outcome, kind);
      return 'done';
    }
    this.#after(time, 'flash', () => {
      this.#tell(outcome, kind);
      this.#goOn();
    });
    return 'later';
  }

  #tell(outcome: Outcome, kind: 'begun' | 'wrote' | 'finished'): void {
    const { flash, on } = this.#parts;
    if (!flash.powered) on.lostPower();
    else if (outcome === 'crash') on.crashed();
    else {
      if (kind === 'finished' && !outcome && this.#update) on.stored(this.#update);
      this.#feed({ kind, now: this.#now(), ...(outcome && { error: outcome }) });
    }
  }

  #callback(wish: Effect<'callback'>): 'done' | 'later' {
    const { sketch, on } = this.#parts;
    if (wish.name === 'error') {
      on.print(`Error[${wish.value}]\n`);
      if (!sketch.restartsOnError) return 'done';
      on.restart();
      return 'later';
    }
    if (wish.name !== 'start' || sketch.onStart === 0) return 'done';
    if (sketch.onStart !== 'for-ever') this.#after(sketch.onStart, 'onStart', () => this.#goOn());
    return 'later';
  }

  #connect(wish: Effect<'connect'>): 'done' {
    const { ports, address, faults } = this.#parts;
    this.#taken = 0;
    this.#hostClosed = undefined;
    if (faults.neverCalls) {
      if (wish.timeout !== undefined)
        this.#after(wish.timeout, 'connect', () => this.#feed({ kind: 'connect-failed', now: this.#now() }));
      return 'done';
    }
    let calling = true;
    const answered = (kind: 'connected' | 'connect-failed'): void => {
      if (!calling) return;
      calling = false;
      timer?.cancel();
      if (kind === 'connected') {
        this.#connection = connection;
        this.#sendGarbage();
      } else connection.destroy();
      this.#feed({ kind, now: this.#now() });
    };
    const connection = ports.tcp.connect(
      wish.to,
      { local: address },
      {
        connected: () => answered('connected'),
        readable() {},
        ended: () => {
          if (this.#connection === connection) this.#hostClosed ??= 'end';
        },
        closed: (trouble) => {
          this.#connections.delete(connection);
          answered('connect-failed');
          if (this.#connection !== connection) return;
          this.#hostClosed = trouble ? 'reset' : (this.#hostClosed ?? 'end');
          this.#acknowledged?.();
        },
        acknowledged: () => this.#acknowledged?.(),
      },
    );
    this.#connections.add(connection);
    const timer =
      wish.timeout === undefined
        ? undefined
        : this.#after(wish.timeout, 'connect', () => {
            this.#connections.delete(connection);
            answered('connect-failed');
          });
    return 'done';
  }

  #sendGarbage(): void {
    const { faults, ports } = this.#parts;
    for (let left = faults.garbage ?? 0; left > 0; left -= 65_536)
      this.#connection?.write(ports.random.bytes(Math.min(left, 65_536)));
  }

  #read(most: number): 'done' {
    const { faults, on } = this.#parts;
    const connection = this.#connection;
    const bytes = connection?.read(most) ?? new Uint8Array(0);
    this.#taken += bytes.length;
    if (this.#taken >= (faults.silentAfter ?? Number.POSITIVE_INFINITY)) on.silent();
    else if (this.#taken >= (faults.resetAfter ?? Number.POSITIVE_INFINITY)) {
      connection?.destroy();
      this.#feed({ kind: 'closed', now: this.#now(), how: 'reset' });
    } else if (bytes.length === 0 && this.#hostClosed)
      this.#feed({ kind: 'closed', now: this.#now(), how: this.#hostClosed });
    else this.#feed({ kind: 'read', now: this.#now(), bytes });
    return 'done';
  }

  #print(wish: Effect<'print'>): 'done' | 'later' {
    const connection = this.#connection;
    if (!connection) return 'done';
    const lie = this.#parts.faults.liesAboutCounts && wish.bytes.every((byte) => byte >= 0x30 && byte <= 0x39);
    connection.write(lie ? ascii('999999') : wish.bytes);
    if (!wish.blocks) return 'done';
    const goOn = (): void => {
      timer.cancel();
      this.#acknowledged = undefined;
      this.#goOn();
    };
    const timer = this.#after(printTimeout, 'print', goOn);
    this.#acknowledged = goOn;
    return 'later';
  }
}
