// Makes dist/: the program as one bundle whose commands are loaded when used, the entry that checks the Node version, the
// console that the hub serves, and the page for people without a terminal.
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { type Plugin, rolldown } from 'rolldown';
import { wasmFiles } from '#sketch/index.ts';
import { buildConsole } from './build-console.ts';
import { buildPage } from './build-page.ts';

/** Where it is made; it takes the place of dist/ once all of it is there. */
const folder = `.dist-${process.pid}`;

/** An ES import of a built-in module reads every one of its exports, and some load half of Node when they are read. Asked for
 *  by getBuiltinModule, only what is used is read, and the start is shorter. */
const builtins: Plugin = {
  name: 'built-in modules, as far as they are used',
  transform: (code) =>
    code.replace(
      /^import (?!type\b)([^;'"]+?) from (['"])(node:[\w/]+)\2;?$/gm,
      (_, names: string, _quote, module: string) => {
        const [, whole, picked] = /^(?:\* as )?(\w+)?,? ?(?:\{([^}]*)\})?$/s.exec(names.trim()) ?? [];
        const parts = (picked ?? '')
          .split(',')
          .map((part) => part.trim())
          .filter((part) => part && !part.startsWith('type '));
        const from = `globalThis.process.getBuiltinModule('${module}')`;
        const lines = whole ? [`const ${whole} = ${from};`] : [];
        if (parts.length)
          lines.push(`const { ${parts.map((part) => part.replace(' as ', ': ')).join(', ')} } = ${from};`);
        return lines.join(' ');
      },
    ),
};

/** commander can start other programs as commands; ours has none, and loading what that takes costs every start. */
const noPrograms: Plugin = {
  name: 'commander without programs as commands',
  transform: {
    filter: { id: /commander/ },
    handler: (code) => code.replace("import childProcess from 'node:child_process';", ''),
  },
};

/** Modules that make tables when they are evaluated, and export nothing but functions: evaluated when one is called. */
const late = ['src/values/digests.ts', 'src/firmware/gzip.ts'];
const lateModules: Plugin = {
  name: 'modules evaluated when first used',
  async resolveId(source, importer) {
    if (importer?.endsWith('?late')) return undefined;
    const found = await this.resolve(source, importer, { skipSelf: true });
    return found && late.some((path) => found.id === resolve(path)) ? `${found.id}?late` : undefined;
  },
  load(id) {
    if (!id.endsWith('?late')) return undefined;
    const path = id.slice(0, -'?late'.length);
    const names = [...readFileSync(path, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm)].map(
      ([, name]) => name,
    );
    const functions = names.map((name) => `export const ${name} = (...words) => require('${path}').${name}(...words);`);
    return functions.join('\n');
  },
};

process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const bundle = await rolldown({
  input: { main: 'src/cli/main.ts' },
  platform: 'node',
  // Native, optional, and loaded when a port is asked for.
  external: ['serialport'],
  preserveEntrySignatures: 'allow-extension',
  plugins: [lateModules, noPrograms, builtins],
  resolve: { alias: { fflate: 'fflate/browser' } },
  logLevel: 'warn',
  checks: { eval: false, ineffectiveDynamicImport: false },
});
await bundle.write({
  dir: folder,
  format: 'esm',
  entryFileNames: '[name].mjs',
  chunkFileNames: 'chunks/[name]-[hash].mjs',
  minify: true,
  // What every upload needs comes in one piece: each file of its own costs a millisecond at the start.
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [
      {
        name: 'upload',
        test: /src.(values.(?!facts|vocabulary)|firmware.(?!make|map)|cli.(program|flash|input|password|show|host|desk|command|words.(index|flash|values))\.ts|upload.(plan|memory)\.ts|node.(files|environment|secrets)\.ts)|commander|@noble|fflate/,
      },
    ],
  },
});

mkdirSync(`${folder}/wasm`);
for (const name of Object.values(wasmFiles)) copyFileSync(`node_modules/${name}`, `${folder}/wasm/${basename(name)}`);

// Kept so plain that a Node of many years ago can still read it and say what is wrong.
// The compile cache keeps what V8 made of the program, so that later starts are short.
const entry = `#!/usr/bin/env node
var version = process.versions.node.split('.');
if (Number(version[0]) < 22 || (version[0] === '22' && Number(version[1]) < 18)) {
  process.stderr.write('whyota needs Node 22.18 or later, and this is Node ' + process.versions.node + ': https://nodejs.org\\n');
  process.exitCode = 2;
} else {
  process.getBuiltinModule('node:module').enableCompileCache();
  import('./main.mjs');
}
`;
writeFileSync(`${folder}/whyota.mjs`, entry, { mode: 0o755 });

await buildPage(folder);
await buildConsole(`${folder}/console`);

rmSync('dist', { recursive: true, force: true });
renameSync(folder, 'dist');
