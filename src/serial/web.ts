/** A port that the browser was given (Web Serial) as one of ours. */
import type { SerialPort, SerialPortInfo, SerialPorts, SerialTrouble } from '#machine/index.ts';

/** What is needed of Web Serial's SerialPort. */
export interface WebSerialPort {
  readonly readable: WebReadable | null;
  readonly writable: WebWritable | null;
  getInfo(): { readonly usbVendorId?: number; readonly usbProductId?: number };
  open(options: { readonly baudRate: number; readonly bufferSize?: number }): Promise<void>;
  close(): Promise<void>;
  setSignals(signals: { readonly dataTerminalReady?: boolean; readonly requestToSend?: boolean }): Promise<void>;
}

interface WebReadable {
  getReader(): WebReader;
}
interface WebReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
  releaseLock(): void;
}
interface WebWritable {
  getWriter(): { write(bytes: Uint8Array): Promise<void>; releaseLock(): void };
}

type Listener = Parameters<SerialPorts['open']>[2];

/** Room for what comes while the page is busy, bytes. */
const bufferSize = 16 * 1024;

export function webPorts(port: WebSerialPort): { readonly ports: SerialPorts; readonly info: SerialPortInfo } {
  const { usbVendorId, usbProductId } = port.getInfo();
  const info: SerialPortInfo = {
    path: 'the chosen port',
    ...(usbVendorId === undefined ? {} : { vendor: hex(usbVendorId) }),
    ...(usbProductId === undefined ? {} : { product: hex(usbProductId) }),
  };
  return { info, ports: { list: async () => [info], open: (_path, baud, on) => open(port, baud, on) } };
}

const hex = (id: number): string => id.toString(16).padStart(4, '0');

async function open(port: WebSerialPort, baud: number, on: Listener): Promise<SerialPort | SerialTrouble> {
  try {
    await port.open({ baudRate: baud, bufferSize });
    await port.setSignals({ dataTerminalReady: false, requestToSend: false });
  } catch (error) {
    return troubleOf(error);
  }
  let reading = read(port, on);
  let over = false;
  const stop = async (): Promise<void> => {
    reading.stop();
    await reading.ended;
    await port.close();
  };
  return {
    path: 'the chosen port',
    async write(bytes) {
      const writer = port.writable?.getWriter();
      if (!writer) return;
      try {
        await writer.write(bytes);
      } catch {
        // The reader says why it is gone.
      } finally {
        writer.releaseLock();
      }
    },
    async lines({ dtr, rts }) {
      await port.setSignals({
        ...(dtr === undefined ? {} : { dataTerminalReady: dtr }),
        ...(rts === undefined ? {} : { requestToSend: rts }),
      });
    },
    // Web Serial has no other way to change the speed.
    async speed(next) {
      await stop();
      await port.open({ baudRate: next, bufferSize });
      await port.setSignals({ dataTerminalReady: false, requestToSend: false });
      reading = read(port, on);
    },
    async close() {
      if (over) return;
      over = true;
      await stop().catch(() => {});
      on.closed();
    },
  };
}

/** Passes on what comes, until it is stopped or the port is gone. */
function read(port: WebSerialPort, on: Listener): { stop(): void; readonly ended: Promise<void> } {
  let stopped = false;
  let reader: WebReader | undefined;
  const ended = (async () => {
    // A framing error or an overrun ends one stream; the port gives another.
    for (;;) {
      if (stopped) return;
      if (!port.readable) break;
      reader = port.readable.getReader();
      try {
        for (;;) {
          const { done, value } = await reader.read();
          if (done) break;
          if (value?.length) on.data(value);
        }
        if (stopped) return;
        break;
      } catch {
        // Whether it is gone is seen at `readable`.
      } finally {
        reader.releaseLock();
      }
    }
    on.closed('the device has been lost');
  })();
  return {
    ended,
    stop() {
      stopped = true;
      reader?.cancel().catch(() => {});
    },
  };
}

function troubleOf(error: unknown): SerialTrouble {
  const detail = error instanceof Error ? error.message : String(error);
  const name = error instanceof Error ? error.name : '';
  // Chrome says NetworkError for a port that another program holds, InvalidStateError for one that this page holds.
  if (name === 'NetworkError' || name === 'InvalidStateError') return { trouble: 'busy', detail };
  return { trouble: name === 'SecurityError' ? 'denied' : 'other', detail };
}
