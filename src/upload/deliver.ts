/** Drives the host half of espota over the ports: one UDP socket, one listener that is up before the first datagram. */
import type { Endpoint, TcpConnection, TcpListener, Timer, Trouble, UdpSocket, World } from '#machine/index.ts';
import {
  type HostEffect,
  type HostEnding,
  type HostEvent,
  type HostOptions,
  type HostTelling,
  hosting,
  stepHost,
} from '#protocols/espota/index.ts';
import { seconds } from '#values/index.ts';

export interface Delivery extends Omit<HostOptions, 'hostPort' | 'entropy'> {
  readonly to: Endpoint;
  /** Local address for the datagrams and the listener; left out: the system's choice, all interfaces. */
  readonly hostAddress?: string | undefined;
  readonly hostPort?: number | undefined;
}

export type DeliveryEnding = HostEnding | { readonly kind: 'listen-failed'; readonly trouble: Trouble };

export type DeliveryTelling =
  | HostTelling
  | { readonly kind: 'listening'; readonly address: string; readonly port: number }
  | { readonly kind: 'stranger'; readonly address: string }
  | { readonly kind: 'connected'; readonly address: string };

/** For the board to hang up too. One that restarts may never say goodbye, and our end would stay open for ever. */
const partingLimit = seconds(5);
/** Strangers that are named in the transcript; any more are turned away in silence. */
const strangersTold = 5;

/** Sends one image to one board and says how it ended. Aborting `signal` frees the board first. Leaves no socket open. */
export async function deliver(
  delivery: Delivery,
  world: Pick<World, 'clock' | 'random' | 'udp' | 'tcp'>,
  tell: (event: DeliveryTelling) => void,
  signal?: AbortSignal,
): Promise<DeliveryEnding> {
  const { to, hostAddress, hostPort } = delivery;
  const { clock } = world;

  let early: TcpConnection[] | undefined = [];
  let called: (connection: TcpConnection) => void = (connection) => early?.push(connection);
  const listener = await world.tcp.listen(
    { ...(hostAddress ? { address: hostAddress } : {}), ...(hostPort ? { port: hostPort } : {}) },
    { connection: (connection) => called(connection), trouble: () => {} },
  );
  if ('kind' in listener) return { kind: 'listen-failed', trouble: listener };
  tell({ kind: 'listening', address: listener.local.address, port: listener.local.port });

  let heard: (event: Untimed<HostEvent>) => void = () => {};
  const socket = await world.udp.open(
    { connect: to, ...(hostAddress ? { bind: { address: hostAddress } } : {}) },
    {
      datagram: (bytes) => heard({ kind: 'datagram', bytes }),
      trouble: ({ kind, detail }) => heard(kind === 'refused' ? { kind: 'refused' } : { kind: 'unreachable', detail }),
    },
  );
  if ('kind' in socket) {
    listener.close();
    return socket.kind === 'unreachable' || socket.kind === 'denied'
      ? { kind: 'unreachable', detail: socket.detail }
      : { kind: 'listen-failed', trouble: socket };
  }

  return new Promise((resolve) => {
    const run = new Run(delivery, { clock, listener, socket, tell, entropy: world.random.bytes(32) }, resolve);
    heard = (event) => run.hear(event);
    called = (connection) => run.called(connection);
    for (const connection of early ?? []) run.called(connection);
    early = undefined;
    const cancel = () => run.hear({ kind: 'cancel' });
    run.whenOver(() => signal?.removeEventListener('abort', cancel));
    if (signal?.aborted) return cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    run.hear({ kind: 'start' });
  });
}

type Untimed<Event> = Event extends unknown ? Omit<Event, 'now'> : never;

interface Ground {
  readonly clock: World['clock'];
  readonly listener: TcpListener;
  readonly socket: UdpSocket;
  readonly tell: (event: DeliveryTelling) => void;
  readonly entropy: Uint8Array;
}

