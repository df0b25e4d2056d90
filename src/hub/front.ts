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
const silentFor = 15_000;
const tlsHandshake = 0x16;
/** Methods of HTTP begin with a capital letter; Blynk's frames with a command number below 64. */
const isHttp = (first: number): boolean => first >= 0x41 && first <= 0x5a;

/** Listens; rejects with the system's error. With TLS, both are spoken on the port, and the first byte tells. */
export async function openFront(setting: FrontSetting): Promise<Front> {
  const { http, tls } = setting;
  const sockets = new Set<Socket>();
  const secure = tls && new TlsServer({ ...tls, handshakeTimeout: silentFor });
  secure?.on('secureConnection', (socket: TLSSocket) => look(socket));
  secure?.on('tlsClientError', () => {});

  const look = (socket: Socket): void => {
    socket.setTimeout(silentFor, () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.setTimeout(0);
      socket.removeAllListeners('timeout');
      if (first[0] === tlsHandshake && secure && !('encrypted' in socket)) {
        socket.unshift(first);
        secure.emit('connection', socket);
      } else if (isHttp(first[0]!)) {
        socket.unshift(first);
        http.emit('connection', socket);
        socket.resume();
      } else setting.device(socket, first);
    });
  };
  const server: Server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
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
