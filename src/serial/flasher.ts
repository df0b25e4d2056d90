/** The vendor's own flasher, esptool-js, over a port of `machine/`: a door of its own, as it brings esptool-js along.
 *  In a browser the port is one of Web Serial (web.ts). */

import { ESPError, ESPLoader, type Transport } from 'esptool-js';
import { zlibSync } from 'fflate';
import type { Chip, Esp32Chip } from '#firmware/index.ts';
import type { Environment } from '#machine/index.ts';
import { checksum } from '#protocols/esploader/index.ts';
import { concat, type Millis, md5Hex, millis, type Problem, type Result, writeU32 } from '#values/index.ts';
import { brokeOff, locked, noAnswer, notAsWritten, portProblem, unknownFlash, unplugged } from './problems.ts';
import { type Cable, CableTransport } from './transport.ts';

export type { Cable } from './transport.ts';

/** Bytes, and where in flash they go: the start of a sector. */
export interface Piece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** What is on the cable. */
export interface Found {
  readonly chip: Chip;
  /** As its maker calls it: `ESP8266EX`, `ESP32-C3 (QFN32) (revision v0.4)`. */
  readonly model: string;
  /** Of its station interface, lower case with colons. */
  readonly mac: string;
  /** Real size of the flash chip, bytes. */
  readonly flashBytes: number;
}

export type FlashStep =
  | { readonly kind: 'connecting'; readonly byHand: boolean }
  | ({ readonly kind: 'found'; readonly baud: number } & Found)
  | { readonly kind: 'erasing' }
  /** `done` of `total` bytes; the board has confirmed them. */
  | { readonly kind: 'writing'; readonly done: number; readonly total: number }
  /** The board has reckoned the digest of what is in its flash, and it is right. */
  | { readonly kind: 'verified'; readonly bytes: number }
  /** What esptool-js says, for the expert. */
  | { readonly kind: 'said'; readonly words: string };

export interface ConnectOptions {
  /** Speed for the data; default 460,800. Falls back to 115,200 when the adapter can't. */
  readonly baud?: number;
  /** The person puts the board into its boot loader: nothing is reset, and it is waited for that long. */
  readonly byHand?: Millis;
  readonly os: Environment['os'];
  readonly signal?: AbortSignal;
  readonly on?: (step: FlashStep) => void;
}

/** The boot loader of a board, ready. Every verb reports a pulled cable as its problem. */
export interface BootLoader {
  readonly found: Found;
  read(at: number, bytes: number): Promise<Result<Uint8Array>>;
  /** Writes and verifies. */
  write(pieces: readonly Piece[]): Promise<Result<undefined>>;
  eraseAll(): Promise<Result<undefined>>;
  /** Resets the board by RTS into its program; without effect where RTS is not wired. Closes the port. */
  leave(): Promise<void>;
  close(): Promise<void>;
}

const romBaud = 115_200;
export const usualBaud = 460_800;
/** One attempt is five times a sync of 100 ms, after a reset. */
const attempts = 3;
const attemptTime = 500;
/** Flash is written in parts of this many bytes, each verified: what is in memory does not grow with the image. */
const partBytes = 64 * 1024;

