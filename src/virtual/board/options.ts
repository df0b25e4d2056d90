import {
  type Core,
  type Esp32Chip,
  esp32Chips,
  type Family,
  type Layout,
  layoutOf,
  type Scheme,
  schemeOf,
} from '#firmware/index.ts';
import { makeEsp32Image, makeEsp8266Image, makeRp2040Image } from '#firmware/make.ts';
import { profileOf } from '#protocols/espota/index.ts';
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
  /** `esp8266@2.3.0`, `esp32@3.2.0`, `rp2040@2.4.1`, or the family alone; default `esp8266@3.1.2`. */
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
const newest = { esp8266: '3.1.2', esp32: '3.2.0', rp2040: '2.4.1' } as const;
const defaultRunning = 300_000;

/** Decides everything that the options leave open; the problem names the word that no board can be made from. */
export function buildOfOptions(options: BoardOptions): Result<Build> {
  const [name = '', version] = (options.core ?? 'esp8266').split('@');
  const family = name === 'esp8266' || name === 'esp32' || name === 'rp2040' ? name : undefined;
  const core = version ?? (family && newest[family]);
  if (!family || !core || !profileOf(`${family}@${core}`))
    return wrong(
      'unknown-core',
      `there is no core "${options.core}"`,
      'say esp8266@3.1.2, esp32@3.2.0 or rp2040@2.4.1',
    );
  try {
    const parts = { esp8266: esp8266Parts, esp32: esp32Parts, rp2040: rp2040Parts }[family](options, core);
    if ('problem' in parts) return parts;
    const { room, ...rest } = parts;
    const { length } = rest.image;
    if (length > room)
      return wrong(
        'sketch-too-large',
        `a sketch of ${length} bytes does not fit where ${room} bytes are`,
        'say a smaller size',
      );
    return {
      ok: true,
      value: {
        family,
        core,
        ...rest,
        sketch: { ...ordinarySketch, ...options.sketch },
        sectorTime: options.sectorTime ?? millis(25),
        bootTime: options.bootTime ?? seconds(2.5),
      },
    };
  } catch (error) {
    // The makers refuse sizes that no image has.
    if (error instanceof RangeError) return wrong('no-such-image', `${error.message}.`, 'say another size');
    throw error;
  }
}

type Parts =
  | (Pick<Build, 'chip' | 'layout' | 'scheme' | 'flashBytes' | 'image'> & {
      /** Bytes that the running sketch may have. */
      readonly room: number;
    })
  | Wrong;

function esp8266Parts(options: BoardOptions, core: Core): Parts {
  const layout = layoutOf(options.layout ?? '4M2M', core);
  if (!layout) return wrong('unknown-layout', `no flash layout is called "${options.layout}"`, 'say one such as 1M512');
  const { flashBytes, updateEnd } = layout;
  const image = options.image ?? makeEsp8266Image({ ...wish(options), core, flashBytes });
  return {
    chip: 'esp8266',
    layout,
    scheme: undefined,
    flashBytes: options.flashBytes ?? flashBytes,
    image,
    room: updateEnd,
  };
}

function esp32Parts(options: BoardOptions): Parts {
  const scheme = schemeOf(options.layout ?? 'default');
  if (!scheme)
    return wrong('unknown-layout', `no partition scheme is called "${options.layout}"`, 'say one such as default');
  const { chip = 'esp32' } = options;
  if (!esp32Chips.some((row) => row.chip === chip))
    return wrong('unknown-chip', `no chip of the ESP32 family is called "${chip}"`, 'say one such as esp32-c3');
  const { flashBytes, slotBytes } = scheme;
  const image = options.image ?? makeEsp32Image({ ...wish(options), chip, flashBytes });
  return { chip, layout: undefined, scheme, flashBytes: options.flashBytes ?? flashBytes, image, room: slotBytes };
}

function rp2040Parts(options: BoardOptions): Parts {
  const flashBytes = options.flashBytes ?? picoFlash;
  const to = flashBytes - picoEeprom;
  const from = to - (options.fileSystemBytes ?? 0x100000);
  const image = options.image ?? makeRp2040Image({ ...wish(options), fileSystem: { from, to } });
  return { chip: 'rp2040', layout: undefined, scheme: undefined, flashBytes, image, room: from };
}

const wish = ({ runningBytes = defaultRunning, build, seed }: BoardOptions) => ({
  bytes: runningBytes,
  ...(build !== undefined && { build }),
  ...(seed !== undefined && { seed }),
});

type Wrong = { readonly ok: false; readonly problem: Problem };

const wrong = (code: string, what: string, fix: string): Wrong => ({
  ok: false,
  problem: { code, what, why: 'the virtual board is made from this word', fix, blame: 'person' },
});
