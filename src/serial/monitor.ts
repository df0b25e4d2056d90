/** Listens to a board: lines as they end, at the speed that gives text; after a pulled cable it waits for the port. */
import type { SerialPort, SerialTrouble } from '#machine/index.ts';
import { millis } from '#values/index.ts';
import { LineReader } from './lines.ts';
import { SpeedFinder } from './speed.ts';
import type { Cable } from './transport.ts';

export interface MonitorEvents {
  line(text: string): void;
  /** It listens at another speed from here on. */
  speed?(baud: number): void;
  /** Bytes at another speed, passed over. */
  garbled?(bytes: number): void;
  /** The port is gone; it is waited for. */
  lost?(why: string): void;
  back?(): void;
}

export interface Monitor {
  readonly baud: number;
  /** Resets the board by RTS; the search for its speed begins with that of its ROM. */
  reset(romBaud: number): Promise<void>;
  close(): Promise<void>;
}

const retryEvery = millis(500);
/** A line that has not ended is given when nothing has come for so long: prompts have no end. */
const patience = millis(400);

/** `speed`: a fixed one, or where the search begins. */
export async function openMonitor(
  cable: Cable,
  { speed, automatic, signal }: { readonly speed: number; readonly automatic: boolean; readonly signal: AbortSignal },
  on: MonitorEvents,
): Promise<Monitor | SerialTrouble> {
  const { clock, info } = cable;
  const reader = new LineReader();
  const finder = new SpeedFinder(speed);
  let port: SerialPort | undefined;
  let closed = false;
  let waiting: { cancel(): void } | undefined;
  // Bytes that the system had taken before the speed changed are still of the old one.
  let stale = false;

  const data = (bytes: Uint8Array): void => {
    if (stale) return;
    const next = automatic ? finder.take(bytes) : undefined;
    if (next !== undefined) {
      on.garbled?.(bytes.length);
      reader.drop();
      void change(next);
      return;
    }
    for (const line of reader.take(bytes)) on.line(line);
    waiting?.cancel();
    waiting = clock.after(patience, 'the end of a line', () => {
      for (const line of reader.rest()) on.line(line);
    });
  };

  const change = async (baud: number): Promise<void> => {
    stale = true;
    await port?.speed(baud);
    stale = false;
    on.speed?.(baud);
  };

  const open = async (): Promise<SerialPort | SerialTrouble> => {
    const opened = await cable.ports.open(info.path, finder.baud, {
      data,
      closed: (why) => {
        port = undefined;
        if (why === undefined || closed) return;
        reader.drop();
        on.lost?.(why);
        void waitForIt();
      },
    });
    if (!('trouble' in opened)) port = opened;
    return opened;
  };

  const waitForIt = async (): Promise<void> => {
    while (!closed && !signal.aborted) {
      await clock.sleep(retryEvery, 'the port to come back', signal);
      if (closed || signal.aborted) return;
      if (!('trouble' in (await open()))) {
        on.back?.();
        return;
      }
    }
  };

  const first = await open();
  if ('trouble' in first) return first;
  return {
    get baud() {
      return finder.baud;
    },
    async reset(romBaud) {
      reader.drop();
      if (automatic) {
        finder.reset(romBaud);
        await change(romBaud);
      }
      await port?.lines({ dtr: false, rts: true });
      await clock.sleep(millis(100), 'a reset line', signal);
      await port?.lines({ dtr: false, rts: false });
    },
    async close() {
      closed = true;
      waiting?.cancel();
      for (const line of reader.rest()) on.line(line);
      await port?.close();
    },
  };
}
