/** The shared port: who calls is told by the first bytes, and handed on. */
import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { type TLSSocket, Server as TlsServer } from 'node:tls';

export interface Tls {
  readonly cert: string;
  readonly key: string;
}

export interface FrontSetting {
  readonly address: string;
  readonly port: number;
  readonly tls?: Tls | undefined;
  readonly http: HttpServer;
  /** Told of every connection that is not HTTP's, with what it has sent so far. */
  device(socket: Socket, first: Uint8Array): void;
}

export interface Front {
  readonly port: number;
  close(): Promise<void>;
}

/** A device has sent its login by then, a browser its request. */
const silentFor = 10_000;
const tlsHandshake = 0x16;
const ignore = (): void => {};
function giveUp(this: Socket): void {
  this.destroy();
}
/** Methods of HTTP begin with a capital letter; Blynk's frames with a command number below 64. */
const isHttp = (first: number): boolean => first >= 0x41 && first <= 0x5a;

/** Listens; rejects with the system's error. With TLS, both are spoken on the port, and the first byte tells. */
export async function openFront(setting: FrontSetting): Promise<Front> {
  const { http, tls } = setting;
  const sockets = new Set<Socket>();
  const secure = tls && new TlsServer({ ...tls, handshakeTimeout: silentFor });
  secure?.on('secureConnection', (socket: TLSSocket) => look(socket));
  secure?.on('tlsClientError', () => {});

  // Handlers are shared: with many thousands of sockets, closures for each would take most of the memory.
  function begin(this: Socket, first: Buffer): void {
    this.pause();
    this.setTimeout(0);
    this.off('timeout', giveUp);
    if (first[0] === tlsHandshake && secure && !('encrypted' in this)) {
      this.unshift(first);
      secure.emit('connection', this);
    } else if (isHttp(first[0]!)) {
      this.unshift(first);
      http.emit('connection', this);
      this.resume();
    } else setting.device(this, first);
  }
  function leave(this: Socket): void {
    sockets.delete(this);
  }
  const look = (socket: Socket): void => {
    socket.setTimeout(silentFor).on('timeout', giveUp).once('data', begin);
  };
  const server: Server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 60_000 }, (socket) => {
    sockets.add(socket);
    socket.on('close', leave).on('error', ignore);
    look(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: setting.address, port: setting.port, backlog: 4096 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  server.on('error', () => {});
  return {
    port: (server.address() as { port: number }).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
