// A first flash over the cable against esptool-js by itself, with its own defaults, in the same run: a virtual ESP8266 behind a
// serial line that takes the time that bytes take. And the peak memory of the released program.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ESPLoader, Transport } from 'esptool-js';
import { makeEsp8266Image } from '#firmware/make.ts';
import { preciseClock } from '#node/index.ts';
import { flashByCable } from '#serial/flash.ts';
import { millis, seeded } from '#values/index.ts';
import { bareChip, VirtualLine, virtualSerialPorts, WebPort } from '#virtual/index.ts';
import { boardOn, openPair } from '../test/pty.ts';
import { median, printTable } from './print.ts';

const MiB = 1024 * 1024;
const romBaud = 115_200;
const image = makeEsp8266Image({ bytes: 256 * 1024, core: '3.1.2', flashBytes: 4 * MiB });

interface Ground {
  readonly line: VirtualLine;
  written(): boolean;
}

function ground(): Ground {
  const chip = bareChip({ chip: 'esp8266', flashBytes: 4 * MiB, sectorTime: 25 });
  const line = new VirtualLine(chip, preciseClock, { path: 'virtual', vendor: '1a86', product: '7523' });
  return { line, written: () => Buffer.compare(chip.flash.read(0, image.length), image) === 0 };
}

/** As the README of esptool-js does it. */
async function esptoolJs({ line }: Ground): Promise<void> {
  const transport = new Transport(new WebPort(line) as never);
  // It says more than it is asked to.
  transport.trace = () => {};
  const silent = { clean() {}, write() {}, writeLine() {} };
  const loader = new ESPLoader({ transport, baudrate: romBaud, terminal: silent });
  await loader.main();
  await loader.writeFlash({
    fileArray: [{ data: image, address: 0 }],
    flashMode: 'keep',
    flashFreq: 'keep',
    flashSize: 'keep',
    eraseAll: false,
    compress: true,
    calculateMD5Hash: (bytes) => createHash('md5').update(bytes).digest('hex'),
  });
  await loader.after();
  await transport.disconnect();
}

const whyota =
  (baud?: number) =>
  async ({ line }: Ground): Promise<void> => {
    const cable = { ports: virtualSerialPorts([line]), info: line.info, clock: preciseClock };
    const ended = await flashByCable(cable, { file: image }, { os: 'linux', ...(baud === undefined ? {} : { baud }) });
    if (!ended.ok) throw new Error(ended.problem.what);
  };

const flashers = {
  'esptool-js, its defaults': esptoolJs,
  'whyota at the same speed': whyota(romBaud),
  'whyota, its defaults': whyota(),
} as const;

export async function run(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({ args: [...words], options: { repetitions: { type: 'string', default: '3' } } });
  const times = new Map<string, number[]>();
  for (let i = 0; i < Number(values.repetitions); i++)
    for (const [name, flash] of Object.entries(flashers)) {
      const board = ground();
      const began = performance.now();
      await flash(board);
      times.set(name, [...(times.get(name) ?? []), performance.now() - began]);
      if (!board.written()) throw new Error(`${name}: the flash holds something else`);
    }
  const base = median(times.get('esptool-js, its defaults')!);
  console.log(
    `${image.length} bytes to an ESP8266: connect, write, verify, reset; medians of ${values.repetitions}; Node ${process.version}`,
  );
  printTable(
    ['flasher', 'seconds', 'of its time'],
    [...times].map(([name, all]) => [
      name,
      (median(all) / 1000).toFixed(2),
      `${((median(all) / base) * 100).toFixed(0)} %`,
    ]),
  );
  console.log('');
  console.log(`peak memory of the released program, 16 MB over a pseudo terminal: ${await peakMemory()} (limit 90 MB)`);
}

/** A whole chip of noise, behind a program that starts. */
async function peakMemory(): Promise<string> {
  if (spawnSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0)
    throw new Error('the build failed');
  const folder = mkdtempSync(join(tmpdir(), 'whyota-bench-'));
  const file = join(folder, 'dump.bin');
  writeFileSync(file, wholeChip());
  const pair = await openPair();
  const cable = await boardOn(pair, { layout: '16M14M', address: '127.0.22.9', sectorTime: millis(0) });
  cable.reset('held');
  const ask = 'process.on("exit",()=>require("fs").writeSync(3,String(process.resourceUsage().maxRSS)))';
  const module = `data:text/javascript,import{createRequire}from"node:module";const require=createRequire("/");${encodeURIComponent(ask)}`;
  const words = ['dist/whyota.mjs', 'serial', 'flash', file, '--port', pair.path, '--no-ota', '--json'];
  try {
    const child = spawn(process.execPath, ['--import', module, ...words], {
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
      env: { ...process.env, WHYOTA_HOME: folder },
    });
    let peak = '';
    let out = '';
    child.stdio[3]!.on('data', (bytes: Buffer) => {
      peak += bytes;
    });
    child.stdout!.on('data', (bytes: Buffer) => {
      out = (out + bytes).slice(-4000);
      if (String(bytes).includes('"by-hand"')) cable.reset('free');
    });
    const exit = await new Promise((resolve) => child.on('close', resolve));
    if (exit !== 0) throw new Error(`the flash ended with ${String(exit)}: ${out}`);
    return `${(Number(peak) / 1024).toFixed(0)} MB`;
  } finally {
    await cable.stop();
    pair.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

function wholeChip(): Uint8Array {
  const dice = seeded(1);
  const dump = Uint8Array.from({ length: 16 * MiB }, () => dice() * 256);
  dump.set(makeEsp8266Image({ bytes: 300_000, core: '3.1.2', flashBytes: 16 * MiB }));
  return dump;
}
