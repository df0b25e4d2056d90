import { createServer, connect as dial, isIPv6, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { Endpoint, Tcp, TcpConnection, TcpEvents, TcpListener, Trouble } from '#machine/index.ts';
import { concat } from '#values/index.ts';
import { troubleOf } from './trouble.ts';

/** Bytes taken from the system before anybody has read them, when the caller names no window. */
const defaultWindow = 64 * 1024;

/** TCP over the sockets of this machine. */
export const tcp: Tcp = {
  listen: ({ address, port }, on) =>
    new Promise((resolve) => {
      const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) =>
        on.connection(connection(socket, defaultWindow)),
      );
      const failed = (error: Error): void => resolve(troubleOf(error));
      server.once('error', failed);
      server.listen({ port: port ?? 0, host: address ?? '0.0.0.0', exclusive: true }, () => {
        server.off('error', failed);
        server.on('error', (error) => on.trouble(troubleOf(error)));
        const { address: bound, port } = server.address() as { address: string; port: number };
        const listener: TcpListener = { local: { address: bound, port }, close: () => void server.close() };
        resolve(listener);
      });
    }),

  connect(to, { local, window }, on) {
    const options: TcpNetConnectOpts & { highWaterMark: number } = {
      host: to.address,
      port: to.port,
      family: isIPv6(to.address) ? 6 : 4,
      noDelay: true,
      allowHalfOpen: true,
      highWaterMark: window ?? defaultWindow,
      ...(local !== undefined && { localAddress: local }),
    };
    const socket = dial(options);
    socket.pause();
    const made = connection(socket, window ?? defaultWindow, to);
    made.on(on);
    socket.once('connect', () => on.connected?.());
    return made;
  },
};

const endpoint = (address = '', port = 0): Endpoint => ({ address: address.replace(/^::ffff:/, ''), port });

function connection(socket: Socket, window: number, dialled?: Endpoint): TcpConnection {
  let on: TcpEvents | undefined;
  let parts: Uint8Array[] = [];
  let unread = 0;
  let gone = false;
  let ended = false;
  let trouble: Trouble | undefined;
  const remote = dialled ?? endpoint(socket.remoteAddress, socket.remotePort);
  let local = endpoint(socket.localAddress, socket.localPort);
  socket.once('connect', () => {
    local = endpoint(socket.localAddress, socket.localPort);
  });

  /** The system goes on taking bytes only while fewer than a window wait: so a slow reader closes the real window. */
  const flow = (): void => {
    if (gone || !on) return;
    if (unread < window) socket.resume();
    else socket.pause();
  };

  socket.on('data', (bytes: Buffer) => {
    parts.push(new Uint8Array(bytes));
    unread += bytes.length;
    flow();
    if (!gone) on?.readable();
  });
  socket.on('end', () => {
    ended = true;
    if (!gone) on?.ended();
  });
  socket.on('error', (error) => {
    trouble ??= troubleOf(error);
  });
  socket.on('close', () => {
    if (gone) return;
    gone = true;
    on?.closed(trouble);
  });

  let asked = 0;
  const flushed = (): void => {
    asked--;
    if (gone || asked > 0 || socket.writableLength > 0 || trouble) return;
    on?.drained?.();
    if (!gone) on?.acknowledged?.();
  };

  return {
    get local() {
      return local;
    },
    remote,
    on(events) {
      on = events;
      flow();
    },
    get unread() {
      return unread;
    },
    read(most = unread) {
      const all = parts.length === 1 ? parts[0]! : concat(...parts);
      const taken = all.subarray(0, most);
      const rest = all.subarray(taken.length);
      parts = rest.length ? [rest] : [];
      unread = rest.length;
      flow();
      return taken;
    },
    write(bytes) {
      if (gone || socket.writableEnded) return;
      asked++;
      socket.write(bytes, flushed);
    },
    get unsent() {
      return socket.writableLength;
    },
    end() {
      if (!gone) socket.end();
    },
    destroy() {
      if (gone) return;
      gone = true;
      // What was written and not acknowledged may be lost; a RST also frees a board whose window is closed.
      if (ended || socket.connecting) socket.destroy();
      else socket.resetAndDestroy();
    },
  };
}
