// One timed upload to a fresh virtual board behind a shaped link, in real or in virtual time.
import { gzipFor } from '#firmware/index.ts';
import { makeEsp8266Image } from '#firmware/make.ts';
import type { Clock, Random, Tcp, Udp } from '#machine/index.ts';
import { clock, preciseClock, random, settle, shaped, tcp, udp } from '#node/index.ts';
import { deliver } from '#upload/index.ts';
import { millis, seeded } from '#values/index.ts';
import { createBoard, virtualClock, virtualNetwork } from '#virtual/index.ts';

export const size = 400_000;
/** ArduinoOTA looks for bytes once a millisecond. */
const devicePoll = 1;

export interface Cell {
  readonly core: string;
  readonly roundTrip: number;
  readonly window: number;
  readonly sectorTime: number;
}

/** A number: bursts of so many bytes, the next one on any answer. */
export type Uploader = 'whyota' | 'whyota+gzip' | number;

interface Ports {
  readonly clock: Clock;
  readonly random: Random;
  readonly udp: Udp;
  readonly tcp: Tcp;
}

/** Where a race is held. */
export interface Ground {
  readonly address: string;
  readonly host: Ports;
  /** The board's way to the link. */
  readonly board: Ports;
  run<T>(work: Promise<T>): Promise<T>;
}

/** Least seconds: what the flash needs, or one window each round trip and poll. */
export const floor = ({ roundTrip, window, sectorTime }: Cell): number =>
  Math.max((Math.ceil(size / 4096) * sectorTime) / 1000, (size * (roundTrip + devicePoll)) / window / 1000);

export const image = (core: string): Uint8Array =>
  makeEsp8266Image({ core, bytes: size, flashBytes: 4 * 1024 * 1024, build: 'bench', compressibility: 0.7 });

let boards = 0;

export function realGround(): Ground {
  const address = `127.7.${Math.floor(boards / 250)}.${(boards % 250) + 1}`;
  boards++;
  const real = { random, udp, tcp };
  return { address, host: { ...real, clock }, board: { ...real, clock: preciseClock }, run: (work) => work };
}

/** Nothing but the link, the flash and the polls takes time there. */
export function virtualGround(): Ground {
  const clock = virtualClock({ settle });
  const network = virtualNetwork({ clock, random: seeded(1), weather: {} });
  const place = (name: string, address: string): Ports =>
    network.host({ name, interfaces: [{ address }], tcp: { delayedAck: 0 } });
  return {
    address: '10.0.0.2',
    host: place('host', '10.0.0.1'),
    board: place('board', '10.0.0.2'),
    run: (work) => clock.run(work),
  };
}

/** Seconds from the board's call being answered to the image being stored: its fixed pauses before OK count for nobody. */
export const race = (
  cell: Cell,
  ground: Ground,
  upload: (to: { readonly address: string; readonly port: number }) => Promise<void>,
): Promise<number> => ground.run(timed(cell, ground, upload));

async function timed(
  cell: Cell,
  { address, board: place }: Ground,
  upload: (to: { readonly address: string; readonly port: number }) => Promise<void>,
): Promise<number> {
  const ports = shaped(cell, place);
  let answered = 0;
  const noted: Tcp = {
    listen: (options, on) => ports.tcp.listen(options, on),
    connect: (to, options, on) =>
      ports.tcp.connect(to, options, {
        ...on,
        connected() {
          answered = place.clock.now();
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
    { clock: place.clock, random: place.random, udp: ports.udp, tcp: noted },
  );
  if (!made.ok) throw new Error(made.problem.what);
  const board = made.value;
  const trouble = await board.start();
  if (trouble) throw new Error(`${address}: ${trouble.detail}`);
  let stored = 0;
  board.updates.push = (...updates) => {
    stored = place.clock.now();
    return Array.prototype.push.apply(board.updates, updates);
  };
  try {
    await upload({ address, port: board.port });
  } finally {
    board.powerOff();
  }
  if (!stored) throw new Error(`${JSON.stringify(cell)}: the board stored nothing`);
  return (stored - answered) / 1000;
}

/** An upload by this program. `progressed` hears when the board has answered for more. */
export const uploadBy =
  (uploader: Uploader, { core }: Cell, { host }: Ground, progressed: (at: number) => void = () => {}) =>
  async (to: { readonly address: string; readonly port: number }): Promise<void> => {
    const plain = image(core);
    const ending = await deliver(
      {
        to,
        command: 'sketch',
        image: uploader === 'whyota+gzip' ? gzipFor(plain).bytes : plain,
        family: 'esp8266',
        core,
        ...(typeof uploader === 'number' ? { fixedBurst: uploader } : {}),
      },
      host,
      ({ kind }) => kind === 'acknowledged' && progressed(host.clock.now()),
    );
    if (ending.kind !== 'stored') throw new Error(`${uploader}: ended ${JSON.stringify(ending)}`);
  };
