/** The folder that an archive is made of: a launcher, the program, the Node that runs it, and serialport with the one
 *  binding that this platform can load. */
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { launcherFile, nodeFile, type Platform } from './platforms.ts';

const shell = `#!/bin/sh
# Becomes the program, so that a signal sent here reaches it.
link=$0
while [ -h "$link" ]; do
  to=$(readlink "$link")
  case $to in /*) link=$to ;; *) link=\${link%/*}/$to ;; esac
done
app=$(cd "\${link%/*}" && pwd)/app || exit 2
exec "$app/node" "$app/dist/whyota.mjs" "$@"
`;
const batch = '@"%~dp0app\\node.exe" "%~dp0app\\dist\\whyota.mjs" %*\r\n';

/** Where a Node lies: its program and its licence. */
export interface NodeFiles {
  readonly program: string;
  readonly licence: string;
}

/** Fills `folder` with the program that `from` holds, built (this checkout, or a package of it). */
export function stage(folder: string, platform: Platform, node: NodeFiles, from = '.'): void {
  const app = join(folder, 'app');
  mkdirSync(app, { recursive: true });
  for (const name of ['CHANGELOG.md', 'LICENSE']) cpSync(join(from, name), join(folder, name));
  const readme = readFileSync(join(from, 'README.md'), 'utf8');
  writeFileSync(join(folder, 'README.md'), readme.replaceAll('](docs/', '](app/docs/'));
  const pictures = join(from, 'docs', 'images');
  for (const name of ['dist', 'docs'])
    cpSync(join(from, name), join(app, name), { recursive: true, filter: (path) => path !== pictures });
  cpSync(node.program, join(app, nodeFile(platform)));
  cpSync(node.licence, join(app, 'NODE-LICENSE'));
  chmodSync(join(app, nodeFile(platform)), 0o755);
  stageSerialport(join(app, 'node_modules'), platform);
  const windows = platform.archive === 'zip';
  writeFileSync(join(folder, launcherFile(platform)), windows ? batch : shell, { mode: 0o755 });
}

/** Sources of the native binding, which is there ready-made. */
const notNeeded = new Set(['node-addon-api']);
const skipped = /\.(?:d\.ts|map|md|gyp|cpp|h)$|[\\/](?:src|test|prebuilds|\.github)$|tsconfig|\.tsbuildinfo$/;

/** serialport and all that it depends on, as they lie in this checkout. */
function stageSerialport(into: string, { binding }: Platform): void {
  const done = new Set<string>();
  const waiting = ['serialport'];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (done.has(name) || notNeeded.has(name)) continue;
    done.add(name);
    const from = join('node_modules', name);
    const { main = 'index.js', dependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8')) as {
      main?: string;
      dependencies?: Record<string, string>;
    };
    const keptSource = join(from, dirname(main));
    cpSync(from, join(into, name), {
      recursive: true,
      filter: (path) => !skipped.test(path) || path === keptSource || /licen[cs]e/i.test(basename(path)),
    });
    waiting.push(...Object.keys(dependencies));
  }
  const place = join('@serialport', 'bindings-cpp', 'prebuilds', binding);
  cpSync(join('node_modules', place), join(into, place));
}
