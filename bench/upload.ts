// WhyOTA against stop-and-wait, through a relay with a settable round trip and receive window, to virtual boards on real
// sockets. Timed on the board's side: from its call being answered to the image being stored, so that its fixed pauses
// before OK count for nobody.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipFor } from '#firmware/index.ts';
import { makeEsp8266Image } from '#firmware/make.ts';
import type { Tcp } from '#machine/index.ts';
import { clock, preciseClock, random, shaped, tcp, udp } from '#node/index.ts';
import { deliver } from '#upload/index.ts';
import { millis } from '#values/index.ts';
import { createBoard } from '#virtual/index.ts';
import { median, printTable } from './print.ts';

const size = 400_000;
const devicePoll = 1;
const roundTrips = [0, 5, 20, 50, 100];
const windows = [2144, 2920, 5840];
const sectorTimes = [0, 25];
const cores = ['3.1.2', '2.3.0'];
const fixedBursts = [1460, 2920, 5840];
const image = (core: string) =>
  makeEsp8266Image({ core, bytes: size, flashBytes: 4 * 1024 * 1024, build: 'bench', compressibility: 0.7 });

interface Cell {
  readonly core: string;
  readonly roundTrip: number;
  readonly window: number;
  readonly sectorTime: number;
}

type Uploader = 'whyota' | 'whyota+gzip' | 'peer' | number;

export async function run(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      peer: { type: 'string' },
      repetitions: { type: 'string', default: '3' },
      rtt: { type: 'string' },
      window: { type: 'string' },
      core: { type: 'string' },
      sector: { type: 'string' },
      jobs: { type: 'string', default: '8' },
    },
  });
  const only = (all: readonly number[], word: string | undefined) => (word ? word.split(',').map(Number) : all);
  const cells: Cell[] = [];
  for (const core of values.core ? values.core.split(',') : cores)
    for (const sectorTime of only(sectorTimes, values.sector))
      for (const roundTrip of only(roundTrips, values.rtt))
        for (const window of only(windows, values.window)) cells.push({ core, roundTrip, window, sectorTime });

  const peer = values.peer;
  const uploadersOf = ({ core, roundTrip, sectorTime }: Cell): Uploader[] => [
    'whyota',
    1460,
    ...(core === '2.3.0' ? fixedBursts.slice(1) : []),
    ...(core !== '2.3.0' && roundTrip === 5 && sectorTime > 0 ? (['whyota+gzip'] as const) : []),
    ...(peer ? (['peer'] as const) : []),
  ];
  const jobs = cells.flatMap((cell) =>
    Array.from({ length: Number(values.repetitions) }, () =>
      uploadersOf(cell).map((uploader) => ({ cell, uploader })),
    ).flat(),
  );
  const times = new Map<string, number[]>();
  const key = (cell: Cell, uploader: Uploader): string => JSON.stringify([cell, uploader]);
  const work = async (queue: typeof jobs): Promise<void> => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const time = await timed(job.cell, job.uploader, peer);
      times.set(key(job.cell, job.uploader), [...(times.get(key(job.cell, job.uploader)) ?? []), time]);
    }
  };
  // What has no round trip to wait for is bound by this machine: one at a time, so that nothing disturbs it.
  await work(jobs.filter(({ cell }) => cell.roundTrip < 20));
  const slow = jobs.filter(({ cell }) => cell.roundTrip >= 20).sort((a, b) => b.cell.roundTrip - a.cell.roundTrip);
  await Promise.all(Array.from({ length: Number(values.jobs) }, () => work(slow)));

  console.log(`${size} bytes; seconds, medians of ${values.repetitions}; Node ${process.version}`);
  console.log('floor: max(flash time, size x (round trip + 1 ms device poll) / window)');
  const heads = [
    'core',
    'flash ms/sector',
    'rtt ms',
    'window',
    'floor',
    'whyota',
    'x floor',
    'stop-and-wait',
    'ratio',
    'best fixed',
    'vs best',
    'whyota+gzip',
    'ratio',
    ...(peer ? ['peer', 'ratio'] : []),
  ];
  printTable(
    heads,
    cells.map((cell) => {
      const of = (uploader: Uploader): number | undefined => {
        const all = times.get(key(cell, uploader));
        return all && median(all);
      };
      const own = of('whyota')!;
      const waits = of(1460)!;
      const best = Math.min(...fixedBursts.map((burst) => of(burst) ?? Number.POSITIVE_INFINITY));
      const old = cell.core === '2.3.0';
      const packed = of('whyota+gzip');
      const other = of('peer');
      return [
        cell.core,
        String(cell.sectorTime),
        String(cell.roundTrip),
        String(cell.window),
        floor(cell).toFixed(2),
        own.toFixed(2),
        (own / floor(cell)).toFixed(2),
        waits.toFixed(2),
        (waits / own).toFixed(2),
        old ? best.toFixed(2) : '-',
        old ? (own / best).toFixed(2) : '-',
        packed ? packed.toFixed(2) : '-',
        packed ? (waits / packed).toFixed(2) : '-',
        ...(peer ? [other!.toFixed(2), (other! / own).toFixed(2)] : []),
      ];
    }),
  );
}

