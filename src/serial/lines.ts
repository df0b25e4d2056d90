/** Bytes of a serial line into lines of text. */

/** A line without an end is given up to here, bytes. */
const longestLine = 1024;

export class LineReader {
  #bytes: number[] = [];
  readonly #decoder = new TextDecoder();

  take(bytes: Uint8Array): readonly string[] {
    const lines: string[] = [];
    for (const byte of bytes) {
      if (byte === 0x0a || this.#bytes.length >= longestLine) this.#end(lines);
      if (byte !== 0x0a && byte !== 0x0d) this.#bytes.push(byte);
    }
    return lines;
  }

  /** What has come of a line that has not ended. */
  rest(): readonly string[] {
    const lines: string[] = [];
    if (this.#bytes.length > 0) this.#end(lines);
    return lines;
  }

  /** Forgets what has come of a line. */
  drop(): void {
    this.#bytes = [];
  }

  #end(lines: string[]): void {
    lines.push(this.#decoder.decode(Uint8Array.from(this.#bytes)).replace(/[\x00-\x08\x0b-\x1f\x7f]/g, '�'));
    this.#bytes = [];
  }
}