/** Brings the board on this port into its boot loader and asks it who it is. */
export async function connect(cable: Cable, options: ConnectOptions): Promise<Result<BootLoader>> {
  const { on = () => {}, signal, byHand, baud = usualBaud } = options;
  const { path } = cable.info;
  const transport = new CableTransport(cable, signal);
  const say = (words: string): void => on({ kind: 'said', words: words.trim() });
  const loader = new ESPLoader({
    transport: transport as unknown as Transport,
    baudrate: romBaud,
    romBaudrate: romBaud,
    terminal: { clean: () => {}, write: say, writeLine: say },
    resetConstructors: resets(cable, transport),
  });
  const problemOf = (error: unknown, otherwise: (detail: string) => Problem): Problem => {
    if (signal?.aborted) return interrupted;
    if (transport.trouble) return portProblem(path, transport.trouble, options.os);
    if (transport.lost !== undefined) return unplugged(path, transport.lost);
    return otherwise(error instanceof Error ? error.message : String(error));
  };
  const failed = async (problem: Problem) => {
    await transport.disconnect();
    return { ok: false as const, problem };
  };

  on({ kind: 'connecting', byHand: byHand !== undefined });
  try {
    await (byHand === undefined
      ? loader.detectChip('default_reset', attempts)
      : loader.detectChip('no_reset', Math.ceil(byHand / attemptTime)));
  } catch (error) {
    return failed(problemOf(error, () => noAnswer(path)));
  }
  if (loader.secureDownloadMode) return failed(locked(loader.chip.CHIP_NAME));
  try {
    const model = await loader.chip.getChipDescription(loader);
    const mac = await loader.chip.readMac(loader);
    await loader.runStub();
    if (baud !== romBaud) await speedUp(loader, transport, cable, baud);
    const flashBytes = flashSizeOf(await loader.readFlashId());
    if (flashBytes === undefined) return failed(unknownFlash(path));
    const found: Found = { chip: chipOf(loader), model, mac: mac.toLowerCase(), flashBytes };
    on({ kind: 'found', ...found, baud: transport.baudrate });
    return { ok: true, value: bootLoader(loader, transport, cable, { found, on, problemOf }) };
  } catch (error) {
    return failed(problemOf(error, (detail) => brokeOff(path, detail)));
  }
}

interface Session {
  readonly found: Found;
  on(step: FlashStep): void;
  problemOf(error: unknown, otherwise: (detail: string) => Problem): Problem;
}

function bootLoader(
  loader: ESPLoader,
  transport: CableTransport,
  cable: Cable,
  { found, on, problemOf }: Session,
): BootLoader {
  const tried = async <T>(work: () => Promise<Result<T>>): Promise<Result<T>> => {
    try {
      return await work();
    } catch (error) {
      return { ok: false, problem: problemOf(error, (detail) => brokeOff(cable.info.path, detail)) };
    }
  };
  return {
    found,
    read: (at, bytes) => tried(async () => ({ ok: true, value: await loader.readFlash(at, bytes) })),
    eraseAll: () =>
      tried(async () => {
        on({ kind: 'erasing' });
        await loader.eraseFlash();
        return { ok: true, value: undefined };
      }),
    write: (pieces) =>
      tried(async () => {
        const total = pieces.reduce((sum, { bytes }) => sum + bytes.length, 0);
        let done = 0;
        on({ kind: 'writing', done, total });
        for (const piece of pieces) {
          for (let from = 0; from < piece.bytes.length; from += partBytes) {
            const bytes = piece.bytes.subarray(from, from + partBytes);
            const at = piece.at + from;
            await writePart(loader, { at, bytes }, (part) => on({ kind: 'writing', done: done + part, total }));
            if ((await loader.flashMd5sum(at, bytes.length)) !== md5Hex(bytes))
              return { ok: false, problem: notAsWritten(at) };
            done += bytes.length;
          }
        }
        on({ kind: 'verified', bytes: total });
        return { ok: true, value: undefined };
      }),
    async leave() {
      await hardReset(cable, transport);
      await transport.disconnect();
    },
    close: () => transport.disconnect(),
  };
}

/** Sends one part compressed. Progress is what the board has confirmed, in bytes of the part. */
async function writePart(loader: ESPLoader, { at, bytes }: Piece, progress: (bytes: number) => void): Promise<void> {
  const packed = zlibSync(bytes, { level: 9, mem: 4 });
  const blockBytes = loader.FLASH_WRITE_SIZE;
  await loader.flashDeflBegin(bytes.length, packed.length, at);
  for (let block = 0; block * blockBytes < packed.length; block++) {
    const end = Math.min((block + 1) * blockBytes, packed.length);
    await sendBlock(loader, packed.subarray(block * blockBytes, end), block);
    progress(Math.floor((bytes.length * end) / packed.length));
  }
  // Without the stub, "finish" would leave the boot loader.
  if (loader.IS_STUB) await loader.flashDeflFinish(false, blockTimeout);
}

