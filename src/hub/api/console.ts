/** The console's files, as the build left them. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Beside the packed program, or in a checkout that was built. */
const places = ['./console', '../console', '../../../dist/console'];

export async function serveConsole(app: FastifyInstance, folder?: string): Promise<boolean> {
  const root = [
    ...(folder ? [folder] : []),
    ...places.map((place) => fileURLToPath(new URL(place, import.meta.url))),
  ].find((place) => existsSync(`${place}/index.html`));
  if (root === undefined) {
    app.get('/', { schema: { hide: true } }, (_request, reply) => reply.type('text/plain').send(notBuilt));
    return false;
  }
  await app.register(fastifyStatic, {
    root,
    // Names under assets/ change with their content.
    setHeaders: (reply, path) =>
      void reply.header(
        'cache-control',
        /[\\/]assets[\\/]/.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache',
      ),
  });
  return true;
}

const notBuilt = 'The hub runs; its console is not built in this checkout. Run: npm run build:console\n';
