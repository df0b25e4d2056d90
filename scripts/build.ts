// Makes dist/: the program as one bundle whose commands are loaded when used, and the entry that checks the Node version.
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { rolldown } from 'rolldown';
import { wasmFiles } from '#sketch/index.ts';

rmSync('dist', { recursive: true, force: true });
const bundle = await rolldown({ input: { main: 'src/cli/main.ts' }, platform: 'node', logLevel: 'warn' });
await bundle.write({
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: 'chunks/[name]-[hash].mjs',
  minify: true,
});

mkdirSync('dist/wasm');
for (const name of Object.values(wasmFiles)) copyFileSync(`node_modules/${name}`, `dist/wasm/${basename(name)}`);

// Kept so plain that a Node of many years ago can still read it and say what is wrong.
const entry = `#!/usr/bin/env node
var version = process.versions.node.split('.');
if (Number(version[0]) < 22 || (version[0] === '22' && Number(version[1]) < 18)) {
  process.stderr.write('whyota needs Node 22.18 or later, and this is Node ' + process.versions.node + ': https://nodejs.org\\n');
  process.exitCode = 2;
} else {
  import('./main.mjs');
}
`;
writeFileSync('dist/whyota.mjs', entry);
chmodSync('dist/whyota.mjs', 0o755);
