/** A line in the shape of Web Serial's SerialPort: for pages under test, and for programs that know no other. */
import type { SerialPort } from '#machine/index.ts';
import type { VirtualLine } from './line.ts';

export class WebPort {
  readable: ReadableStream<Uint8Array> | null = null;
  writable: WritableStream<Uint8Array> | null = null;
  readonly #line: VirtualLine;
  #port: SerialPort | undefined;

  constructor(line: VirtualLine) {
    this.#line = line;
  }

  getInfo(): { usbVendorId?: number; usbProductId?: number } {
    const { vendor, product } = this.#line.info;
    return {
      ...(vendor === undefined ? {} : { usbVendorId: Number.parseInt(vendor, 16) }),
      ...(product === undefined ? {} : { usbProductId: Number.parseInt(product, 16) }),
    };
  }

  async open({ baudRate }: { readonly baudRate: number }): Promise<void> {
    let gone = false;
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const port = await this.#line.open(baudRate, {
      data: (bytes) => controller?.enqueue(bytes),
      closed: (why) => {
        if (gone) return;
        gone = true;
        this.readable = null;
        this.writable = null;
        if (why !== undefined) controller?.error(named('NetworkError', 'The device has been lost.'));
      },
    });
    if ('trouble' in port)
      throw named(port.trouble === 'busy' ? 'InvalidStateError' : 'NetworkError', 'Failed to open serial port.');
    this.#port = port;
    this.readable = new ReadableStream<Uint8Array>({
      start: (given) => {
        controller = given;
      },
      cancel: () => {
        controller = undefined;
      },
    });
    this.writable = new WritableStream<Uint8Array>({ write: (bytes) => port.write(bytes) });
  }

  async close(): Promise<void> {
    const port = this.#port;
    this.#port = undefined;
    this.readable = null;
    this.writable = null;
    await port?.close();
  }

  async setSignals(signals: { dataTerminalReady?: boolean; requestToSend?: boolean }): Promise<void> {
    const { dataTerminalReady: dtr, requestToSend: rts } = signals;
    await this.#port?.lines({ ...(dtr === undefined ? {} : { dtr }), ...(rts === undefined ? {} : { rts }) });
  }
}

function named(name: string, words: string): Error {
  const error = new Error(words);
  error.name = name;
  return error;
}
