// Makes dist/console: the web app that the hub serves. Nothing in it asks another server for anything.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';

/** What must be loaded before the first screen stands, compressed. */
export const mostFirstBytes = 250 * 1024;

const textFiles: Plugin = {
  name: 'examples as text',
  enforce: 'pre',
  load: {
    filter: { id: /\.(?:txt|ino)$/ },
    handler: (id) => ({
      code: `export default ${JSON.stringify(readFileSync(id, 'utf8'))};`,
      moduleType: 'js' as const,
    }),
  },
};

export async function buildConsole(folder = 'dist/console'): Promise<{ readonly firstBytes: number }> {
  const before = process.env['NODE_ENV'];
  // Under test too it is the console that is released: Vite and React go by this.
  process.env['NODE_ENV'] = 'production';
  await build({
    configFile: false,
    root: 'src/console',
    base: './',
    logLevel: 'warn',
    plugins: [textFiles, react()],
    build: {
      outDir: resolve(folder),
      emptyOutDir: true,
      target: 'es2022',
      modulePreload: { polyfill: false },
      // The policy forbids data: for what is no image; small files stay files.
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 1500,
      // web-tree-sitter holds two calls of eval for modules that carry JavaScript; ours carry none, and the policy forbids it.
      rolldownOptions: { checks: { eval: false } },
    },
  });
  if (before === undefined) delete process.env['NODE_ENV'];
  else process.env['NODE_ENV'] = before;
  const firstBytes = firstScreenBytes(folder);
  if (firstBytes > mostFirstBytes)
    throw new Error(`the first screen takes ${firstBytes} bytes, more than ${mostFirstBytes}`);
  return { firstBytes };
}

/** The page itself and the scripts and styles that it names. */
function firstScreenBytes(folder: string): number {
  const page = readFileSync(join(folder, 'index.html'));
  const named = [...page.toString().matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(
    ([, name]) => name!,
  );
  return [page, ...named.map((name) => readFileSync(join(folder, name)))].reduce(
    (sum, bytes) => sum + gzipSync(bytes).length,
    0,
  );
}

if (import.meta.main) {
  const { firstBytes } = await buildConsole();
  const files = readdirSync('dist/console/assets').length;
  console.log(`dist/console: ${files} files, first screen ${(firstBytes / 1024).toFixed(0)} KB compressed`);
}
