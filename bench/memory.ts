// Peak memory of a flash over the air, in the packed program, for images from small to a whole flash of 16 MB. Every
// board is a process of its own.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEsp32Image, makeEsp8266Image, makeLittleFs } from '#firmware/make.ts';
import { seeded } from '#values/index.ts';
import { peakOf } from './peak.ts';
import { printTable } from './print.ts';

const limit = 90;

interface Case {
  readonly name: string;
  readonly image: Uint8Array;
  readonly board: readonly string[];
  readonly words: readonly string[];
  /** The board is gone in the middle: tries again, and the diagnosis, are counted too. */
  readonly breaks?: boolean;
}

const MiB = 1024 * 1024;
const sketch = (bytes: number) => makeEsp8266Image({ core: '3.1.2', bytes, flashBytes: 4 * MiB });
const known = ['--core', 'esp8266@3.1.2', '--layout', '4M2M'];
const whole = ['--core', 'esp8266@3.1.2', '--layout', '16M15M'];

/** The largest file system there is (16M15M), full of what can't be compressed. */
function fileSystem(): Uint8Array {
  const image = makeLittleFs(0xffa000 - 0x100000, 8192);
  const random = seeded(1);
  for (let i = 3 * 8192; i < image.length; i++) image[i] = random() * 256;
  return image;
}

const cases = (): Case[] => [
  { name: 'ESP8266 sketch, 300 kB', image: sketch(300_000), board: known, words: [...known, '--no-gzip'] },
  { name: 'ESP8266 sketch, 1 MB, gzip', image: sketch(1_000_000), board: known, words: [...known, '--gzip'] },
  {
    name: 'ESP32 sketch, 6.4 MB',
    image: makeEsp32Image({ chip: 'esp32', bytes: 6_400_000, flashBytes: 16 * MiB }),
    board: ['--core', 'esp32@3.2.0', '--layout', 'default_16MB'],
    words: [],
  },
  { name: 'file system, 15.7 MB', image: fileSystem(), board: whole, words: [...whole, '--filesystem'] },
  {
    name: 'the same, broken off and explained',
    image: fileSystem(),
    board: whole,
    words: [...whole, '--filesystem'],
    breaks: true,
  },
];

export async function run(): Promise<void> {
  const built = spawnSync(process.execPath, ['scripts/build.ts'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (built.status !== 0) throw new Error('the build failed');
  const home = mkdtempSync(join(tmpdir(), 'whyota-bench-'));
  const rows: string[][] = [];
  for (const [i, one] of cases().entries()) rows.push(await measure(one, `127.0.9.${120 + i}`, home));
  rmSync(home, { recursive: true, force: true });
  console.log(`Node ${process.version}; limit: ${limit} MB`);
  printTable(['flash', 'peak memory'], rows);
}

async function measure({ name, image, board, words, breaks }: Case, address: string, home: string): Promise<string[]> {
  const file = join(home, 'image.bin');
  writeFileSync(file, image);
  const sim = ['sim', '--json', '--address', address, '--sector-time', '0', '--boot-time', '0.2', '--no-mdns'];
  const running = spawn(process.execPath, ['dist/whyota.mjs', ...sim, ...board], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await new Promise((resolve) => running.stdout.once('data', resolve));
    running.stdout.resume();
    const flash = ['dist/whyota.mjs', 'flash', file, '--to', address, '--json', ...words];
    const ran = await peakOf(flash, home, (child) => {
      let told = 0;
      if (breaks) child.stdout!.on('data', () => ++told === 3 && running.kill('SIGKILL'));
    });
    if (ran.exit !== (breaks ? 1 : 0)) throw new Error(`${name} ended with ${ran.exit}: ${ran.lastLine}`);
    return [name, `${ran.megabytes.toFixed(0)} MB${ran.megabytes < limit ? '' : ', too much'}`];
  } finally {
    running.kill('SIGKILL');
  }
}
