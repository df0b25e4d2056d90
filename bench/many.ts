// Many boards with one command: `whyota flash --to a --to b …`, 16 at a time, to virtual boards in processes of their own.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEsp8266Image } from '#firmware/make.ts';

const boards = 80;
const size = 400_000;
const roundTrip = 5;
const sectorTime = 25;

export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-bench-'));
  const file = join(folder, 'firmware.bin');
  writeFileSync(file, makeEsp8266Image({ core: '3.1.2', bytes: size, flashBytes: 4 * 1024 * 1024, seed: 9 }));
  const farm = spawn(process.execPath, ['bench/farm.ts', String(boards), String(roundTrip), String(sectorTime)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const places = await new Promise<string[]>((resolve, reject) => {
      let out = '';
      farm.stdout.on('data', (bytes) => {
        out += bytes;
        if (out.endsWith('\n')) resolve(JSON.parse(out) as string[]);
      });
      farm.on('close', () => reject(new Error('the virtual boards did not start')));
    });
    const to = places.flatMap((place) => ['--to', place]);
    const ask = 'process.on("exit",()=>require("fs").writeSync(3,String(process.resourceUsage().maxRSS)))';
    const module = `data:text/javascript,import{createRequire}from"node:module";const require=createRequire("/");${encodeURIComponent(ask)}`;
    const began = performance.now();
    const child = spawn(process.execPath, ['--import', module, 'src/cli/main.ts', 'flash', file, ...to, '--json'], {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      env: { ...process.env, WHYOTA_HOME: folder },
    });
    let peak = '';
    let last = '';
    child.stdio[3]!.on('data', (bytes: Buffer) => {
      peak += bytes;
    });
    child.stdout!.on('data', (bytes: Buffer) => {
      last = (last + bytes).slice(-200_000);
    });
    const exit = await new Promise((resolve) => child.on('close', resolve));
    const seconds = (performance.now() - began) / 1000;
    const result = JSON.parse(last.trimEnd().split('\n').at(-1)!) as { boards?: { exit: number }[] };
    const good = result.boards?.filter((board) => board.exit === 0).length ?? 0;
    console.log(
      `${boards} boards, ${size} bytes each, ${roundTrip} ms round trip, ${sectorTime} ms a sector, 16 at a time`,
    );
    console.log(
      `${good} of ${boards} updated, back and remembered; exit ${exit}; ${seconds.toFixed(1)} s (limit 180 s), one process, peak memory ${(Number(peak) / 1024).toFixed(0)} MB`,
    );
  } finally {
    farm.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}
