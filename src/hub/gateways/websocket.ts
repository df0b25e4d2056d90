/** Blynk over WebSocket, as its JavaScript library speaks in browsers: each binary message carries whole frames. */
import type { IncomingMessage, Server } from 'node:http';
import { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';
import type { Line } from './types.ts';

/** `/websockets` since the legacy server of January 2021, `/websocket` before. */
const paths = /^\/websockets?\/?(?:\?|$)/;
const longestMessage = 65_536;
const notUnderstood = 1003;

/** Whether a request to change the protocol is for here; others are answered as if they had not asked for it. */
export const isBlynkUpgrade = ({ url = '' }: IncomingMessage): boolean => paths.test(url);

/** Takes the upgrades of an HTTP server; `device` is handed a line whose writes are messages. */
export function serveWebSockets(http: Server, device: (line: Line, first: Uint8Array) => void): void {
  // Few houses have such a client: the library is loaded when the first one calls.
  let server: Promise<WebSocketServer> | undefined;
  const open = async (): Promise<WebSocketServer> => {
    const { WebSocketServer } = await import('ws');
    return new WebSocketServer({ noServer: true, maxPayload: longestMessage, clientTracking: false });
  };
  http.on('upgrade', (request: IncomingMessage, socket, head) => {
    if (!isBlynkUpgrade(request)) {
      socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
      return;
    }
    // It may end while the library is loaded.
    socket.on('error', () => {});
    server ??= open();
    void server.then((opened) =>
      opened.handleUpgrade(request, socket, head, (web) => {
        const { remoteAddress, localAddress } = request.socket;
        device(Object.assign(streamOf(web), { remoteAddress, localAddress, fromPage: true }), new Uint8Array(0));
      }),
    );
  });
}

function streamOf(web: WebSocket): Duplex {
  const stream = new Duplex({
    read: () => web.resume(),
    write: (bytes: Uint8Array, _, done) => web.send(bytes, { binary: true }, done),
    final(done) {
      web.close();
      done();
    },
    destroy(error, done) {
      // A goodbye that is on its way still arrives; a browser that does not answer it is not waited for.
      if (web.readyState === web.OPEN) web.terminate();
      done(error);
    },
  });
  web.on('message', (data, isBinary) => {
    if (!isBinary) {
      web.close(notUnderstood, 'binary messages only');
      stream.destroy();
    } else if (!stream.push(data)) web.pause();
  });
  web.on('error', (error) => stream.destroy(error));
  web.on('close', () => stream.destroy());
  return stream;
}
