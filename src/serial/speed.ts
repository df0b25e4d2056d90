/** Finds the speed of a serial line by whether what comes is text. A board has two: its ROM's, and its sketch's. */

/** Most met first. */
const usual = [115_200, 74_880, 9600, 57_600, 38_400, 19_200, 230_400, 250_000, 460_800, 921_600] as const;
/** So many bytes are judged at a time: fewer mistake a burst of noise for a wrong speed. */
const windowBytes = 24;
/** Below this share of readable bytes the speed is wrong, above that it is right. */
const wrongBelow = 0.65;
const rightAbove = 0.9;

export class SpeedFinder {
  #baud: number;
  #good = 0;
  #seen = 0;
  /** Speeds at which text came, the last one last. */
  #right: number[] = [];
  /** Speeds tried since text came last. */
  #tried = new Set<number>();

  constructor(start: number = usual[0]) {
    this.#baud = start;
  }

  get baud(): number {
    return this.#baud;
  }

  /** What was read last was text. */
  get sure(): boolean {
    return this.#right.at(-1) === this.#baud;
  }

  /** Takes what came; gives the speed to change to, when it is to be changed. */
  take(bytes: Uint8Array): number | undefined {
    for (const byte of bytes) {
      this.#seen++;
      if (readable(byte)) this.#good++;
      if (this.#seen < windowBytes) continue;
      const share = this.#good / this.#seen;
      this.#seen = this.#good = 0;
      if (share >= rightAbove) this.#isRight();
      else if (share < wrongBelow) return this.#next();
    }
    return undefined;
  }

  /** The board was reset: its ROM speaks next. */
  reset(baud: number): void {
    this.#seen = this.#good = 0;
    this.#baud = baud;
  }

  #isRight(): void {
    this.#tried.clear();
    this.#right = [...this.#right.filter((baud) => baud !== this.#baud), this.#baud];
  }

  #next(): number {
    this.#tried.add(this.#baud);
    const order = [...this.#right.toReversed(), ...usual];
    let next = order.find((baud) => !this.#tried.has(baud));
    if (next === undefined) {
      this.#tried = new Set([this.#baud]);
      next = order.find((baud) => baud !== this.#baud)!;
    }
    this.#baud = next;
    return next;
  }
}

/** Text, line ends, and bytes above ASCII where they are few: names in other languages, degree signs. */
const readable = (byte: number): boolean =>
  (byte >= 0x20 && byte < 0x7f) || byte === 0x0a || byte === 0x0d || byte === 9;
