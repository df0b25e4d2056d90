import type { Clock, Tcp, TcpConnection, TcpEvents, Timer, Trouble, Udp } from '#machine/index.ts';
import { concat, type Millis } from '#values/index.ts';

/** What lies between a board and the real network. */
export interface Shape {
  /** Half of it each way. */
  readonly roundTrip: Millis;
  /** Bytes of the host that may be on the way to the board or unread there. A byte counts until the board's program has
   *  read it and the news has travelled back. */
  readonly window: number;
  /** How long the host's TCP keeps an ACK back in the hope of data to send with it. Default: 40 ms, as Linux does
   *  (TCP_DELACK_MIN). Cores that wait in print() for that ACK feel it. */
  readonly delayedAck?: Millis;
}

/** The ports of a board at the end of a slow link, over fast real ones. The delays are as exact as the clock's. */
export function shaped(shape: Shape, real: { readonly clock: Clock; readonly udp: Udp; readonly tcp: Tcp }) {
  const { clock } = real;
  const oneWay = shape.roundTrip / 2;
  const later = (then: () => void): Timer => clock.after(oneWay, 'link', then);

  const udp: Udp = {
    async open(options, on) {
      let closed = false;
      const socket = await real.udp.open(options, {
        datagram: (bytes, from) => later(() => closed || on.datagram(bytes, from)),
        trouble: (trouble) => later(() => closed || on.trouble(trouble)),
      });
      if (!('send' in socket)) return socket;
      return {
        local: socket.local,
        send: (bytes, to) => void later(() => socket.send(bytes, to)),
        close() {
          closed = true;
          // What is on its way still leaves.
          later(() => socket.close());
        },
      };
    },
  };

  const tcp: Tcp = {
    listen: (options, on) =>
      real.tcp.listen(options, {
        connection(connection) {
          const end = new ShapedConnection(shape, clock, connection);
          connection.on(end.heard);
          later(() => on.connection(end));
        },
        trouble: (trouble) => on.trouble(trouble),
      }),
    connect(to, { local }, on) {
      const end = new ShapedConnection(shape, clock);
      end.on(on);
      later(() => end.dial(real.tcp, to, local));
      return end;
    },
  };

  return { clock, udp, tcp };
}

const nowhere = { address: '0.0.0.0', port: 0 };

class ShapedConnection implements TcpConnection {
  readonly #shape: Shape;
  readonly #clock: Clock;
  #real: TcpConnection | undefined;
  #events: TcpEvents | undefined;
  #gone = false;

  /** How much more of the host may be taken. */
  #credit: number;
  #parts: Uint8Array[] = [];
  #unread = 0;
  #ending = false;
  #ended = false;
  #closing: { readonly trouble?: Trouble } | undefined;

  #written = 0;
  #acknowledged = 0;
  /** Bytes that reached the host and whose ACK it keeps back. */
  #held = 0;
  #holding: Timer | undefined;

  constructor(shape: Shape, clock: Clock, real?: TcpConnection) {
    this.#shape = shape;
    this.#clock = clock;
    this.#real = real;
    this.#credit = shape.window;
  }

  /** What the real connection says. */
  readonly heard: TcpEvents = {
    connected: () => this.#inward(() => this.#events?.connected?.()),
    readable: () => this.#take(),
    ended: () => {
      this.#ending = true;
      this.#take();
    },
    closed: (trouble) => {
      this.#closing = trouble ? { trouble } : {};
      this.#take();
    },
  };

  dial(tcp: Tcp, to: { readonly address: string; readonly port: number }, local: string | undefined): void {
    if (this.#gone) return;
    this.#real = tcp.connect(to, local === undefined ? {} : { local }, this.heard);
  }

  get local() {
    return this.#real?.local ?? nowhere;
  }

  get remote() {
    return this.#real?.remote ?? nowhere;
  }

  on(events: TcpEvents): void {
    this.#events = events;
    if (this.#unread > 0) this.#clock.after(0, 'link', () => this.#events?.readable());
  }

  get unread(): number {
    return this.#unread;
  }

  read(most: number = this.#unread): Uint8Array {
    const all = this.#parts.length === 1 ? this.#parts[0]! : concat(...this.#parts);
    const taken = all.subarray(0, most);
    const rest = all.subarray(taken.length);
    this.#parts = rest.length ? [rest] : [];
    this.#unread = rest.length;
    if (taken.length)
      this.#inward(() => {
        this.#credit += taken.length;
        this.#take();
      });
    return taken;
  }

  write(bytes: Uint8Array): void {
    this.#written += bytes.length;
    const copy = bytes.slice();
    this.#outward(() => {
      this.#real?.write(copy);
      if (this.#gone) return;
      this.#held += copy.length;
      this.#holding ??= this.#clock.after(this.#shape.delayedAck ?? 40, 'delayed ack', () => this.#acknowledge());
    });
    this.#clock.after(0, 'link', () => this.#events?.drained?.());
  }

  get unsent(): number {
    return 0;
  }

  end(): void {
    this.#outward(() => this.#real?.end());
  }

  destroy(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#holding?.cancel();
    this.#outward(() => this.#real?.destroy());
  }

  /** Takes from the host what the window lets through; the end comes behind the last byte, a reset at once. */
  #take(): void {
    const real = this.#real;
    if (!real || this.#gone) return;
    const bytes = real.read(this.#credit);
    if (bytes.length) {
      this.#credit -= bytes.length;
      this.#acknowledge(); // the host's data takes its ACKs along
      this.#inward(() => {
        this.#parts.push(bytes);
        this.#unread += bytes.length;
        this.#events?.readable();
      });
    }
    const empty = real.unread === 0;
    if (this.#ending && empty && !this.#ended) {
      this.#ended = true;
      this.#inward(() => this.#events?.ended());
    }
    const closing = this.#closing;
    if (!closing || !(empty || closing.trouble)) return;
    this.#closing = undefined;
    this.#inward(() => {
      this.#gone = true;
      this.#holding?.cancel();
      this.#events?.closed(closing.trouble);
    });
  }

  #acknowledge(): void {
    this.#holding?.cancel();
    this.#holding = undefined;
    const bytes = this.#held;
    this.#held = 0;
    if (bytes === 0) return;
    this.#inward(() => {
      this.#acknowledged += bytes;
      if (this.#acknowledged === this.#written) this.#events?.acknowledged?.();
    });
  }

  /** What has left goes on, whatever becomes of the board. */
  #outward(then: () => void): void {
    this.#clock.after(this.#shape.roundTrip / 2, 'link', then);
  }

  #inward(then: () => void): void {
    this.#clock.after(this.#shape.roundTrip / 2, 'link', () => {
      if (!this.#gone) then();
    });
  }
}