const floor = ({ roundTrip, window, sectorTime }: Cell): number =>
  Math.max((Math.ceil(size / 4096) * sectorTime) / 1000, (size * (roundTrip + devicePoll)) / window / 1000);

let boards = 0;

/** Seconds of one upload to a fresh board. */
async function timed(cell: Cell, uploader: Uploader, peer: string | undefined): Promise<number> {
  const address = `127.7.${Math.floor(boards / 250)}.${(boards % 250) + 1}`;
  boards++;
  let answered = 0;
  const ports = shaped(cell, { clock: preciseClock, udp, tcp });
  const noted: Tcp = {
    listen: (options, on) => ports.tcp.listen(options, on),
    connect: (to, options, on) =>
      ports.tcp.connect(to, options, {
        ...on,
        connected() {
          answered = preciseClock.now();
          on.connected?.();
        },
      }),
  };
  const made = createBoard(
    {
      core: `esp8266@${cell.core}`,
      layout: '4M1M',
      address,
      sectorTime: millis(cell.sectorTime),
      sketch: { mdns: false, loopPeriod: millis(1) },
    },
    { clock: ports.clock, random, udp: ports.udp, tcp: noted },
  );
  if (!made.ok) throw new Error(made.problem.what);
  const board = made.value;
  const trouble = await board.start();
  if (trouble) throw new Error(`${address}: ${trouble.detail}`);
  let stored = 0;
  board.updates.push = (...updates) => {
    stored = preciseClock.now();
    return Array.prototype.push.apply(board.updates, updates);
  };
  try {
    if (uploader === 'peer') await runPeer(peer!, address, board.port, cell.core);
    else {
      const plain = image(cell.core);
      const ending = await deliver(
        {
          to: { address, port: board.port },
          command: 'sketch',
          image: uploader === 'whyota+gzip' ? gzipFor(plain).bytes : plain,
          family: 'esp8266',
          core: cell.core,
          ...(typeof uploader === 'number' ? { fixedBurst: uploader } : {}),
        },
        { clock, random, udp, tcp },
        () => {},
      );
      if (ending.kind !== 'stored')
        throw new Error(`${JSON.stringify(cell)} ${uploader}: ended ${JSON.stringify(ending)}`);
    }
  } finally {
    board.powerOff();
  }
  if (!stored) throw new Error(`${JSON.stringify(cell)} ${uploader}: the board stored nothing`);
  return (stored - answered) / 1000;
}

/** Runs a real peer: `python3 espota.py -i {address} -p {port} -f {file}`. */
async function runPeer(command: string, address: string, port: number, core: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-bench-'));
  const file = join(folder, 'firmware.bin');
  writeFileSync(file, image(core));
  const words = command
    .split(/\s+/)
    .map((word) => word.replace('{address}', address).replace('{port}', String(port)).replace('{file}', file));
  const exit = await new Promise<number | null>((resolve) => {
    spawn(words[0]!, words.slice(1), { stdio: ['ignore', 'ignore', 'inherit'] }).on('close', resolve);
  });
  rmSync(folder, { recursive: true, force: true });
  if (exit !== 0) console.error(`the peer ended with ${exit}`);
}
