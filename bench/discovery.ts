// The pluggable discovery of the packed program: memory while idle, and how soon it reports a board that shows itself.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { median } from './print.ts';

const boards = 5;
const idleSeconds = 10;

export async function run(): Promise<void> {
  const built = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) throw new Error('the build failed');
  const home = mkdtempSync(join(tmpdir(), 'whyota-bench-'));
  const whyota = (words: readonly string[]): ChildProcess =>
    spawn(process.execPath, ['dist/whyota.mjs', ...words], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, WHYOTA_HOME: home },
    });
  const discovery = whyota(['discovery']);
  const heard = watched(discovery);
  discovery.stdin!.write('HELLO 1 "bench"\nSTART_SYNC\n');
  await heard((line) => line.includes('start_sync'));
  await setTimeout(idleSeconds * 1000);
  console.log(`Node ${process.version}; ${idleSeconds} s idle: ${memory(discovery.pid!)} (limit 60 MB)`);

  const times: number[] = [];
  for (let i = 1; i <= boards; i++) {
    const name = `bench_${i}`;
    // 2.3.0 announces as soon as it runs; later cores probe for a second first.
    const board = whyota([
      'sim',
      '--json',
      '--core',
      'esp8266@2.3.0',
      '--name',
      name,
      '--address',
      `127.0.9.${100 + i}`,
    ]);
    await watched(board)((line) => line.includes('"ready"'));
    const began = performance.now();
    await heard((line) => line.includes('"add"') && line.includes(name));
    times.push(performance.now() - began);
    board.kill();
  }
  console.log(
    `${boards} boards reported ${median(times).toFixed(0)} ms (median), ${Math.max(...times).toFixed(0)} ms (slowest) after they ran (limit 1000 ms)`,
  );
  discovery.stdin!.write('QUIT\n');
  rmSync(home, { recursive: true, force: true });
}

/** Resolves with the first line of stdout, past or to come, that satisfies. */
function watched(child: ChildProcess): (wanted: (line: string) => boolean) => Promise<string> {
  let out = '';
  const waiting = new Set<() => void>();
  child.stdout!.on('data', (bytes) => {
    out += bytes;
    for (const look of waiting) look();
  });
  return (wanted) =>
    new Promise((resolve) => {
      const look = (): void => {
        // The messages of a pluggable discovery are JSON over several lines.
        const found = out.split(/\n(?=\{)|\n$/).find(wanted);
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
}

function memory(pid: number): string {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const megabytes = (name: string): string =>
    (Number(new RegExp(`${name}:\\s*(\\d+)`).exec(status)?.[1]) / 1024).toFixed(0);
  return `${megabytes('VmRSS')} MB resident, ${megabytes('VmHWM')} MB at most`;
}
