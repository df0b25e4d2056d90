import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { WebServers } from '#machine/index.ts';
import { troubleOf } from './trouble.ts';

/** A caller that stops reading or never finishes its question is let go after this long. */
const patience = 60_000;

const limits = { headersTimeout: 10_000, requestTimeout: 10_000, maxHeaderSize: 16_384 };

/** Serves over HTTP, or HTTPS with a certificate. */
export const web: WebServers = {
  async listen({ address, port, tls }, answer) {
    try {
      const serve = (request: IncomingMessage, response: ServerResponse): void => {
        const { method = '', url = '', headers, socket } = request;
        request.resume();
        response.on('error', () => {});
        const {
          status,
          headers: said,
          body,
          ended,
        } = answer({
          method,
          path: url,
          headers,
          from: socket.remoteAddress?.replace(/^::ffff:/, '') ?? '',
        });
        response.on('close', () => ended?.(response.writableFinished));
        response.writeHead(status, said);
        response.end(method === 'HEAD' ? undefined : body);
      };
      const server = tls
        ? (await import('node:https')).createServer({ ...limits, ...tls }, serve)
        : (await import('node:http')).createServer(limits, serve);
      server.setTimeout(patience, (socket: Socket) => socket.destroy());
      server.maxConnections = 500;
      server.on('clientError', (_: Error, socket: Duplex) => socket.destroy());
      server.on('tlsClientError', (_: Error, socket: Duplex) => socket.destroy());
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host: address, port }, resolve);
      });
      const local = server.address();
      return {
        port: typeof local === 'object' && local ? local.port : port,
        close: () =>
          new Promise((resolve) => {
            server.close(() => resolve());
            server.closeAllConnections();
          }),
      };
    } catch (error) {
      return troubleOf(error);
    }
  },
};
