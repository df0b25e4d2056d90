// WhyOTA against stop-and-wait, through a relay with a settable round trip and receive window, to virtual boards on real
// sockets. Timed on the board's side: from its call being answered to the image being stored, so that its fixed pauses
// before OK count for nobody.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { median, printTable } from './print.ts';
import { type Cell, floor, image, race, realGround, size, type Uploader, uploadBy, virtualGround } from './race.ts';

const roundTrips = [0, 5, 20, 50, 100];
const windows = [2144, 2920, 5840];
const sectorTimes = [0, 25];
const cores = ['3.1.2', '2.3.0'];
const isOld = ({ core }: Cell): boolean => core === '2.3.0';
/** What an uploader that never adapts could do best; the last one sends all at once and waits for nothing. */
const fixedBursts = [1460, 2920, 5840];

type Runner = Uploader | 'peer';

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
      virtual: { type: 'boolean', default: false },
    },
  });
  const only = (all: readonly number[], word: string | undefined) => (word ? word.split(',').map(Number) : all);
  const cells: Cell[] = [];
  for (const core of values.core ? values.core.split(',') : cores)
    for (const sectorTime of only(sectorTimes, values.sector))
      for (const roundTrip of only(roundTrips, values.rtt))
        for (const window of only(windows, values.window)) cells.push({ core, roundTrip, window, sectorTime });

  const peer = values.peer;
  const fixedOf = (cell: Cell): readonly number[] => (isOld(cell) ? fixedBursts : [...fixedBursts, size]);
  const uploadersOf = (cell: Cell): Runner[] => [
    'whyota',
    ...fixedOf(cell),
    ...(!isOld(cell) && cell.roundTrip === 5 && cell.sectorTime > 0 ? (['whyota+gzip'] as const) : []),
    ...(peer ? (['peer'] as const) : []),
  ];
  const jobs = cells.flatMap((cell) =>
    Array.from({ length: Number(values.virtual ? 1 : values.repetitions) }, () =>
      uploadersOf(cell).map((uploader) => ({ cell, uploader })),
    ).flat(),
  );
  const times = new Map<string, number[]>();
  const key = (cell: Cell, uploader: Runner): string => JSON.stringify([cell, uploader]);
  const work = async (queue: typeof jobs): Promise<void> => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      const { cell, uploader } = job;
      const ground = values.virtual ? virtualGround() : realGround();
      const time = await race(
        cell,
        ground,
        uploader === 'peer' ? (to) => runPeer(peer!, to, cell.core) : uploadBy(uploader, cell, ground),
      );
      times.set(key(job.cell, job.uploader), [...(times.get(key(job.cell, job.uploader)) ?? []), time]);
    }
  };
  // What has no round trip to wait for is bound by this machine: one at a time, so that nothing disturbs it.
  await work(jobs.filter(({ cell }) => cell.roundTrip < 20));
  const slow = jobs.filter(({ cell }) => cell.roundTrip >= 20).sort((a, b) => b.cell.roundTrip - a.cell.roundTrip);
  await Promise.all(Array.from({ length: Number(values.jobs) }, () => work(slow)));

  const repetitions = values.virtual ? 'simulated time' : `medians of ${values.repetitions}`;
  console.log(`${size} bytes; seconds, ${repetitions}; Node ${process.version}`);
  console.log('floor: max(flash time, size x (round trip + 1 ms device poll) / window)');
  console.log(
    `best fixed: of bursts of ${fixedBursts.join(', ')} bytes and, from core 2.4.0 on, all at once without waiting`,
  );
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
      const of = (uploader: Runner): number | undefined => {
        const all = times.get(key(cell, uploader));
        return all && median(all);
      };
      const own = of('whyota')!;
      const waits = of(1460)!;
      const best = Math.min(...fixedOf(cell).map((burst) => of(burst)!));
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
        best.toFixed(2),
        (own / best).toFixed(2),
        packed ? packed.toFixed(2) : '-',
        packed ? (waits / packed).toFixed(2) : '-',
        ...(peer ? [other!.toFixed(2), (other! / own).toFixed(2)] : []),
      ];
    }),
  );
}

/** Runs a real peer: `python3 espota.py -i {address} -p {port} -f {file}`. */
async function runPeer(
  command: string,
  { address, port }: { readonly address: string; readonly port: number },
  core: string,
): Promise<void> {
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
