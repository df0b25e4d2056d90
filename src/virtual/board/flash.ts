import { type Millis, sectorBytes } from '#values/index.ts';

/** What a flash operation met. `power`: the power went in the middle of it, and what was not yet written is not there. */
export type FlashTrouble = 'erase' | 'write' | 'power';

/** NOR flash with real bytes: erasing sets a sector of 4096 bytes to 0xFF, writing can only clear bits. Sectors come into
 *  being when they are touched, and an image can be lent by many boards at once: 200 boards of 16 MB cost what they wrote. */
export class Flash {
  readonly size: number;
  /** Time that erasing and writing one sector takes. Real chips: about 25 to 45 ms. */
  readonly sectorTime: Millis;
  /** Times each sector was erased. */
  readonly erases = new Map<number, number>();
  /** Sectors that can no longer be erased. */
  readonly worn: ReadonlySet<number>;
  readonly #sectors = new Map<number, { bytes: Uint8Array; lent: boolean }>();
  #busy: Millis = 0;
  #bytesUntilPowerLoss = Number.POSITIVE_INFINITY;
  #powered = true;

  constructor(size: number, sectorTime: Millis, worn: readonly number[] = []) {
    this.size = size;
    this.sectorTime = sectorTime;
    this.worn = new Set(worn);
  }

  get powered(): boolean {
    return this.#powered;
  }

  /** The power will go once so many more bytes are written. */
  losePowerAfter(bytes: number): void {
    this.#bytesUntilPowerLoss = bytes;
  }

  powerUp(): void {
    if (!this.#powered) this.#bytesUntilPowerLoss = Number.POSITIVE_INFINITY;
    this.#powered = true;
  }

  /** Time that the operations since the last call have taken. */
  takeTime(): Millis {
    const time = this.#busy;
    this.#busy = 0;
    return time;
  }

  /** Puts an image there as a programmer would: no time passes. Its bytes are shared until a sector is written. */
  load(at: number, image: Uint8Array): void {
    for (let done = 0; done < image.length; done += sectorBytes) {
      const part = image.subarray(done, done + sectorBytes);
      const whole = part.length === sectorBytes && (at + done) % sectorBytes === 0;
      if (whole) this.#sectors.set((at + done) / sectorBytes, { bytes: part, lent: true });
      else this.#poke(at + done, part);
    }
  }

  read(at: number, length: number): Uint8Array {
    const out = new Uint8Array(Math.max(0, Math.min(length, this.size - at))).fill(0xff);
    for (let done = 0; done < out.length; ) {
      const inSector = (at + done) % sectorBytes;
      const count = Math.min(sectorBytes - inSector, out.length - done);
      const sector = this.#sectors.get(Math.floor((at + done) / sectorBytes));
      if (sector) out.set(sector.bytes.subarray(inSector, inSector + count), done);
      done += count;
    }
    return out;
  }

  /** Erases the sector at this address. */
  erase(at: number): FlashTrouble | undefined {
    if (!this.#powered) return 'power';
    const sector = Math.floor(at / sectorBytes);
    if (at < 0 || at >= this.size || this.worn.has(sector)) return 'erase';
    if (this.#bytesUntilPowerLoss <= 0) {
      this.#powered = false;
      return 'power';
    }
    this.#sectors.delete(sector);
    this.erases.set(sector, (this.erases.get(sector) ?? 0) + 1);
    this.#busy += this.sectorTime;
    return undefined;
  }

  write(at: number, bytes: Uint8Array): FlashTrouble | undefined {
    if (!this.#powered) return 'power';
    if (at < 0 || at + bytes.length > this.size) return 'write';
    const count = Math.min(bytes.length, this.#bytesUntilPowerLoss);
    for (let done = 0; done < count; ) {
      const inSector = (at + done) % sectorBytes;
      const part = bytes.subarray(done, Math.min(count, done + sectorBytes - inSector));
      const sector = this.#own(Math.floor((at + done) / sectorBytes));
      for (let i = 0; i < part.length; i++) sector[inSector + i]! &= part[i]!;
      done += part.length;
    }
    this.#bytesUntilPowerLoss -= count;
    if (count === bytes.length) return undefined;
    this.#powered = false;
    return 'power';
  }

  #poke(at: number, bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) {
      const inSector = (at + done) % sectorBytes;
      const part = bytes.subarray(done, done + sectorBytes - inSector);
      this.#own(Math.floor((at + done) / sectorBytes)).set(part, inSector);
      done += part.length;
    }
  }

  /** The sector's bytes, ours to change. */
  #own(index: number): Uint8Array {
    const sector = this.#sectors.get(index);
    if (sector && !sector.lent) return sector.bytes;
    const bytes = sector ? sector.bytes.slice() : new Uint8Array(sectorBytes).fill(0xff);
    this.#sectors.set(index, { bytes, lent: false });
    return bytes;
  }
}