/** A block that is answered badly is sent again; a board that took it then says so twice. */
async function sendBlock(loader: ESPLoader, bytes: Uint8Array, block: number): Promise<void> {
  const packet = concat(words(bytes.length, block, 0, 0), bytes);
  for (let left = 2; ; left--) {
    try {
      await loader.checkCommand('write', loader.ESP_FLASH_DEFL_DATA, packet, checksum(bytes), 0, blockTimeout);
      return;
    } catch (error) {
      if (left === 0 || !(error instanceof ESPError)) throw error;
      await loader.transport.drainInput();
    }
  }
}

/** A block that compresses well makes the flash erase and write a whole part: 40 s a megabyte at worst (espressif/esptool
 *  esptool/loader.py @ v5.3.1, ERASE_WRITE_TIMEOUT_PER_MB), and never less than this. */
const blockTimeout = 10_000;

/** Both sides change their speed; where the board is not understood afterwards, it all starts again at the ROM's. */
async function speedUp(loader: ESPLoader, transport: CableTransport, cable: Cable, baud: number): Promise<void> {
  await loader.command(loader.ESP_CHANGE_BAUDRATE, words(baud, loader.IS_STUB ? romBaud : 0));
  await cable.clock.sleep(millis(50), 'the board changes its speed');
  await transport.changeBaudrate(baud);
  await transport.drainInput();
  try {
    await loader.readReg(loader.CHIP_DETECT_MAGIC_REG_ADDR, 500);
  } catch (error) {
    if (transport.lost !== undefined) throw error;
    await transport.disconnect();
    loader.IS_STUB = false;
    await loader.connect('default_reset', attempts, false);
    await loader.runStub();
  }
}

/** 32-bit words as they travel. */
function words(...values: readonly number[]): Uint8Array {
  const out = new Uint8Array(values.length * 4);
  values.forEach((value, i) => {
    writeU32(out, i * 4, value);
  });
  return out;
}

/** esptool-js's own resets, on our clock (reset.ts of esptool-js 0.7.0). Its hard reset only lets go of RTS, which resets
 *  nothing: here RTS is pulled first. */
function resets(cable: Cable, transport: CableTransport): ResetConstructors {
  const wait = (time: number) => cable.clock.sleep(millis(time), 'a reset line');
  const made = {
    classicReset: (_: unknown, delay: number) => ({
      async reset() {
        await transport.setSignals(false, true);
        await wait(100);
        await transport.setSignals(true, false);
        await wait(delay);
        await transport.setSignals(false, false);
      },
    }),
    usbJTAGSerialReset: () => ({
      async reset() {
        await transport.setSignals(false, false);
        await wait(100);
        await transport.setSignals(true, false);
        await wait(100);
        await transport.setRTS(true);
        await transport.setDTR(false);
        await wait(100);
        await transport.setSignals(false, false);
      },
    }),
    hardReset: () => ({ reset: () => hardReset(cable, transport) }),
  };
  return made as unknown as ResetConstructors;
}

/** Its types ask for its own classes, of which it calls `reset` alone. */
type ResetConstructors = NonNullable<ConstructorParameters<typeof ESPLoader>[0]['resetConstructors']>;

/** EN low, and high again, with GPIO0 left alone. */
async function hardReset({ clock }: Cable, transport: CableTransport): Promise<void> {
  await transport.setSignals(false, true);
  await clock.sleep(millis(100), 'a reset line');
  await transport.setSignals(false, false);
  await clock.sleep(millis(10), 'a reset line');
}

const chipOf = (loader: ESPLoader): Chip => loader.chip.CHIP_NAME.toLowerCase() as 'esp8266' | Esp32Chip;

/** Third byte of the JEDEC id: log2 of the size, from 256 KB to 256 MB. Some makers count on from 0x20. */
function flashSizeOf(id: number): number | undefined {
  const power = (id >>> 16) & 0xff;
  if (power >= 0x12 && power <= 0x1c) return 2 ** power;
  if (power >= 0x20 && power <= 0x22) return 2 ** (power - 0x20 + 26);
  return power >= 0x32 && power <= 0x3a ? 2 ** (power - 0x20) : undefined;
}

const interrupted: Problem = {
  code: 'interrupted',
  what: 'interrupted',
  why: 'you stopped it',
  fix: 'run it again when you like',
};
