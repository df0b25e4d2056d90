/** Follows a crash dump through the lines of a log, and names its functions when it is over. */
import { addressesIn, type Symbols } from './elf.ts';

/** Frames that a person reads. */
const mostFrames = 24;

export class CrashDump {
  readonly #symbols: Symbols;
  #inStack = false;
  #frames: string[] = [];

  constructor(symbols: Symbols) {
    this.#symbols = symbols;
  }

  /** Takes the next line; gives the frames of the dump that ends with it, or of a line that holds all of them. */
  take(line: string): readonly string[] {
    if (/^>>>stack>>>/.test(line)) {
      this.#inStack = true;
      return [];
    }
    if (/^<<<stack<<</.test(line)) {
      const frames = this.#frames;
      this.#inStack = false;
      this.#frames = [];
      return frames;
    }
    if (this.#inStack) {
      // A row starts with its own address, which is one of data.
      for (const frame of this.#named(line)) if (this.#frames.length < mostFrames) this.#frames.push(frame);
      return [];
    }
    return /\bepc1=|^Backtrace:|\bPC\s*:|^MEPC/.test(line) ? this.#named(line).slice(0, mostFrames) : [];
  }

  #named(line: string): string[] {
    return addressesIn(line).flatMap((address) => {
      const name = this.#symbols.at(address);
      return name === undefined ? [] : [`0x${address.toString(16)} ${name}`];
    });
  }
}
