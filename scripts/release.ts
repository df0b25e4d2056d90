// npm run release: archives that carry their own Node, for people who have none, in release/. Each is unpacked again and
// looked through; the one for this computer is run. Needs the npm registry (for Node) and tar with xz.
// `npm run release -- linux-x64` makes only that one.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { pack, unpack } from './release/archive.ts';
import { faultsOf } from './release/check.ts';
import { launcherFile, nodeFile, ownId, type Platform, platforms } from './release/platforms.ts';
import { type NodeFiles, stage } from './release/stage.ts';

const largest = 45_000_000;
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
const cache = resolve('node_modules', '.cache', 'release');
const folder = mkdtempSync(join(tmpdir(), 'whyota-release-'));

/** Fetches a Node from the registry, as pinned, once. */
function fetchNode({ node }: Platform): string {
  const place = join(cache, `${node.package}-${node.version}`);
  if (existsSync(place)) return join(place, 'package');
  mkdirSync(cache, { recursive: true });
  const npm = process.env['npm_execpath'];
  const words = ['pack', `${node.package}@${node.version}`, '--silent', '--pack-destination', cache];
  if (npm?.endsWith('.js')) execFileSync(process.execPath, [npm, ...words], { stdio: ['ignore', 'ignore', 'inherit'] });
  else execFileSync('npm', words, { stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32' });
  const tarball = `${place}.tgz`;
  const digest = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  if (digest !== node.integrity) throw new Error(`${basename(tarball)} is not the one that is pinned: ${digest}`);
  unpack(tarball, `${place}.part`);
  renameSync(`${place}.part`, place);
  rmSync(tarball);
  return join(place, 'package');
}

/** The Windows package has no licence file; it is the same text on every platform. */
const licence = (): string => join(fetchNode(platforms.find(({ id }) => id === 'linux-x64')!), 'LICENSE');

function nodeFor(platform: Platform): NodeFiles {
  const place = fetchNode(platform);
  const own = join(place, 'LICENSE');
  return { program: join(place, 'bin', nodeFile(platform)), licence: existsSync(own) ? own : licence() };
}

function make(platform: Platform): { readonly name: string; readonly sum: string } {
  const title = `whyota-${version}-${platform.id}`;
  const staged = join(folder, title);
  stage(staged, platform, nodeFor(platform));
  const name = `${title}.${platform.archive}`;
  const archive = join('release', name);
  pack(staged, archive);
  rmSync(staged, { recursive: true });

  const { size } = statSync(archive);
  const again = join(folder, 'again');
  unpack(archive, again);
  const faults = faultsOf(join(again, title), platform);
  if (size > largest) faults.push(`it has ${(size / 1e6).toFixed(1)} MB, more than ${largest / 1e6}`);
  let ran = 'not run here';
  if (platform.id === ownId) {
    const said = execFileSync(join(again, title, launcherFile(platform)), ['--version'], {
      encoding: 'utf8',
      env: {},
      shell: process.platform === 'win32',
    });
    if (said.trim() !== version) faults.push(`it says it is version ${said.trim()}`);
    ran = 'unpacked and run';
  }
  rmSync(again, { recursive: true });
  if (faults.length) throw new Error(`${name}: ${faults.join('; ')}`);
  console.log(`${name}  ${(size / 1e6).toFixed(1)} MB  Node ${platform.node.version}  contents checked, ${ran}`);
  return { name, sum: createHash('sha256').update(readFileSync(archive)).digest('hex') };
}

const asked = process.argv.slice(2);
const unknown = asked.filter((id) => !platforms.some((platform) => platform.id === id));
if (unknown.length) {
  console.error(`no such platform: ${unknown.join(', ')}; there are ${platforms.map(({ id }) => id).join(', ')}`);
  process.exitCode = 2;
} else {
  execFileSync(process.execPath, ['scripts/build.ts'], { stdio: 'inherit' });
  rmSync('release', { recursive: true, force: true });
  mkdirSync('release');
  try {
    const made = platforms.filter(({ id }) => asked.length === 0 || asked.includes(id)).map(make);
    writeFileSync('release/SHA256SUMS', made.map(({ name, sum }) => `${sum}  ${name}\n`).join(''));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
