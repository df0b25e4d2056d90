/** A serial port of this computer with a board behind it: control lines, speeds, a cable that can be pulled. */
import type { Clock, SerialPort, SerialPortInfo, SerialPorts, SerialTrouble } from '#machine/index.ts';
import { type Millis, millis } from '#values/index.ts';
import { RomLoader } from './loader.ts';
import type { WiredChip } from './wired.ts';

export interface LineOptions extends SerialPortInfo {
  /** DTR and RTS drive GPIO0 and EN through the usual two transistors (default), they do nothing, or the chip is its own
   *  USB device. */
  readonly reset?: 'automatic' | 'none' | 'native';
  /** A pseudo terminal: bytes have no speed, and take no time. */
  readonly speedless?: boolean;
  /** Above this the adapter garbles. */
  readonly fastest?: number;
  /** Opening it fails with this. */
  readonly trouble?: SerialTrouble;
}

type Listener = Parameters<SerialPorts['open']>[2];

/** EN rises slowly (a capacitor hangs on it), so GPIO0 is sampled a little later. */
const riseTime = millis(2);
/** A UART takes speeds that are so far off. */
const tolerance = 0.03;
const driverBytes = 64;

export class VirtualLine {
  readonly info: SerialPortInfo;
  readonly #options: LineOptions;
  readonly #chip: WiredChip;
  readonly #clock: Clock;
  #host: { on: Listener; baud: number } | undefined;
  #lines = { dtr: false, rts: false };
  /** The hand on the GPIO0 button, or the wire to ground. */
  #held = false;
  /** DTR was on since the last start: how a chip with its own USB is asked for its loader. */
  #asked = false;
  #loader: RomLoader | undefined;
  #baud: number;
  #plugged = true;
  #generation = 0;
  readonly #free = { toHost: 0 as Millis, toChip: 0 as Millis };

  constructor(chip: WiredChip, clock: Clock, options: LineOptions) {
    this.#options = options;
    this.#chip = chip;
    this.#clock = clock;
    this.#baud = chip.bootBaud;
    const { reset: _reset, speedless: _speedless, fastest: _fastest, trouble: _trouble, ...info } = options;
    this.info = info;
    chip.listen((text, baud) => this.#print(text, baud));
  }

  get plugged(): boolean {
    return this.#plugged;
  }

  /** The chip waits in its boot loader. */
  get inLoader(): boolean {
    return this.#loader !== undefined;
  }

  /** GPIO0 to ground, and free again. */
  holdGpio0(held = true): void {
    this.#held = held;
  }

  /** The reset button. */
  pressReset(): void {
    this.#start('pin');
  }

  /** Off and on; the adapter, which has its own supply, stays. */
  powerCycle(): void {
    this.#start('power');
  }

  /** The adapter is pulled out of the computer, and the board loses its power. */
  unplug(why = 'device disconnected'): void {
    this.#plugged = false;
    this.#generation++;
    this.#loader?.end();
    this.#loader = undefined;
    const host = this.#host;
    this.#host = undefined;
    host?.on.closed(why);
  }

  plug(): void {
    this.#plugged = true;
    this.#start('power');
  }

  async open(baud: number, on: Listener): Promise<SerialPort | SerialTrouble> {
    if (this.#options.trouble) return this.#options.trouble;
    if (!this.#plugged) return { trouble: 'missing', detail: 'ENOENT' };
    if (this.#host) return { trouble: 'busy', detail: 'EBUSY', holder: 'another program' };
    const host = { on, baud };
    this.#host = host;
    return {
      path: this.info.path,
      write: (bytes) => (this.#host === host ? this.#toChip(bytes) : Promise.resolve()),
      lines: async (set) => {
        if (this.#host === host) this.#set({ ...this.#lines, ...set });
      },
      speed: async (speed) => {
        host.baud = speed;
      },
      close: async () => {
        if (this.#host !== host) return;
        this.#host = undefined;
        on.closed();
      },
    };
  }

  #set(lines: { readonly dtr: boolean; readonly rts: boolean }): void {
    const before = this.#lines;
    this.#lines = lines;
    const { reset = 'automatic' } = this.#options;
    if (reset === 'none') return;
    this.#asked ||= lines.dtr;
    // Through the two transistors, equal levels do nothing.
    const down = ({ dtr, rts }: typeof lines): boolean => rts && (reset === 'native' || !dtr);
    if (!down(before) && down(lines)) this.#halt();
    if (down(before) && !down(lines)) this.#clock.after(riseTime, 'EN of the board on the cable', () => this.#rise());
  }

  #rise(): void {
    const { reset = 'automatic' } = this.#options;
    const { dtr, rts } = this.#lines;
    if (reset === 'automatic' && rts && !dtr) return;
    this.#start('pin', reset === 'native' ? this.#asked : dtr && !rts);
  }

  #halt(): void {
    this.#loader?.end();
    this.#loader = undefined;
    this.#generation++;
  }

  /** The chip samples its pins. */
  #start(cause: 'pin' | 'power', low = false): void {
    this.#halt();
    this.#asked = false;
    this.#baud = this.#chip.bootBaud;
    if (!low && !this.#held) {
      this.#chip.run(cause);
      return;
    }
    this.#loader = new RomLoader({
      ...this.#chip,
      clock: this.#clock,
      send: (bytes) => this.#toHost(bytes),
      speed: (baud) => {
        this.#baud = baud;
      },
      run: () => {
        this.#halt();
        this.#chip.run('loader');
      },
    });
    this.#chip.download();
  }

  #print(text: string, baud: number): void {
    this.#baud = baud;
    this.#toHost(new TextEncoder().encode(text));
  }

