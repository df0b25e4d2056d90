/** GET /api/firmware/<id>/bytes: a firmware as it was added; the console checks it against a board before it is sent. */
import type { FastifyInstance } from 'fastify';
import type { Firmwares } from '../firmwares.ts';
import { notThere } from './refusal.ts';

export function serveBytes(app: FastifyInstance, firmwares: Firmwares): void {
  app.get<{ Params: { id: string } }>(
    '/api/firmware/:id/bytes',
    { config: { scope: 'read' }, schema: { hide: true } },
    async ({ params: { id } }, reply) => {
      const bytes = /^[0-9a-f]{64}$/.test(id) ? await firmwares.bytes(id) : undefined;
      if (!bytes) throw notThere('firmware');
      // What a person once uploaded is never shown by a browser as a page.
      return reply
        .type('application/octet-stream')
        .header('content-disposition', 'attachment')
        .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    },
  );
}
