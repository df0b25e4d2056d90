import { atLeast, buildOf, type Core, compareCores, esp32Chips, identify } from '#firmware/index.ts';
import type { Clock } from '#machine/index.ts';
import { type Millis, md5Hex, readU32, sectorBytes } from '#values/index.ts';
import type { Boot, Booted, ResetCause } from './boot/boot.ts';
import { bootEsp32 } from './boot/esp32.ts';
import { bootEsp8266 } from './boot/esp8266.ts';
import { bootRp2040 } from './boot/rp2040.ts';
import { Flash } from './flash.ts';
import type { Build, Faults } from './options.ts';
import { choose } from './otadata.ts';
import { Esp32Updater } from './updater/esp32.ts';
import { type EbootCommand, Esp8266Updater } from './updater/esp8266.ts';
import { Rp2040Updater, type Staging } from './updater/rp2040.ts';
import type { Updater } from './updater/updater.ts';

export interface SerialText {
  /** Milliseconds on the board's clock. */
  readonly at: Millis;
  readonly text: string;
}

/** The program in flash that the chip runs. */
export interface Program {
  /** Flash offset. */
  readonly at: number;
  readonly bytes: number;
  /** Hex MD5 of its file. */
  readonly md5: string;
  /** Build name embedded in it. */
  readonly build: string | undefined;
}

/** Flash, memories and strap pins of one board: what is there whether or not a program runs. */
export class Hardware {
  readonly flash: Flash;
  readonly serial: SerialText[] = [];
  /** Core of the program that runs, or ran last. */
  core: Core;
  program: Program | undefined;
  /** The strap latch says "serial download" until pins are sampled again. */
  bootstrapping: boolean;
  readonly #build: Build;
  readonly #clock: Clock;
  readonly #tell: ((text: string) => void) | undefined;
  readonly #heapExhausted: boolean;
  readonly #rtc: { command: EbootCommand | undefined } = { command: undefined };
  readonly #staging: Staging = { blocks: [], bytes: 0, armed: false };
  readonly #installed: { bytes: number };

  constructor(
    build: Build,
    clock: Clock,
    options: { serialFlashed: boolean; faults: Faults; print: ((text: string) => void) | undefined },
  ) {
    this.#build = build;
    this.#clock = clock;
    this.#tell = options.print;
    this.#heapExhausted = options.faults.heapExhausted ?? false;
    this.flash = new Flash(build.flashBytes, build.sectorTime, options.faults.wornSectors);
    this.core = build.core;
    this.bootstrapping = options.serialFlashed;
    this.#installed = { bytes: build.image.length };
    const slot = build.scheme && (build.scheme.slots[0] ?? build.scheme.factory);
    this.flash.load(slot?.offset ?? 0, build.image);
    if (build.scheme && slot && build.scheme.slots.includes(slot)) choose(this.flash, build.scheme, slot);
    this.flash.takeTime();
    this.flash.erases.clear();
    if (options.faults.powerLossAfter !== undefined) this.flash.losePowerAfter(options.faults.powerLossAfter);
  }

  print(text: string): void {
    this.serial.push({ at: this.#clock.now(), text });
    this.#tell?.(text);
  }

  /** A cable may put any file there; the strap latch stays until pins are sampled again. */
  writtenByWire(): void {
    this.bootstrapping = true;
    this.#installed.bytes = 0;
  }

  /** RTC memory forgets, pins are sampled. */
  losePower(): void {
    this.#rtc.command = undefined;
    this.bootstrapping = false;
  }

  /** The boot in which the board was found: after a serial flash the flasher itself has started the program. */
  firstBoot(): Boot {
    return this.#boot('power', 3);
  }

  boot(cause: ResetCause): Boot {
    return this.#boot(cause, this.bootstrapping ? 1 : 3);
  }

  #boot(cause: ResetCause, bootMode: 1 | 3): Boot {
    const parts = { flash: this.flash, installed: this.#installed, print: (text: string) => this.print(text), cause };
    const { family, scheme, chip } = this.#build;
    if (family === 'esp32') return bootEsp32({ ...parts, scheme: scheme!, chipId: chipIdOf(chip) });
    if (family === 'rp2040') return bootRp2040({ ...parts, staging: this.#staging });
    return bootEsp8266({ ...parts, rtc: this.#rtc, core: this.core, bootMode });
  }

  /** Looks at the program that a boot ended in: from here on it is what runs, by the core that it was built with. */
  started(booted: Booted): void {
    if (!booted.runs) {
      this.program = undefined;
      return;
    }
    const bytes = this.flash.read(booted.at, booted.bytes);
    const md5 = md5Hex(bytes);
    if (this.program?.md5 === md5) return;
    if (this.program) this.core = coreOf(bytes, this.core);
    this.program = { at: booted.at, bytes: bytes.length, md5, build: buildOf(bytes) };
  }

  /** ESP.getFreeSketchSpace(): room for an update, bytes. */
  get freeSpace(): number {
    const { family, layout, scheme } = this.#build;
    const used = Math.ceil((this.program?.bytes ?? 0) / sectorBytes) * sectorBytes;
    if (family === 'esp8266') return Math.max(0, layout!.updateEnd - used);
    return scheme?.slotBytes ?? 0;
  }

  /** A fresh Update object, as a starting program has it. */
  updater(verifiesSignature: boolean): Updater {
    const { flash, core } = this;
    const { family, layout, scheme, chip } = this.#build;
    if (family === 'esp32')
      return new Esp32Updater({
        flash,
        core,
        chipId: chipIdOf(chip),
        scheme: scheme!,
        running: () => scheme!.partitions.find(({ app, offset }) => app && offset === this.program?.at),
      });
    if (family === 'rp2040')
      return new Rp2040Updater({
        flash,
        core,
        fileSystem: fileSystemOf(flash),
        staging: this.#staging,
        verifiesSignature,
      });
    return new Esp8266Updater({
      flash,
      core,
      rtc: this.#rtc,
      layout: layout!,
      verifiesSignature,
      bootstrapping: () => this.bootstrapping,
      heapExhausted: this.#heapExhausted,
    });
  }
}

/** The running image of arduino-pico says where its file system lies (addresses of the memory map). */
function fileSystemOf(flash: Flash): { readonly from: number; readonly to: number } {
  const words = flash.read(0x2ff0, 8);
  return { from: readU32(words, 0) - rp2FlashBase, to: readU32(words, 4) - rp2FlashBase };
}

const rp2FlashBase = 0x10000000;

const chipIdOf = (chip: string): number => esp32Chips.find((row) => row.chip === chip)!.id;

/** The core release that an ESP8266 image was built with, as far as its bytes tell; else the one that ran before. */
function coreOf(bytes: Uint8Array, before: Core): Core {
  const found = identify(bytes);
  if (found.kind !== 'esp8266-app') return before;
  const { coreHint, ebootCores } = found.image;
  if (coreHint) return coreHint;
  const [from, to = from] = ebootCores?.split('-') ?? [];
  return from === undefined || to === undefined || (atLeast(before, from) && compareCores(before, to) <= 0)
    ? before
    : from;
}
