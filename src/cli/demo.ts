/** whyota demo: the main job against virtual boards on this machine, without hardware, in under a minute. It runs the
 *  commands a person would type, as processes of their own, and shows what they print. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEsp8266Image } from '#firmware/make.ts';
import { seconds } from '#values/index.ts';
import { type Fleet, startBoards } from './boards.ts';
import { type Ending, type Exit, interrupted, type Setting } from './command.ts';
import { hostWorld } from './world.ts';

const megabyte = 1024 * 1024;

export async function demo(
  _words: readonly string[],
  options: Record<string, unknown>,
  setting: Setting,
): Promise<Ending> {
  const folder = await mkdtemp(join(tmpdir(), 'whyota-demo-'));
  try {
    await writeFile(
      join(folder, 'kitchen.bin'),
      makeEsp8266Image({ core: '3.1.2', bytes: 330_000, flashBytes: 4 * megabyte, build: 'kitchen-1.1', seed: 7 }),
    );
    await writeFile(
      join(folder, 'attic.bin'),
      makeEsp8266Image({ core: '2.3.0', bytes: 253_168, flashBytes: megabyte, build: 'attic-2', seed: 8 }),
    );
    const started = await startBoards([
      {
        core: 'esp8266@3.1.2',
        layout: '4M2M',
        address: '127.0.0.201',
        build: 'kitchen-1.0',
        seed: 1,
        sketch: { hostname: 'kitchen' },
      },
      {
        core: 'esp8266@2.3.0',
        layout: '1M512',
        runningBytes: 253_168,
        address: '127.0.0.202',
        seed: 2,
        sketch: { hostname: 'attic' },
      },
    ]);
    if (!started.ok) return { exit: 1, problem: started.problem };
    return await show(started.value, folder, options, setting);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function show(
  fleet: Fleet,
  folder: string,
  options: Record<string, unknown>,
  { desk, signal }: Setting,
): Promise<Ending> {
  const flags = [
    options['json'] && '--json',
    options['quiet'] && '--quiet',
    options['color'] === false && '--no-color',
  ].filter((flag) => typeof flag === 'string');
  const step = async (words: readonly string[], expected: Exit): Promise<boolean> => {
    desk.say();
    desk.say(desk.paint('bold', `$ whyota ${words.join(' ')}`));
    const exit = await runSelf([...words, ...flags], folder, signal);
    if (exit !== expected && !signal.aborted) desk.note(`expected exit code ${expected}, got ${exit}`);
    return exit === expected;
  };
  desk.say(
    'Two virtual boards run on this machine: kitchen (an ESP8266 with core 3.1.2) and attic (a 1 MB ESP-01 with core 2.3.0).',
  );

  let good = await step(['find', '--time', '2'], 0);
  good = (await step(['flash', 'kitchen.bin', '--to', 'kitchen'], 0)) && good;
  desk.say();
  desk.say(
    'Now an update that fails the way it did in thousands of forum threads: the board says OK, and then nothing.',
  );
  good = (await step(['flash', 'attic.bin', '--to', 'attic'], 1)) && good;
  desk.say();
  desk.say('Told what runs there, WhyOTA knows it before a byte is sent:');
  good =
    (await step(['flash', 'attic.bin', '--to', 'attic', '--core', 'esp8266@2.3.0', '--layout', '1M512'], 3)) && good;

  await hostWorld().clock.sleep(seconds(0.1), 'last words', signal);
  fleet.stop();
  if (signal.aborted) return interrupted;
  if (good) return { exit: 0 };
  return {
    exit: 1,
    problem: {
      code: 'demo-unexpected',
      what: 'a step of the demo did not end as it should',
      why: 'see the lines above',
      fix: 'a firewall for loopback, or another program on 127.0.0.201 or 127.0.0.202, can be in the way',
    },
  };
}

/** This program again, with these words, in that folder, its output straight to the person. */
function runSelf(words: readonly string[], folder: string, signal: AbortSignal): Promise<number> {
  const [, script = ''] = process.argv;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...words], {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, WHYOTA_HOME: join(folder, 'home') },
    });
    const stop = (): void => void child.kill('SIGINT');
    signal.addEventListener('abort', stop, { once: true });
    child.on('error', () => resolve(1));
    child.on('close', (exit) => {
      signal.removeEventListener('abort', stop);
      resolve(exit ?? 130);
    });
  });
}
