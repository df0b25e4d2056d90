import {
  type Core,
  type Esp32Chip,
  type Family,
  type Layout,
  layoutOf,
  type Scheme,
  schemeOf,
} from '#firmware/index.ts';
import { makeEsp32Image, makeEsp8266Image, makeRp2040Image } from '#firmware/make.ts';
import { type Millis, millis, type Problem, type Result, seconds } from '#values/index.ts';
import { ordinarySketch, type Sketch } from './sketch.ts';

/** What goes wrong on this board. Bytes count from the start of each upload. */
export interface Faults {
  /** The board's TCP resets the upload after so many bytes. */
  readonly resetAfter?: number;
  /** The board falls silent for good after so many bytes: no FIN, no RST, no restart. */
  readonly silentAfter?: number;
  /** The power goes once so many more bytes were written to flash, staging and boot copy counted together. */
  readonly powerLossAfter?: number;
  /** Sectors that can no longer be erased. */
  readonly wornSectors?: readonly number[];
  /** Says other numbers than it took. */
  readonly liesAboutCounts?: boolean;
  /** Sends so many bytes of garbage when it has connected. */
  readonly garbage?: number;
  /** Answers OK and never calls. */
  readonly neverCalls?: boolean;
  /** Each answer over UDP comes so much later. */
  readonly replyDelay?: Millis;
  /** Each answer over UDP is sent so many times more. */
  readonly extraReplies?: number;
  /** Starts as a board that somebody challenged and left (needs a password). */
  readonly waitsForAuthentication?: boolean;
  readonly heapExhausted?: boolean;
}

export interface BoardOptions {
  /** `esp8266@2.3.0`, `esp32@3.2`, `rp2040@2.4`; default `esp8266@3.1.2`. */
  readonly core?: string;
  /** Of an ESP32-family board; default `esp32`. */
  readonly chip?: Esp32Chip;
  /** Flash layout or partition scheme; default `4M2M`, `default`. */
  readonly layout?: string;
  /** Real size of the flash chip, bytes; default: what the layout is made for. */
  readonly flashBytes?: number;
  /** Length of the running sketch's .bin; default 300,000. */
  readonly runningBytes?: number;
  /** The running sketch's file itself. */
  readonly image?: Uint8Array;
  /** Build name of a made image. */
  readonly build?: string;
  /** Makes the boards of a test differ in their bytes. */
  readonly seed?: number;
  /** RP2040: file system, bytes; default 1 MiB. 0: built without one. */
  readonly fileSystemBytes?: number;
  readonly sketch?: Partial<Sketch>;
  readonly address: string;
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac?: string;
  /** Erase and write of one flash sector; default 25 ms. */
  readonly sectorTime?: Millis;
  /** From restart to being back, besides copying; default 2.5 s. */
  readonly bootTime?: Millis;
  /** Flashed over USB, and its pins not sampled since. */
  readonly serialFlashed?: boolean;
  readonly faults?: Faults;
}

/** The board of these options, everything decided. */
export interface Build {
  readonly family: Family;
  readonly core: Core;
  readonly chip: string;
  readonly layout: Layout | undefined;
  readonly scheme: Scheme | undefined;
  readonly flashBytes: number;
  readonly image: Uint8Array;
  readonly sketch: Sketch;
  readonly sectorTime: Millis;
  readonly bootTime: Millis;
}

const picoFlash = 0x200000;
const picoEeprom = 4096;
const defaultRunning = 300_000;

export function buildOfOptions(options: BoardOptions): Result<Build> {
  const [name = '', core = ''] = (options.core ?? 'esp8266@3.1.2').split('@');
  if (name !== 'esp8266' && name !== 'esp32' && name !== 'rp2040')
    return wrong('unknown-core', `There is no core "${options.core}".`, 'Say esp8266@3.1.2, esp32@3.2 or rp2040@2.4.');
  const wish = {
    bytes: options.runningBytes ?? defaultRunning,
    ...(options.build === undefined ? {} : { build: options.build }),
    ...(options.seed === undefined ? {} : { seed: options.seed }),
  };
  const common = {
    family: name,
    layout: undefined,
    scheme: undefined,
    sketch: { ...ordinarySketch, ...options.sketch },
    sectorTime: options.sectorTime ?? millis(25),
    bootTime: options.bootTime ?? seconds(2.5),
  } satisfies Partial<Build>;

  if (name === 'esp8266') {
    const version = core || '3.1.2';
    const layout = layoutOf(options.layout ?? '4M2M', version);
    if (!layout)
      return wrong('unknown-layout', `No flash layout is called "${options.layout}".`, 'Say one such as 1M512.');
    const flashBytes = layout.flashBytes;
    const image = options.image ?? makeEsp8266Image({ ...wish, core: version, flashBytes });
    return done({
      ...common,
      core: version,
      chip: 'esp8266',
      layout,
      flashBytes: options.flashBytes ?? flashBytes,
      image,
    });
  }
  if (name === 'esp32') {
    const scheme = schemeOf(options.layout ?? 'default');
    if (!scheme)
      return wrong('unknown-layout', `No partition scheme is called "${options.layout}".`, 'Say one such as default.');
    const chip = options.chip ?? 'esp32';
    const image = options.image ?? makeEsp32Image({ ...wish, chip, flashBytes: scheme.flashBytes });
    return done({
      ...common,
      core: core || '3.2',
      chip,
      scheme,
      flashBytes: options.flashBytes ?? scheme.flashBytes,
      image,
    });
  }
  const flashBytes = options.flashBytes ?? picoFlash;
  const to = flashBytes - picoEeprom;
  const fileSystem = { from: to - (options.fileSystemBytes ?? 0x100000), to };
  const image = options.image ?? makeRp2040Image({ ...wish, fileSystem });
  return done({ ...common, core: core || '2.4.1', chip: 'rp2040', flashBytes, image });
}

const done = (value: Build): Result<Build> => ({ ok: true, value });
const wrong = (code: string, what: string, fix: string): { ok: false; problem: Problem } => ({
  ok: false,
  problem: { code, what, why: 'The virtual board is made from this word.', fix, blame: 'person' },
});
