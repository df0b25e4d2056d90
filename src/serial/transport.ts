import { TimeoutError } from 'esptool-js';
import type { Clock, SerialPort, SerialPortInfo, SerialPorts, SerialTrouble, Timer } from '#machine/index.ts';
import { SlipReader, slip } from '#protocols/esploader/index.ts';
import { concat, millis } from '#values/index.ts';

/** A port of this computer, to be opened as often as it takes. */
export interface Cable {
  readonly ports: Pick<SerialPorts, 'open'>;
  readonly info: SerialPortInfo;
  readonly clock: Clock;
}

interface Waiting {
  readonly timer: Timer;
  take(packet: Uint8Array): void;
  fail(why: Error): void;
}

/** Enough to find a line of the boot log in. */
const recentBytes = 512;
const longestQuiet = millis(400);
const quiet = millis(30);

/** What esptool-js talks through, in place of its own Transport, which polls every millisecond, copies a packet once for
 *  each of its bytes, and notices a pulled cable only by a timeout. */
export class CableTransport {
  /** esptool-js asks for these two. */
  readonly tracing = false;
  baudrate = 0;
  /** Why the port could not be opened. */
  trouble: SerialTrouble | undefined;
  /** Why the cable is no more; the system's own words. */
  lost: string | undefined;
  readonly #cable: Cable;
  readonly #signal: AbortSignal | undefined;
  readonly #slip = new SlipReader();
  readonly #packets: Uint8Array[] = [];
  #port: SerialPort | undefined;
  #recent: Uint8Array = new Uint8Array();
  #waiting: Waiting | undefined;

  constructor(cable: Cable, signal?: AbortSignal) {
    this.#cable = cable;
    this.#signal = signal;
    signal?.addEventListener('abort', () => this.#over(), { once: true });
  }

  getVid(): number | undefined {
    return hex(this.#cable.info.vendor);
  }

  getPid(): number | undefined {
    return hex(this.#cable.info.product);
  }

  getInfo(): string {
    return this.#cable.info.path;
  }

  async connect(baud: number): Promise<void> {
    this.#check();
    const port = await this.#cable.ports.open(this.#cable.info.path, baud, {
      data: (bytes) => this.#take(bytes),
      closed: (why) => {
        if (why === undefined) return;
        this.lost = why;
        this.#over();
      },
    });
    if ('trouble' in port) {
      this.trouble = port;
      throw new Error(port.detail);
    }
    this.#port = port;
    this.baudrate = baud;
  }

  /** Bytes come by themselves. */
  readLoop(): void {}

  async write(packet: Uint8Array): Promise<void> {
    this.#check();
    await this.#port?.write(slip(packet));
  }

  /** The next packet. */
  read(timeout: number): Promise<Uint8Array> {
    const ready = this.#packets.shift();
    if (ready) return Promise.resolve(ready);
    return new Promise((resolve, reject) => {
      if (this.#gone) {
        reject(new Error(this.#gone));
        return;
      }
      const timer = this.#cable.clock.after(millis(timeout), 'answer of the boot loader', () => {
        this.#waiting = undefined;
        reject(new TimeoutError('no answer of the boot loader'));
      });
      this.#waiting = {
        timer,
        take: resolve,
        fail: reject,
      };
    });
  }

  flushInput(): void {
    this.#packets.length = 0;
    this.#recent = new Uint8Array();
    this.#slip.clear();
  }

  /** What came since the last flush, its end. */
  peek(): Uint8Array {
    return this.#recent;
  }

  inWaiting(): number {
    return this.#recent.length;
  }

  /** Waits until nothing more comes, and forgets what came. */
  async drainInput(): Promise<void> {
    const { clock } = this.#cable;
    const until = clock.now() + longestQuiet;
    do {
      this.flushInput();
      await clock.sleep(quiet, 'quiet on the serial line', this.#signal);
    } while (this.#recent.length > 0 && clock.now() < until);
    this.flushInput();
  }

  async changeBaudrate(baud: number): Promise<boolean> {
    await this.#port?.speed(baud);
    this.baudrate = baud;
    return false;
  }

  async setDTR(dtr: boolean): Promise<void> {
    await this.#port?.lines({ dtr });
  }

  async setRTS(rts: boolean): Promise<void> {
    await this.#port?.lines({ rts });
  }

  async setSignals(dtr: boolean, rts: boolean): Promise<void> {
    await this.#port?.lines({ dtr, rts });
  }

  async disconnect(): Promise<void> {
    const port = this.#port;
    this.#port = undefined;
    await port?.close();
  }

  trace(): void {}

  get #gone(): string | undefined {
    return this.#signal?.aborted ? 'interrupted' : this.lost;
  }

  #check(): void {
    if (this.#gone) throw new Error(this.#gone);
  }

  #take(bytes: Uint8Array): void {
    this.#recent = concat(this.#recent, bytes).subarray(-recentBytes);
    this.#packets.push(...this.#slip.take(bytes));
    if (!this.#waiting) return;
    const packet = this.#packets.shift();
    if (packet) this.#settle().take(packet);
  }

  #over(): void {
    if (this.#waiting) this.#settle().fail(new Error(this.#gone));
  }

  #settle(): Waiting {
    const waiting = this.#waiting!;
    this.#waiting = undefined;
    waiting.timer.cancel();
    return waiting;
  }
}

const hex = (digits: string | undefined): number | undefined =>
  digits === undefined ? undefined : Number.parseInt(digits, 16);
