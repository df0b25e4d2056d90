/** A write to flash in the course: blocks in, plain or compressed; sectors are erased as the data reaches them. */
import { Unzlib } from 'fflate';
import { sectorBytes } from '#values/index.ts';
import type { Flash } from '../board/flash.ts';

export class Writing {
  readonly #flash: Flash;
  readonly #from: number;
  readonly #to: number;
  readonly #inflate: Unzlib | undefined;
  #at: number;
  #erased: number;
  #bad = false;
  #block = 0;

  /** `at` starts a sector; `bytes` is what lies in flash in the end. */
  constructor(flash: Flash, at: number, bytes: number, compressed: boolean) {
    this.#flash = flash;
    this.#from = at;
    this.#to = at + bytes;
    this.#at = at;
    this.#erased = at;
    this.#bad = at % sectorBytes !== 0 || this.#to > flash.size;
    if (compressed) this.#inflate = new Unzlib((bytes) => this.#write(bytes));
  }

  /** Whether it can begin. */
  get possible(): boolean {
    return !this.#bad;
  }

  /** Nothing was to be written: how a flasher says "run". */
  get empty(): boolean {
    return this.#from === this.#to;
  }

  /** All bytes are there. */
  get whole(): boolean {
    return !this.#bad && this.#at === this.#to;
  }

  /** Takes a block; false when it is out of turn, damaged, or the flash refused. A block that was taken before is taken as
   *  said twice. */
  take(block: number, bytes: Uint8Array): boolean {
    if (block === this.#block - 1) return !this.#bad;
    if (block !== this.#block || this.#bad) return false;
    this.#block++;
    if (!this.#inflate) this.#write(bytes);
    else
      try {
        this.#inflate.push(bytes);
      } catch {
        this.#bad = true;
      }
    return !this.#bad;
  }

  #write(bytes: Uint8Array): void {
    // The last block of a plain write is filled up with 0xFF beyond the end.
    const part = bytes.subarray(0, this.#to - this.#at);
    while (this.#erased < this.#at + part.length) {
      if (this.#flash.erase(this.#erased)) this.#bad = true;
      this.#erased += sectorBytes;
    }
    if (this.#flash.write(this.#at, part)) this.#bad = true;
    this.#at += part.length;
  }
}
