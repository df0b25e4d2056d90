/** SLIP (RFC 1055): packets on a serial line, each between two END bytes. */

const END = 0xc0;
const ESC = 0xdb;
const ESC_END = 0xdc;
const ESC_ESC = 0xdd;

/** One packet as it travels. */
export function slip(packet: Uint8Array): Uint8Array {
  let escapes = 0;
  for (const byte of packet) if (byte === END || byte === ESC) escapes++;
  const out = new Uint8Array(packet.length + escapes + 2);
  let at = 0;
  out[at++] = END;
  for (const byte of packet) {
    if (byte === END || byte === ESC) {
      out[at++] = ESC;
      out[at++] = byte === END ? ESC_END : ESC_ESC;
    } else out[at++] = byte;
  }
  out[at] = END;
  return out;
}

/** More than any packet of either side has: a block of 16 KiB and its header. */
const longest = 0x8000;

/** Takes bytes as they come and gives the packets that became whole. Bytes between packets (a boot log) are passed over, a
 *  packet with a wrong escape or without an end is dropped. */
export class SlipReader {
  #packet: number[] | undefined;
  #escaping = false;

  take(bytes: Uint8Array): readonly Uint8Array[] {
    const whole: Uint8Array[] = [];
    for (const byte of bytes) {
      if (byte === END) {
        if (this.#packet?.length && !this.#escaping) {
          whole.push(Uint8Array.from(this.#packet));
          this.#packet = undefined;
        } else this.#packet = [];
        this.#escaping = false;
      } else if (this.#packet) this.#inside(byte);
    }
    return whole;
  }

  /** Forgets a packet that has begun. */
  clear(): void {
    this.#packet = undefined;
    this.#escaping = false;
  }

  #inside(byte: number): void {
    const packet = this.#packet!;
    if (this.#escaping) {
      this.#escaping = false;
      if (byte === ESC_END) packet.push(END);
      else if (byte === ESC_ESC) packet.push(ESC);
      else this.#packet = undefined;
    } else if (byte === ESC) this.#escaping = true;
    else packet.push(byte);
    if (packet.length > longest) this.#packet = undefined;
  }
}
