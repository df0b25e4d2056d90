/** Devices that speak Blynk's protocol: one small state each, and one clock for all. */
import {
  answerBridge,
  answerClock,
  answerLogin,
  answerSync,
  askPin,
  bridged,
  doubt,
  type Ended,
  type Info,
  opened,
  receive,
  redirect,
  restart,
  type ServerState,
  type ServerWish,
  setUpdating,
  startOta,
  status,
  tick,
  writePin,
} from '#protocols/blynk/index.ts';
import { type Millis, millis } from '#values/index.ts';
import type { Devices } from '../devices.ts';
import { sha256 } from '../ids.ts';
import type { Pins } from '../pins.ts';
import type { OtaSent, Updates } from '../updates/index.ts';
import { chipOf, firmwareOf, looksOf, plainAddress } from './said.ts';
import type { Line, Written } from './types.ts';

export interface BlynkSetting {
  readonly devices: Devices;
  readonly pins: Pins;
  readonly updates: Pick<Updates, 'underWay' | 'heard'>;
  readonly wall: () => number;
  /** Whether a device comes and goes all the time. */
  flapping(device: string): boolean;
  /** A word of it came within the last second. */
  heard(device: string): void;
  /** Port of this hub on which a device can fetch a firmware. */
  webPort(): number;
  /** A device without a token of ours is made one at once: so its loop goes on, and it can be flashed. */
  readonly rescue: boolean;
  /** It was taken in that way; told again, as no news, once it has said which board it is. */
  rescued(device: string, address: string, news: boolean): void;
  /** Words for people: a device's own, and troubles worth telling. */
  notice(device: string, kind: 'notify' | 'event' | 'trouble', text: string): void;
  trouble(error: unknown): void;
}

export interface BlynkGateway {
  accept(line: Line, first: Uint8Array): void;
  write(device: string, pin: string, values: readonly string[]): Written;
  ask(device: string, pins: readonly string[]): void;
  restart(device: string): boolean;
  redirect(device: string, host: string, port: number): boolean;
  sendOta(device: string, path: string): OtaSent;
  drop(device: string): void;
  connected(device: string): boolean;
  readonly connections: number;
  close(): void;
}

interface Connection {
  readonly socket: Line;
  readonly state: ServerState;
  device: string | undefined;
  /** Looking up a login takes a moment; what happened meanwhile follows in order. */
  work: Promise<void> | undefined;
  /** While the device does not read: by pin, what is to be sent once it does. */
  later: Map<string, readonly ServerWish[]> | undefined;
}

const ignore = (): void => {};
const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
const tickEvery = 1000;
/** Logins that are looked up at the same time. */
const mostAtOnce = 4;
/** The system's buffer of a device that does not read; more is not kept for it. */
const mostUnread = 65_536;
/** With so much unread, of each pin only the newest value waits. */
const muchUnread = 8192;
/** A stranger that knocks every five seconds is noted this often. */
const knockEvery = 60_000;
const mostKnocks = 1000;

const whys: Readonly<Record<Ended, string>> = {
  'no-login': 'sent no login',
  'first-frame-is-no-login': 'began with something else than a login',
  'turned-away': 'has no token of this hub',
  'another-login': 'logged in as another device',
  silent: 'said nothing for 2.3 heartbeats',
  replaced: 'came back on another connection',
  'too-long': 'sent a message longer than any library does',
  'unknown-command': 'sent a command that nobody knows',
};