/** One delivery under way: feeds events to the machine one at a time and carries out what it wishes for. */
class Run {
  #state;
  #connection: TcpConnection | undefined;
  #timer: Timer | undefined;
  #parting: Timer | undefined;
  #strangers = 0;
  #over = false;
  #stepping = false;
  readonly #waiting: Untimed<HostEvent>[] = [];
  readonly #atEnd: (() => void)[] = [];
  readonly #to: Endpoint;
  readonly #ground: Ground;
  readonly #resolve: (ending: HostEnding) => void;

  constructor(delivery: Delivery, ground: Ground, resolve: (ending: HostEnding) => void) {
    this.#to = delivery.to;
    this.#ground = ground;
    this.#resolve = resolve;
    this.#state = hosting({ ...delivery, hostPort: ground.listener.local.port, entropy: ground.entropy });
  }

  whenOver(then: () => void): void {
    this.#atEnd.push(then);
  }

  hear(event: Untimed<HostEvent>): void {
    this.#waiting.push(event);
    if (this.#stepping) return;
    this.#stepping = true;
    for (let next = this.#waiting.shift(); next && !this.#over; next = this.#waiting.shift()) {
      const [state, effects] = stepHost(this.#state, { ...next, now: this.#ground.clock.now() } as HostEvent);
      this.#state = state;
      for (const effect of effects) this.#carryOut(effect);
    }
    this.#stepping = false;
  }

  called(connection: TcpConnection): void {
    const address = plainAddress(connection.remote.address);
    const invited = address === plainAddress(this.#to.address);
    if (this.#over || this.#connection || !invited) {
      connection.on(deaf);
      connection.destroy();
      if (!invited && this.#strangers++ < strangersTold) this.#ground.tell({ kind: 'stranger', address });
      return;
    }
    this.#connection = connection;
    connection.on({
      readable: () => this.#read(),
      ended: () => {
        this.#read();
        this.#hearIfCurrent(connection, { kind: 'closed', how: 'end' });
      },
      closed: (trouble) => {
        this.#parting?.cancel();
        this.#read();
        const how = trouble === undefined ? 'end' : trouble.kind === 'timed-out' ? 'timed-out' : 'reset';
        this.#hearIfCurrent(connection, { kind: 'closed', how });
      },
    });
    this.#ground.tell({ kind: 'connected', address });
    this.hear({ kind: 'connected' });
    this.#read();
  }

  #hearIfCurrent(connection: TcpConnection, event: Untimed<HostEvent>): void {
    if (this.#connection === connection) this.hear(event);
  }

  #read(): void {
    const bytes = this.#connection?.read();
    if (bytes?.length) this.hear({ kind: 'received', bytes });
  }

  #carryOut(effect: HostEffect): void {
    const { socket, clock, tell } = this.#ground;
    switch (effect.do) {
      case 'send-datagram':
        socket.send(effect.bytes);
        break;
      case 'send':
        this.#connection?.write(effect.bytes);
        break;
      case 'close': {
        const connection = this.#connection;
        this.#connection = undefined;
        if (effect.how === 'end' && connection) {
          connection.end();
          this.#parting = clock.after(partingLimit, 'board to hang up', () => connection.destroy());
        } else connection?.destroy();
        break;
      }
      case 'wake':
        this.#timer?.cancel();
        this.#timer = clock.after(Math.max(0, effect.at - clock.now()), 'espota host', () =>
          this.hear({ kind: 'woke' }),
        );
        break;
      case 'tell':
        tell(effect.event);
        break;
      case 'over':
        this.#end(effect.ending);
        break;
    }
  }

  #end(ending: HostEnding): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#connection?.destroy();
    this.#ground.socket.close();
    this.#ground.listener.close();
    for (const then of this.#atEnd) then();
    this.#resolve(ending);
  }
}

const deaf = { readable() {}, ended() {}, closed() {} };

/** `::ffff:192.0.2.7`, as a dual-stack listener names an IPv4 caller, is `192.0.2.7`. */
const plainAddress = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
