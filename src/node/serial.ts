/** Serial ports by the package serialport, which is optional, native, and loaded when a port is asked for. */
import { readdir, readFile, readlink, realpath, stat } from 'node:fs/promises';
import type { SerialPortStream } from '@serialport/stream';
import type { Environment, SerialPort, SerialPortInfo, SerialPorts, SerialTrouble } from '#machine/index.ts';
import { listLinux } from './serial-list.ts';

/** What is needed of serialport. */
export interface SerialPackage {
  list(): Promise<readonly { readonly path: string; readonly [field: string]: string | undefined }[]>;
  create(options: { path: string; baudRate: number; autoOpen: false }): SerialPortStream;
}

export const serialPorts = (os: Environment['os'], load: () => Promise<SerialPackage> = loadPackage): SerialPorts => ({
  async list() {
    try {
      if (os === 'linux') return await listLinux();
      return (await (await load()).list()).map((port) => infoOf(port, os));
    } catch (error) {
      return troubleOf(error, 'other');
    }
  },
  async open(path, baud, on) {
    let loaded: SerialPackage;
    try {
      loaded = await load();
    } catch (error) {
      return { trouble: 'not-installed', detail: wordsOf(error) };
    }
    const stream = loaded.create({ path, baudRate: baud, autoOpen: false });
    const failure = await new Promise<Error | null>((resolve) => stream.open(resolve));
    if (failure) return explain(troubleOf(failure, 'other'), path, os);
    keepPolling(stream);
    const port = wrap(stream, path, on);
    await port.lines({ dtr: false, rts: false });
    return port;
  },
});

async function loadPackage(): Promise<SerialPackage> {
  const { SerialPort } = await import('serialport');
  return {
    list: async () => (await SerialPort.list()).map((port) => ({ ...port })),
    create: (options) => new SerialPort(options),
  };
}

/** What bindings-cpp waits with on Linux and macOS. */
interface Poller {
  poll(events?: number): void;
  listenerCount(event: string): number;
}
const readable = 1;
const writable = 2;

/** serialport forgets that it waits for room to write when it begins to wait for bytes: what it asks of the system is the new
 *  event alone (src/poller.cpp of bindings-cpp 13.0.0). Where the system's buffer is full and the other side waits for the
 *  rest, both would wait for ever. So both are asked for. */
export function keepPolling(stream: { readonly port?: unknown }): void {
  const poller = (stream.port as { readonly poller?: Poller } | undefined)?.poller;
  if (!poller) return;
  const poll = poller.poll.bind(poller);
  poller.poll = (events = 0) =>
    poll(
      events |
        (poller.listenerCount('readable') > 0 ? readable : 0) |
        (poller.listenerCount('writable') > 0 ? writable : 0),
    );
}

function wrap(stream: SerialPortStream, path: string, on: Parameters<SerialPorts['open']>[2]): SerialPort {
  const lines = { dtr: false, rts: false };
  let open = true;
  // serialport forgets what it was asked when the cable is pulled.
  const gone = Promise.withResolvers<void>();
  const over = (why?: string): void => {
    if (!open) return;
    open = false;
    gone.resolve();
    on.closed(why);
  };
  stream.on('data', (bytes: Uint8Array) => on.data(bytes));
  stream.on('error', (error: Error) => {
    if (!stream.isOpen) over(error.message);
  });
  stream.on('close', (error?: Error | null) => over(error ? error.message : undefined));
  const done = async (start: (then: (error?: Error | null) => void) => void): Promise<void> => {
    if (open) await Promise.race([gone.promise, new Promise<void>((resolve) => start(() => resolve()))]);
  };
  return {
    path,
    // What fails here is told by 'close' or 'error'.
    write: (bytes) => done((then) => stream.write(bytes, () => (stream.isOpen ? stream.drain(then) : then()))),
    lines: (set) => done((then) => stream.set({ ...Object.assign(lines, set), brk: false }, then)),
    speed: (baud) => done((then) => stream.update({ baudRate: baud }, then)),
    close: () => done((then) => stream.close(then)),
  };
}

const infoOf = (
  { path, vendorId, productId, manufacturer, serialNumber, locationId }: Readonly<Record<string, string | undefined>>,
  os: Environment['os'],
): SerialPortInfo => ({
  // The tty of a port waits for a carrier when it is opened; its cu does not.
  path: os === 'macos' ? path!.replace('/dev/tty.', '/dev/cu.') : path!,
  ...(vendorId ? { vendor: vendorId.toLowerCase() } : {}),
  ...(productId ? { product: productId.toLowerCase() } : {}),
  ...(manufacturer ? { maker: manufacturer } : {}),
  ...(serialNumber ? { serial: serialNumber } : {}),
  ...(locationId ? { location: locationId } : {}),
});

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

/** By what bindings-cpp says (src/serialport_unix.cpp, serialport_win.cpp of 13.0.0). */
function troubleOf(error: unknown, otherwise: SerialTrouble['trouble']): SerialTrouble {
  const detail = wordsOf(error);
  const trouble = /permission denied/i.test(detail)
    ? 'denied'
    : /access denied|cannot lock|temporarily unavailable|resource busy/i.test(detail)
      ? 'busy'
      : /no such file|file not found|no such device|does not exist/i.test(detail)
        ? 'missing'
        : otherwise;
  return { trouble, detail };
}

/** On Linux /proc and the groups say more: who holds it, who may. */
async function explain(trouble: SerialTrouble, path: string, os: Environment['os']): Promise<SerialTrouble> {
  if (os !== 'linux') return trouble;
  if (trouble.trouble === 'busy') {
    const holder = await holderOf(path);
    return holder === undefined ? trouble : { ...trouble, holder };
  }
  if (trouble.trouble === 'denied') {
    const group = await groupOf(path);
    return group === undefined ? trouble : { ...trouble, group };
  }
  return trouble;
}

/** The program that has this file open; only those of the same user can be seen. */
async function holderOf(path: string): Promise<string | undefined> {
  const device = await realpath(path).catch(() => path);
  for (const id of (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name))) {
    if (Number(id) === process.pid) continue;
    for (const file of await readdir(`/proc/${id}/fd`).catch(() => [])) {
      if ((await readlink(`/proc/${id}/fd/${file}`).catch(() => '')) !== device) continue;
      const name = await readFile(`/proc/${id}/comm`, 'utf8').catch(() => undefined);
      return name && `${name.trim()} (process ${id})`;
    }
  }
  return undefined;
}

async function groupOf(path: string): Promise<string | undefined> {
  const about = await stat(path).catch(() => undefined);
  const groups = await readFile('/etc/group', 'utf8').catch(() => '');
  const line = groups.split('\n').find((one) => one.split(':')[2] === String(about?.gid));
  const name = line?.split(':')[0];
  return name === 'root' ? undefined : name;
}