export function openBlynk(setting: BlynkSetting): BlynkGateway {
  const { devices, pins, updates, wall } = setting;
  const began = performance.now();
  const now = (): Millis => millis(performance.now() - began);
  const connections = new Set<Connection>();
  const byDevice = new Map<string, Connection[]>();
  const bySocket = new WeakMap<Line, Connection>();
  const knocks = new Map<string, number>();
  /** Those that come and go all the time, which their log says once. */
  const restless = new Set<string>();
  /** Taken in by a rescue, and not yet told which board they are. */
  const fresh = new Set<string>();
  let closing = false;
  const turns: (() => Promise<void>)[] = [];
  let atWork = 0;

  const carryOut = (connection: Connection, wishes: readonly ServerWish[]): void => {
    for (const wish of wishes) one(connection, wish);
  };
  const one = (connection: Connection, wish: ServerWish): void => {
    const { socket, state, device } = connection;
    switch (wish.do) {
      case 'send':
        if (socket.writableLength < mostUnread) socket.write(wish.bytes);
        else socket.destroy();
        return;
      case 'close':
        if (device !== undefined && wish.why !== 'replaced' && wish.why !== 'silent')
          setting.notice(device, 'trouble', `was disconnected: it ${whys[wish.why]}`);
        // What was answered before still goes out.
        socket.end(() => socket.destroy());
        return;
      case 'login':
        connection.work = inTurn(() => logIn(connection, wish.token))
          .catch((error: unknown) => {
            if (!closing) setting.trouble(error);
            // A store that can't be read is no reason to turn a device away for good.
            carryOut(connection, answerLogin(state, 'not-yet', now()));
          })
          .finally(() => {
            connection.work = undefined;
          });
        return;
    }
    if (device === undefined) return;
    switch (wish.do) {
      case 'presence':
        if (wish.presence === 'not-answering') devices.presence(device, 'not-answering');
        else arrived(device);
        return;
      case 'info':
        void inTurn(() => learn(connection, device, wish.info)).catch(setting.trouble);
        return;
      case 'pin':
        pins.set(device, wish.write.pin, wish.write.values);
        return;
      case 'property':
        void property(device, wish.pin, wish.name, wish.values).catch(setting.trouble);
        return;
      case 'sync':
        void pins
          .of(device)
          .then((all) => {
            const wanted = wish.pins === 'all' ? all : all.filter(({ pin }) => wish.pins.includes(pin));
            const written = wanted.filter(({ at }) => at !== undefined);
            carryOut(connection, answerSync(state, wish.id, written));
          })
          .catch(setting.trouble);
        return;
      case 'notice':
        setting.notice(device, wish.kind === 'event' ? 'event' : 'notify', wish.text);
        return;
      case 'clock':
        carryOut(connection, answerClock(wish, wall(), -new Date(wall()).getTimezoneOffset(), zone));
        return;
      case 'bridge':
        void bridge(connection, wish).catch(setting.trouble);
        return;
      case 'flooding':
        setting.notice(device, 'trouble', 'sends more than 100 messages a second; what is more is dropped');
        return;
      case 'twin':
        setting.notice(device, 'trouble', 'two boards are connected with the same token: give one of them its own');
        return;
    }
  };

  const sendPin = (connection: Connection, pin: string, wishes: readonly ServerWish[]): void => {
    if (connection.socket.writableLength < muchUnread) {
      carryOut(connection, wishes);
      return;
    }
    connection.later ??= new Map();
    const older = connection.later.get(pin) ?? [];
    // What prepares a pin for its value goes out with the newer one.
    connection.later.set(pin, [...older.slice(0, -1), ...wishes]);
  };
  const sendLater = (connection: Connection): void => {
    const { later = new Map() } = connection;
    connection.later = undefined;
    for (const [pin, wishes] of later) sendPin(connection, pin, wishes);
  };

  async function logIn(connection: Connection, token: string): Promise<void> {
    const { state, socket } = connection;
    const row = await devices.byToken(token);
    const id = row?.id ?? (await stranger(token, socket));
    if (id === undefined || socket.destroyed) {
      carryOut(connection, answerLogin(state, 'not-yet', now()));
      return;
    }
    const address = plainAddress(socket.remoteAddress);
    // Many come back at once, and nearly all as they were.
    if (row?.address !== address || !row?.ways.includes('"blynk"')) {
      await devices.sighted({ way: 'blynk', address }, id);
      await devices.absorb(id);
    }
    connection.device = id;
    const others = byDevice.get(id) ?? [];
    byDevice.set(id, [...others, connection]);
    if (updates.underWay(id)) setUpdating(state, true, now());
    carryOut(connection, answerLogin(state, 'good', now()));
    for (const other of others) carryOut(other, doubt(other.state, now()));
    updates.heard(id);
  }

  /** A token of nobody's: it is shown to the owner; in a rescue it is taken in. */
  async function stranger(token: string, socket: Line): Promise<string | undefined> {
    const hash = sha256(token);
    const last = knocks.get(hash);
    const address = plainAddress(socket.remoteAddress) ?? '';
    // Any page could have a browser of the house knock; boards that wait for the old cloud are no browsers.
    const rescue = setting.rescue && !socket.fromPage;
    if (!rescue && last !== undefined && wall() - last < knockEvery) return undefined;
    if (knocks.size >= mostKnocks) knocks.clear();
    knocks.set(hash, wall());
    const knock = await devices.knocked({ way: 'blynk', address, token });
    if (!rescue) return undefined;
    const device = await devices.adopt(knock.id, `board at ${address}`);
    if (!device) return undefined;
    await devices.log(device.id, 'info', 'knocked with a token of the old cloud, and was taken in');
    fresh.add(device.id);
    setting.rescued(device.id, address, true);
    return device.id;
  }

  const arrived = (device: string): void => {
    if (updates.underWay(device)) devices.presence(device, 'updating');
    else if (devices.presence(device, 'online')) note(device, 'online', 'came online');
  };
  /** Coming and going; of a device that does it all the time a last line says so, until it is steady again. */
  const note = (device: string, kind: 'online' | 'offline', text: string): void => {
    const flapping = setting.flapping(device);
    if (!flapping) restless.delete(device);
    if (restless.has(device)) return;
    void devices.log(device, kind, text).catch(setting.trouble);
    if (!flapping || kind === 'online') return;
    restless.add(device);
    setting.notice(device, 'trouble', 'comes and goes all the time; it is written down again once that has ended');
  };
  const gone = (connection: Connection): void => {
    connections.delete(connection);
    const { device } = connection;
    if (device === undefined) return;
    const left = (byDevice.get(device) ?? []).filter((other) => other !== connection);
    if (left.length > 0) {
      byDevice.set(device, left);
      return;
    }
    byDevice.delete(device);
    if (updates.underWay(device)) return;
    if (devices.presence(device, 'offline')) note(device, 'offline', 'went offline');
  };

  async function learn({ socket }: Connection, device: string, info: Info): Promise<void> {
    const { board, firmware, build } = info;
    await devices.sighted(
      { way: 'blynk', board, firmware: firmwareOf(firmware, info), build, ...chipOf(board) },
      device,
    );
    updates.heard(device, { build, version: firmware });
    if (fresh.delete(device)) setting.rescued(device, plainAddress(socket.remoteAddress) ?? '', false);
  }

  async function property(device: string, pin: string, name: string, values: readonly string[]): Promise<void> {
    const [value = ''] = values;
    const change = looksOf(name, value);
    if (!change) return;
    // Sketches say it in every loop: what is known costs no write.
    const known = (await pins.get(device, pin)) as Readonly<Record<string, unknown>> | undefined;
    const [[key, wanted]] = Object.entries(change) as [[string, unknown]];
    if (!known || (known[key] ?? null) !== wanted) await pins.change(device, pin, change);
  }

  async function bridge(from: Connection, { id, token, fields }: Extract<ServerWish, { do: 'bridge' }>): Promise<void> {
    const target = (await devices.byToken(token))?.id;
    const [what = '', pin = '', ...values] = fields;
    if (target !== undefined && /^[vda]w$/.test(what) && /^\d{1,3}$/.test(pin) && Number(pin) <= 255)
      pins.set(target, `${what[0]!.toUpperCase()}${Number(pin)}`, values);
    const there = (target !== undefined && byDevice.get(target)) || [];
    if (there.length === 0) carryOut(from, answerBridge(id, status.deviceNotInNetwork));
    for (const other of there) carryOut(other, bridged(other.state, fields));
  }

  /** An order for each connection of a device; whether any of them knows it. */
  const tell = (device: string, order: (state: ServerState) => readonly ServerWish[] | undefined): boolean => {
    const told = (byDevice.get(device) ?? []).filter((connection) => {
      const wishes = order(connection.state);
      carryOut(connection, wishes ?? []);
      return wishes !== undefined;
    });
    return told.length > 0;
  };

  // Handlers are shared: with many thousands of sockets, closures for each would take most of the memory.
  function heardNow(this: Line, bytes: Uint8Array): void {
    const connection = bySocket.get(this);
    if (connection) carryOut(connection, receive(connection.state, bytes, now()));
  }
  function closedNow(this: Line): void {
    const connection = bySocket.get(this);
    if (!connection || closing) return;
    // A login that is being looked up must not enter a device that has gone.
    if (connection.work) void connection.work.finally(() => gone(connection));
    else gone(connection);
  }

  /** A few at a time, with pauses for others: when all come back at once, the console still answers. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      turns.push(() => work().then(resolve, reject));
      if (atWork < mostAtOnce) void takeTurns();
    });
  }
  async function takeTurns(): Promise<void> {
    atWork++;
    for (let turn = turns.shift(); turn && !closing; turn = turns.shift()) {
      await turn();
      await new Promise(setImmediate);
    }
    atWork--;
  }

  let looked = now();
  const timer = setInterval(() => {
    const at = now();
    for (const connection of connections) {
      const { socket, state, device } = connection;
      // It does not take the end of the conversation; the descriptor is wanted back.
      if (state.phase === 'over') socket.destroy();
      if (connection.later && socket.writableLength === 0) sendLater(connection);
      if (device !== undefined) {
        if (state.heardAt >= looked) setting.heard(device);
        const updating = updates.underWay(device);
        if (updating !== state.updating) {
          setUpdating(state, updating, at);
          arrived(device);
        }
      }
      const wishes = tick(state, at);
      if (wishes.length) carryOut(connection, wishes);
    }
    looked = at;
  }, tickEvery);

  return {
    accept(socket, first) {
      const connection: Connection = {
        socket,
        state: opened(now()),
        device: undefined,
        work: undefined,
        later: undefined,
      };
      connections.add(connection);
      bySocket.set(socket, connection);
      socket.on('error', ignore).on('close', closedNow).on('data', heardNow);
      carryOut(connection, receive(connection.state, first, now()));
      socket.resume();
    },
    write(device, pin, values) {
      let written: Written = false;
      for (const connection of byDevice.get(device) ?? []) {
        const wishes = writePin(connection.state, { pin, values });
        if (wishes === 'not-there') continue;
        written = wishes === 'too-long' ? wishes : true;
        if (wishes !== 'too-long') sendPin(connection, pin, wishes);
      }
      return written;
    },
    ask(device, wanted) {
      for (const connection of byDevice.get(device) ?? [])
        for (const pin of wanted) carryOut(connection, askPin(connection.state, pin) ?? []);
    },
    restart: (device) => tell(device, restart),
    redirect: (device, host, port) => tell(device, (state) => redirect(state, host, port)),
    sendOta(device, path) {
      let outcome: OtaSent = 'not-connected';
      for (const connection of byDevice.get(device) ?? []) {
        const { socket, state } = connection;
        const host = plainAddress(socket.localAddress);
        const wishes = startOta(
          state,
          `http://${host?.includes(':') ? `[${host}]` : host}:${setting.webPort()}${path}`,
        );
        if (!wishes) {
          if (outcome === 'not-connected') outcome = 'cannot';
          continue;
        }
        carryOut(connection, wishes);
        outcome = 'sent';
      }
      return outcome;
    },
    drop(device) {
      for (const { socket } of byDevice.get(device) ?? []) socket.destroy();
    },
    connected: (device) => byDevice.has(device),
    get connections() {
      return connections.size;
    },
    close() {
      closing = true;
      clearInterval(timer);
      for (const { socket } of connections) socket.destroy();
    },
  };
}
