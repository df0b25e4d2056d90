// Installs the development dependencies of a checkout, once, and then runs the script that is named (with its words) on the
// project's own Node: a shell that looked `node` up before the set-up would go on using the system's.
// Runs on whatever Node is there (18 or later), before anything else is installed, so it uses nothing but Node. Says what it does on stderr; stdout belongs to the program.
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const lockFile = join(root, 'package-lock.json');
const marker = join(root, 'node_modules', '.whyota-lock');
const lock = join(root, '.setup.lock');
/** An install that holds the lock this long has died. */
const staleAfterMs = 10 * 60_000;

const say = (line) => process.stderr.write(`whyota: ${line}\n`);
const ready = () => existsSync(marker) && readFileSync(marker, 'utf8') === readFileSync(lockFile, 'utf8');
const pause = (ms) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

function alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function takeLock() {
  for (let told = false; ; pause(200)) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    let holder = 0;
    let age = 0;
    try {
      age = Date.now() - statSync(lock).mtimeMs;
      holder = Number(readFileSync(join(lock, 'pid'), 'utf8'));
    } catch {
      // between mkdir and writing the pid, or just released
    }
    if ((holder && !alive(holder)) || age > staleAfterMs) {
      rmSync(lock, { recursive: true, force: true });
    } else if (!told) {
      say('another set-up is running, waiting for it');
      told = true;
    }
  }
}

if (!ready()) {
  takeLock();
  try {
    if (!ready()) {
      say('setting up this checkout (once): npm ci');
      const npm = process.env.npm_execpath;
      const words = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
      const done = npm?.endsWith('.js')
        ? spawnSync(process.execPath, [npm, ...words], { cwd: root, stdio: ['ignore', 2, 2] })
        : spawnSync('npm', words, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
      if (done.status !== 0) {
        say('set-up failed: npm ci did not finish (see above)');
        say('needs npm and a network on first use; run `npm ci` in this folder to see more');
        process.exitCode = 2;
      } else {
        copyFileSync(lockFile, marker);
        say('set up');
      }
    }
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}

const [script, ...words] = process.argv.slice(2);
if (script && !process.exitCode) {
  const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  // A terminal sends Ctrl-C to the script too, and that one decides how to end; a kill reaches only this process.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  const child = spawn(node, [script, ...words], { cwd: root, stdio: 'inherit' });
  child.on('error', (error) => {
    say(`can't start the project's own Node: ${error.message}`);
    process.exitCode = 2;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
