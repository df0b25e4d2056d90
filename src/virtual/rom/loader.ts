/** The boot loader in a chip's ROM, and the stub that flashers upload into its RAM: SLIP frames in, SLIP frames out
 *  (espressif/esptool docs/en/advanced-topics/serial-protocol.rst @ v5.3.1). */
import type { Chip } from '#firmware/index.ts';
import type { Clock } from '#machine/index.ts';
import { answer, checksum, op, parseRequest, type Request, SlipReader, slip } from '#protocols/esploader/index.ts';
import { ascii, concat, type Millis, md5, md5Hex, readU32, sectorBytes, writeU32 } from '#values/index.ts';
import type { Flash } from '../board/flash.ts';
import { type RomChip, romChips } from './chips.ts';
import { Writing } from './writing.ts';

export interface LoaderParts {
  readonly chip: Chip;
  /** Six bytes. */
  readonly mac: Uint8Array;
  readonly flash: Flash;
  readonly clock: Clock;
  send(bytes: Uint8Array): void;
  /** The line is to run at another speed from here on. */
  speed(baud: number): void;
  /** The program in flash is to run, without any pin being touched. */
  run(): void;
}

const magicAt = 0x40001000;
/** "Execute a command" in the command register, and the command that asks a flash chip who it is. */
const spiUser = 1 << 18;
const readId = 0x9f;
/** Maker of the flash chip: Winbond, serial NOR. */
const maker = 0x40ef;
const invalid = 0x05;
const failed = 0xc4;
const badData = 0xc1;

type Commands = Readonly<Record<number, (request: Request) => void>>;

export class RomLoader {
  readonly #parts: LoaderParts;
  readonly #rom: RomChip;
  readonly #slip = new SlipReader();
  readonly #registers = new Map<number, number>();
  #stub = false;
  /** Bytes that came into RAM. */
  #loaded = 0;
  #writing: Writing | undefined;
  #reading: { at: number; left: number; block: number; sent: Uint8Array[] } | undefined;
  /** Until when the flash is busy with what was taken. */
  #busyUntil: Millis = 0;
  #off = false;

  constructor(parts: LoaderParts) {
    this.#parts = parts;
    const rom = romChips[parts.chip];
    if (!rom) throw new RangeError(`no virtual boot loader for ${parts.chip}`);
    this.#rom = rom;
    this.#registers.set(magicAt, rom.magic);
    for (const [at, value] of rom.mac(parts.mac)) this.#registers.set(at, value);
  }

  /** The stub runs. */
  get stub(): boolean {
    return this.#stub;
  }

  take(bytes: Uint8Array): void {
    for (const packet of this.#slip.take(bytes)) {
      if (this.#off) return;
      if (this.#reading) this.#acknowledged(packet);
      else {
        const request = parseRequest(packet);
        if (request) this.#carryOut(request);
      }
    }
  }

  /** A reset: nothing that still waits is answered. */
  end(): void {
    this.#off = true;
  }

  #carryOut(request: Request): void {
    const carryOut = this.#commands[request.op] ?? (this.#stub ? this.#ofTheStub[request.op] : undefined);
    if (carryOut) carryOut(request);
    else this.#unknown();
  }

  readonly #commands: Commands = {
    [op.sync]: () => {
      // The ROM says it eight times, with any number but 0, by which the stub is known.
      for (let i = 0; i < 8; i++) this.#reply(op.sync, { value: this.#stub ? 0 : 0x20120707 });
    },
    [op.readRegister]: ({ data }) =>
      this.#reply(op.readRegister, { value: this.#registers.get(readU32(data, 0)) ?? 0 }),
    [op.writeRegister]: ({ data }) => {
      this.#setRegister(readU32(data, 0), readU32(data, 4));
      this.#reply(op.writeRegister);
    },
    [op.securityInfo]: () => this.#securityInfo(),
    [op.memBegin]: () => this.#reply(op.memBegin),
    [op.memData]: (request) => this.#memData(request),
    [op.memEnd]: ({ data }) => this.#memEnd(readU32(data, 0) === 0),
    [op.spiAttach]: () => this.#reply(op.spiAttach),
    [op.changeSpeed]: ({ data }) => {
      this.#reply(op.changeSpeed);
      this.#parts.speed(readU32(data, 0));
    },
    [op.flashBegin]: (request) => this.#flashBegin(request),
    [op.deflateBegin]: (request) => this.#flashBegin(request),
    [op.flashData]: (request) => this.#flashData(request),
    [op.deflateData]: (request) => this.#flashData(request),
    [op.flashEnd]: (request) => this.#flashEnd(request),
    [op.deflateEnd]: (request) => this.#flashEnd(request),
    [op.flashMd5]: ({ data }) => this.#flashMd5(readU32(data, 0), readU32(data, 4)),
  };

