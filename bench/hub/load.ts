// A process full of Blynk devices: logs in, keeps its heartbeats, writes pins, drops out and comes back. Told what to do over
// IPC, so that the hub's own process is measured alone. Frames: command, message id, length or status, all big-endian.
import { connect, type Socket } from 'node:net';

export interface LoadOrder {
  readonly do: 'connect' | 'write' | 'storm' | 'count';
  readonly host?: string;
  readonly port?: number;
  readonly tokens?: readonly string[];
  /** Seconds between two pings of one device. */
  readonly heartbeat?: number;
  /** New connections a second. */
  readonly rate?: number;
  /** Writes a second, all devices of this process together, for so many seconds. */
  readonly perSecond?: number;
  readonly seconds?: number;
}
export interface LoadReport {
  readonly done: LoadOrder['do'];
  readonly there: number;
  /** Pings that were answered, and those that were not within their time. */
  readonly answered: number;
  readonly missed: number;
  readonly written: number;
  readonly lost: number;
}

const login = 29;
const ping = 6;
const hardware = 20;
const internal = 17;

function frame(command: number, id: number, body: string): Buffer {
  const bytes = Buffer.allocUnsafe(5 + Buffer.byteLength(body));
  bytes[0] = command;
  bytes.writeUInt16BE(id, 1);
  bytes.writeUInt16BE(bytes.length - 5, 3);
  bytes.write(body, 5);
  return bytes;
}

interface Device {
  readonly token: string;
  socket?: Socket;
  there: boolean;
  id: number;
  waiting: boolean;
}

let host = '';
let port = 0;
let heartbeat = 10;
let devices: Device[] = [];
const seen = { answered: 0, missed: 0, written: 0, lost: 0 };
const pingFrame = frame(ping, 7, '');
const pauses = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Resolves true once it is logged in. */
const join = (device: Device): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    device.socket = socket;
    const gone = (): void => {
      if (device.socket === socket && device.there) seen.lost++;
      if (device.socket === socket) device.there = false;
      resolve(false);
    };
    socket.on('error', () => {});
    socket.on('close', gone);
    socket.on('connect', () => socket.write(frame(login, 1, device.token)));
    socket.on('data', (bytes) => {
      // Answers are five bytes each; what else comes is not looked at.
      if (bytes[0] !== 0) return;
      if (device.there) {
        if (device.waiting) seen.answered++;
        device.waiting = false;
        return;
      }
      if (bytes.readUInt16BE(3) !== 200) return resolve(false);
      device.there = true;
      socket.write(
        frame(internal, 2, `ver\0${'1.3.2'}\0h-beat\0${heartbeat}\0buff-in\0${1024}\0dev\0ESP8266\0build\0bench`),
      );
      resolve(true);
    });
  });

/** A library tries again five seconds later. */
async function joinAgain(device: Device): Promise<boolean> {
  for (let tries = 0; tries < 12; tries++) {
    if (await join(device)) return true;
    device.socket?.destroy();
    await pauses(5000);
  }
  return false;
}

async function joinAll(rate: number): Promise<void> {
  const waiting: Promise<boolean>[] = [];
  const began = performance.now();
  for (const [i, device] of devices.entries()) {
    waiting.push(joinAgain(device));
    if (i % 20 === 19) await pauses(Math.max(0, (i * 1000) / rate - (performance.now() - began)));
  }
  await Promise.all(waiting);
}

/** Each device pings once a heartbeat, spread evenly. */
function beat(): void {
  const slices = heartbeat * 10;
  let slice = 0;
  setInterval(() => {
    slice = (slice + 1) % slices;
    for (let i = slice; i < devices.length; i += slices) {
      const device = devices[i]!;
      if (!device.there) continue;
      if (device.waiting) seen.missed++;
      device.waiting = true;
      device.socket!.write(pingFrame);
    }
  }, 100);
}

/** The value is the moment of writing, nanoseconds of the clock that all processes of a machine share. */
async function write(perSecond: number, seconds: number): Promise<void> {
  const began = performance.now();
  const total = perSecond * seconds;
  for (let done = 0, at = 0; done < total; ) {
    const due = Math.min(total, Math.floor(((performance.now() - began) * perSecond) / 1000));
    for (; done < due; done++) {
      const device = devices[at++ % devices.length]!;
      if (!device.there) continue;
      device.id = (device.id % 60_000) + 10;
      device.socket!.write(frame(hardware, device.id, `vw\0${1}\0${process.hrtime.bigint()}`));
      seen.written++;
    }
    await pauses(2);
  }
}

process.on('message', async (order: LoadOrder) => {
  if (order.do === 'connect') {
    host = order.host!;
    port = order.port!;
    heartbeat = order.heartbeat!;
    devices = order.tokens!.map((token) => ({ token, there: false, id: 10, waiting: false }));
    await joinAll(order.rate!);
    beat();
  }
  if (order.do === 'storm') {
    for (const device of devices) {
      device.there = false;
      device.waiting = false;
      device.socket?.destroy();
    }
    await joinAll(order.rate!);
  }
  if (order.do === 'write') await write(order.perSecond!, order.seconds!);
  const there = devices.filter((device) => device.there).length;
  process.send!({ done: order.do, there, ...seen } satisfies LoadReport);
});
process.on('disconnect', () => process.exit(0));
