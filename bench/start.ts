// Whole-process time and memory of the packed program, against `node -e 0` of the same Node, in turn.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEsp8266Image } from '#firmware/make.ts';
import { peakOf } from './peak.ts';
import { median, printTable } from './print.ts';

const runs = 15;

export async function run(): Promise<void> {
  const built = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) throw new Error('the build failed');
  const folder = mkdtempSync(join(tmpdir(), 'whyota-bench-'));
  const file = join(folder, 'firmware.bin');
  writeFileSync(file, makeEsp8266Image({ core: '2.3.0', bytes: 253168, flashBytes: 1024 * 1024 }));

  const refused = [
    'flash',
    file,
    '--to',
    '127.0.0.1',
    '--core',
    'esp8266@2.3.0',
    '--layout',
    '1M512',
    '--running',
    '253168',
  ];
  const commands: Record<string, readonly string[]> = {
    'node -e 0': ['-e', '0'],
    'whyota --version': ['dist/whyota.mjs', '--version'],
    'whyota flash, refused (exit 3)': ['dist/whyota.mjs', ...refused],
  };
  const times = new Map<string, number[]>();
  for (let i = 0; i <= runs; i++)
    for (const [name, words] of Object.entries(commands)) {
      const began = performance.now();
      const { status } = spawnSync(process.execPath, words, {
        stdio: 'ignore',
        env: { ...process.env, WHYOTA_HOME: folder },
      });
      if (i > 0) times.set(name, [...(times.get(name) ?? []), performance.now() - began]);
      if (status !== (name.includes('exit 3') ? 3 : 0)) throw new Error(`${name} ended with ${status}`);
    }

  const own = times.get('node -e 0')!;
  const rows: string[][] = [];
  for (const [name, words] of Object.entries(commands)) {
    const all = times.get(name)!;
    rows.push([
      name,
      `${median(all).toFixed(1)} ms`,
      `${(median(all) / median(own)).toFixed(2)} x`,
      `${(Math.min(...all) / Math.min(...own)).toFixed(2)} x`,
      // A run of its own, so that asking costs no time above.
      `${(await peakOf(words, folder)).megabytes.toFixed(0)} MB`,
    ]);
  }
  console.log(`Node ${process.version}, ${runs} runs in turn; limit: under 2.00 x the time of node -e 0`);
  printTable(['command', 'median', 'against node -e 0', 'fastest runs', 'peak memory'], rows);
  rmSync(folder, { recursive: true, force: true });
}