  readonly #ofTheStub: Commands = {
    [op.eraseFlash]: () => this.#erase(op.eraseFlash, 0, this.#parts.flash.size),
    [op.eraseRegion]: ({ data }) => this.#erase(op.eraseRegion, readU32(data, 0), readU32(data, 4)),
    [op.readFlash]: ({ data }) => {
      this.#reply(op.readFlash);
      this.#reading = { at: readU32(data, 0), left: readU32(data, 4), block: readU32(data, 8), sent: [] };
      this.#sendBlock();
    },
    [op.runUserCode]: () => this.#parts.run(),
  };

  /** The ROM's words for a command that it does not know. */
  #unknown(): void {
    for (let i = 0; i < 8; i++) this.#reply(0, { failed: invalid });
  }

  #securityInfo(): void {
    const { id } = this.#rom;
    if (id === undefined) {
      this.#unknown();
      return;
    }
    const data = new Uint8Array(20);
    writeU32(data, 12, id);
    this.#reply(op.securityInfo, { data });
  }

  #setRegister(at: number, value: number): void {
    const { base, usr2, w0 } = this.#rom.spi;
    if (at !== base) this.#registers.set(at, value);
    else if (value & spiUser && ((this.#registers.get(base + usr2) ?? 0) & 0xff) === readId)
      this.#registers.set(base + w0, (Math.log2(this.#parts.flash.size) << 16) | maker);
  }

  #memData({ data, check }: Request): void {
    const bytes = data.subarray(16);
    const good = readU32(data, 0) === bytes.length && checksum(bytes) === check;
    if (good) this.#loaded += bytes.length;
    this.#reply(op.memData, { failed: good ? 0 : badData });
  }

  #memEnd(starts: boolean): void {
    this.#reply(op.memEnd);
    if (!starts || this.#loaded === 0) return;
    this.#stub = true;
    this.#send(ascii('OHAI'));
  }

  #flashBegin({ op: asked, data }: Request): void {
    const [bytes, at] = [readU32(data, 0), readU32(data, 12)];
    this.#writing = new Writing(this.#parts.flash, at, bytes, asked === op.deflateBegin);
    this.#reply(asked, { failed: this.#writing.possible ? 0 : failed });
  }

  #flashData({ op: asked, data, check }: Request): void {
    const bytes = data.subarray(16);
    const good = readU32(data, 0) === bytes.length && checksum(bytes) === check;
    const reply = (): void => this.#reply(asked, { failed: good && taken ? 0 : good ? failed : badData });
    // The stub answers when it has the block, and writes while the next one comes; the ROM writes first.
    let taken = true;
    const write = (): void => {
      taken = good && (this.#writing?.take(readU32(data, 4), bytes) ?? false);
      const { flash, clock } = this.#parts;
      this.#busyUntil = Math.max(this.#busyUntil, clock.now()) + flash.takeTime();
    };
    this.#whenIdle(() => {
      write();
      if (this.#stub) reply();
      else this.#whenIdle(reply);
    });
  }

  #flashEnd({ op: asked, data }: Request): void {
    this.#whenIdle(() => {
      const writing = this.#writing;
      this.#writing = undefined;
      this.#reply(asked, { failed: !writing || writing.whole || writing.empty ? 0 : failed });
      if (readU32(data, 0) === 0) this.#parts.run();
    });
  }

  #flashMd5(at: number, bytes: number): void {
    this.#whenIdle(() => {
      const content = this.#parts.flash.read(at, bytes);
      this.#reply(op.flashMd5, { data: this.#stub ? md5(content) : ascii(md5Hex(content)) });
    });
  }

  #erase(asked: number, from: number, bytes: number): void {
    const { flash, clock } = this.#parts;
    let good = true;
    for (let at = from; at < from + bytes; at += sectorBytes) good &&= flash.erase(at) === undefined;
    this.#busyUntil = Math.max(this.#busyUntil, clock.now()) + flash.takeTime();
    this.#whenIdle(() => this.#reply(asked, { failed: good ? 0 : failed }));
  }

  #sendBlock(): void {
    const reading = this.#reading!;
    if (reading.left === 0) {
      this.#reading = undefined;
      this.#send(md5(concat(...reading.sent)));
      return;
    }
    const bytes = this.#parts.flash.read(reading.at, Math.min(reading.block, reading.left));
    if (bytes.length === 0) {
      this.#reading = undefined;
      return;
    }
    reading.sent.push(bytes);
    reading.at += bytes.length;
    reading.left -= bytes.length;
    this.#send(bytes);
  }

  /** The flasher says how many bytes it has. */
  #acknowledged(packet: Uint8Array): void {
    const has = this.#reading!.sent.reduce((sum, bytes) => sum + bytes.length, 0);
    if (packet.length === 4 && readU32(packet, 0) === has) this.#sendBlock();
    else this.#reading = undefined;
  }

  #whenIdle(then: () => void): void {
    const { clock } = this.#parts;
    const wait = this.#busyUntil - clock.now();
    if (wait <= 0) then();
    else clock.after(wait, 'flash of the board on the cable', () => this.#off || then());
  }

  #reply(to: number, words: Parameters<typeof answer>[1] = {}): void {
    this.#send(answer(to, words));
  }

  #send(packet: Uint8Array): void {
    if (!this.#off) this.#parts.send(slip(packet));
  }
}
