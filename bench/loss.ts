// Uploads over a lossy network, simulated: the real uploader against virtual boards of every profile, in virtual time.
import { parseArgs } from 'node:util';
import { makeEsp32Image, makeEsp8266Image, makeRp2040Image } from '#firmware/make.ts';
import { settle } from '#node/index.ts';
import { deliver, flash } from '#upload/index.ts';
import { millis, seeded } from '#values/index.ts';
import { type BoardOptions, createBoard, virtualClock, virtualNetwork } from '#virtual/index.ts';
import { printTable } from './print.ts';

const size = 256 * 1024;
const attempts = 5;
const wanted: Readonly<Record<number, number>> = { 1: 99.9, 5: 99.9, 10: 99, 20: 95 };
const megabyte = 1024 * 1024;
const boards: readonly { readonly core: string; readonly layout?: string }[] = [
  ...['2.0.0', '2.3.0', '2.4.0', '2.5.2', '2.6.3', '2.7.4', '3.0.2', '3.1.2'].map((core) => ({
    core: `esp8266@${core}`,
    layout: '4M1M',
  })),
  ...['1.0.4', '3.2', '3.3.1'].map((core) => ({ core: `esp32@${core}` })),
  { core: 'rp2040@2.4.1' },
];
const images = new Map(boards.map(({ core }) => [core, imageFor(core)]));

function imageFor(core: string): Uint8Array {
  const [family, version = ''] = core.split('@');
  if (family === 'esp32') return makeEsp32Image({ chip: 'esp32', bytes: size, flashBytes: 4 * megabyte, seed: 5 });
  if (family === 'rp2040')
    return makeRp2040Image({ bytes: size, fileSystem: { from: megabyte, to: 2 * megabyte - 4096 }, seed: 5 });
  return makeEsp8266Image({ core: version, bytes: size, flashBytes: 4 * megabyte, seed: 5 });
}

interface Tally {
  runs: number;
  good: number;
  /** The host says stored and the board has something else, or nothing. */
  falseGreen: number;
}

export async function run(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      runs: { type: 'string', default: '3000' },
      seed: { type: 'string', default: '1' },
      rates: { type: 'string', default: '1,5,10,20' },
    },
  });
  const runs = Number(values.runs);
  const rows: string[][] = [];
  for (const rate of values.rates.split(',').map(Number)) {
    const loss = rate / 100;
    const own: Tally = { runs: 0, good: 0, falseGreen: 0 };
    const peer: Tally = { runs: 0, good: 0, falseGreen: 0 };
    for (let seed = Number(values.seed); seed < Number(values.seed) + runs; seed++) {
      await simulate(loss, seed, 'whyota', own);
      await simulate(loss, seed, 'stop-and-wait', peer);
    }
    const share = ({ good, runs: all }: Tally): string => `${((100 * good) / all).toFixed(2)} %`;
    rows.push([`${rate} %`, share(own), `${wanted[rate] ?? '?'} %`, share(peer), `${own.falseGreen}`]);
  }
  console.log(
    `${size} bytes, at most ${attempts} attempts, ${runs} simulated uploads a rate and uploader, seeds from ${values.seed}`,
  );
  console.log(
    `boards: ${boards.map(({ core }) => core).join(', ')} in turn; stop-and-wait sends one invitation an attempt and 1460 bytes a round trip`,
  );
  printTable(['packets lost', 'whyota', 'at least', 'stop-and-wait', 'false green'], rows);
}

async function simulate(loss: number, seed: number, uploader: 'whyota' | 'stop-and-wait', tally: Tally): Promise<void> {
  const random = seeded(seed);
  const clock = virtualClock({ settle });
  const network = virtualNetwork({ clock, random, weather: { loss, latency: millis(2), jitter: millis(3) } });
  const host = network.host({ name: 'host', interfaces: [{ address: '192.168.1.2', prefix: 24 }] });
  const place = network.board({ name: 'board', interfaces: [{ address: '192.168.1.3', prefix: 24 }] });
  const { core, ...layout } = boards[seed % boards.length]!;
  const options: BoardOptions = {
    core,
    ...layout,
    runningBytes: 300_000,
    address: '192.168.1.3',
    sectorTime: millis(25),
    seed,
    sketch: { mdns: false },
  };
  const made = createBoard(options, place);
  if (!made.ok) throw new Error(made.problem.what);
  const board = made.value;
  await board.start();
  const image = images.get(core)!;
  const to = { address: '192.168.1.3', port: board.port };
  const why: string[] = [];
  const work = async (): Promise<boolean> => {
    if (uploader === 'whyota') {
      const job = {
        file: image,
        command: 'sketch' as const,
        board: {
          name: 'board',
          endpoint: to,
          via: 'address' as const,
          knowledge: { family: core.split('@')[0] as 'esp8266' | 'esp32' | 'rp2040' },
        },
        wait: false,
        attempts,
        compress: false,
      };
      const { ending } = await flash(
        job,
        host,
        (event) => {
          if (event.kind === 'ended' || event.kind === 'silence' || event.kind === 'closed')
            why.push(JSON.stringify(event));
        },
        new AbortController().signal,
      );
      return ending.kind === 'stored';
    }
    for (let attempt = 0; attempt < attempts; attempt++) {
      const ending = await deliver({ to, command: 'sketch', image, fixedBurst: 1460 }, host, () => {});
      if (ending.kind === 'stored') return true;
    }
    return false;
  };
  const good = await clock.run(work());
  if (!good && uploader === 'whyota' && process.env['SHOW'])
    console.log(`loss ${loss} seed ${seed} ${core}: ${why.slice(-6).join(' ')}`);
  tally.runs++;
  if (good) tally.good++;
  if (good && !board.updates.some(({ bytes }) => bytes === image.length)) tally.falseGreen++;
  board.powerOff();
}