  #toHost(bytes: Uint8Array): void {
    const baud = this.#baud;
    const generation = this.#generation;
    // In parts, as a driver hands them over: the host may change its speed in the middle.
    for (let from = 0; from < bytes.length; from += driverBytes) {
      const part = bytes.slice(from, from + driverBytes);
      this.#afterLine('toHost', part.length, baud, () => {
        const host = this.#host;
        if (host && generation === this.#generation) host.on.data(this.#matches(host.baud, baud) ? part : noise(part));
      });
    }
  }

  #toChip(bytes: Uint8Array): Promise<void> {
    const { baud } = this.#host!;
    const generation = this.#generation;
    const copy = bytes.slice();
    return new Promise((resolve) => {
      this.#afterLine('toChip', copy.length, baud, () => {
        resolve();
        const loader = this.#loader;
        if (!loader || generation !== this.#generation) return;
        // The ROM measures the speed of what it is sent first.
        if (!loader.stub) this.#baud = baud;
        loader.take(this.#matches(baud, this.#baud) ? copy : noise(copy));
      });
    });
  }

  #matches(one: number, other: number): boolean {
    const { speedless, fastest = one } = this.#options;
    return speedless || (Math.abs(one - other) <= other * tolerance && one <= fastest);
  }

  /** Ten bits a byte, one after the other. */
  #afterLine(way: 'toHost' | 'toChip', bytes: number, baud: number, then: () => void): void {
    if (this.#options.speedless) {
      then();
      return;
    }
    const now = this.#clock.now();
    const at = Math.max(now, this.#free[way]) + (bytes * 10_000) / baud;
    this.#free[way] = at;
    this.#clock.after(at - now, 'bytes on the serial line', then);
  }
}

/** What a UART makes of bytes at another speed. */
const noise = (bytes: Uint8Array): Uint8Array => bytes.map((byte, i) => ((byte * 37 + i * 11) & 0x7f) | 0x80);

/** The serial ports of a computer that these lines lead to. */
export function virtualSerialPorts(lines: readonly VirtualLine[]): SerialPorts {
  return {
    list: async () => lines.filter(({ plugged }) => plugged).map(({ info }) => info),
    open: async (path, baud, on) =>
      lines.find(({ info }) => info.path === path)?.open(baud, on) ?? { trouble: 'missing', detail: 'ENOENT' },
  };
}
