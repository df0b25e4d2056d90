import { md5 } from '@noble/hashes/legacy.js';
import { atLeast, type Core, type Layout } from '#firmware/index.ts';
import type { Command, DeviceError } from '#protocols/espota/events.ts';
import { readU32, sectorBytes, sectors, toHex } from '#values/index.ts';
import type { Flash } from '../flash.ts';
import { applicationAt, walkImage } from '../image.ts';
import { failed, type Outcome, type Updater } from './updater.ts';

/** What eboot finds in the RTC memory after a restart. The memory survives a reset, not a loss of power. */
export interface EbootCommand {
  readonly from: number;
  readonly length: number;
}

export interface Esp8266Parts {
  readonly flash: Flash;
  readonly rtc: { command: EbootCommand | undefined };
  /** What is compiled into the running sketch. */
  readonly core: Core;
  readonly layout: Pick<Layout, 'fsStart' | 'fsBytes' | 'updateEnd'>;
  readonly verifiesSignature: boolean;
  /** The strap latch still says "serial download". */
  readonly bootstrapping: () => boolean;
  readonly heapExhausted: boolean;
}

/** RSA-2048: signature and its length word. */
const signatureBytes = 256;
const sizesByNibble = [0x80000, 0x40000, 0x100000, 0x200000, 0x400000, 0, 0, 0, 0x800000, 0x1000000];
const oldSizesByNibble = [0x80000, 0x40000, 0x100000, 0x200000, 0x400000, 0x800000, 0x1000000, 0x2000000];

/** UpdaterClass of esp8266/Arduino 2.0.0 to 3.1.2 (cores/esp8266/Updater.cpp at each tag), mistakes included. */
export class Esp8266Updater implements Updater {
  readonly #parts: Esp8266Parts;
  #command: Command = 'sketch';
  /** 0: no update is running. */
  #size = 0;
  #start = 0;
  #at = 0;
  #target = '';
  #hash = md5.create();
  #buffer = new Uint8Array(sectorBytes);
  #buffered = 0;
  #error: DeviceError | undefined;
  #tail = new Uint8Array(0);

  constructor(parts: Esp8266Parts) {
    this.#parts = parts;
  }

  begin(command: Command, size: number, target: string): Outcome {
    const { core, layout, flash } = this.#parts;
    if (this.#size > 0) return failed('no-detail');
    this.#error = undefined;
    if (this.#since('2.4.0') && this.#parts.bootstrapping()) return this.#fail(failed('bootstrap'));
    if (size === 0) return this.#fail(failed('bad-size'));
    const declared = this.#flashSize(flash.read(3, 1)[0]! >> 4);
    if (this.#since('2.1.0') && declared > flash.size)
      return this.#fail(failed('flash-config', { real: flash.size, ide: declared }));
    const rounded = sectors(size) * sectorBytes;
    if (command === 'sketch') {
      const running = sectors(sketchSize(flash, core)) * sectorBytes;
      const room = layout.updateEnd - rounded;
      // The subtraction is unsigned: up to 2.4.1 a size beyond the whole area wraps and passes.
      const start = room < 0 ? (this.#since('2.4.2') ? 0 : room >>> 0) : room;
      if (start < running) return this.#fail(failed('not-enough-space'));
      this.#start = start;
    } else {
      if (this.#since('2.6.0') && rounded > layout.fsBytes) return this.#fail(failed('not-enough-space'));
      this.#start = layout.fsStart;
    }
    if (this.#since('3.1.0') && this.#parts.heapExhausted) return this.#fail(failed('out-of-memory'));
    this.#command = command;
    this.#size = size;
    this.#at = this.#start;
    this.#target = target;
    this.#hash = md5.create();
    this.#buffered = 0;
    this.#tail = new Uint8Array(0);
    return undefined;
  }

  write(bytes: Uint8Array): Outcome {
    if (this.#error) return this.#error;
    if (this.#size === 0) return failed('no-detail');
    const left = this.#size - (this.#at - this.#start) - this.#buffered;
    for (let rest = bytes.subarray(0, left); rest.length > 0; ) {
      const part = rest.subarray(0, sectorBytes - this.#buffered);
      this.#buffer.set(part, this.#buffered);
      this.#buffered += part.length;
      rest = rest.subarray(part.length);
      const complete = this.#at - this.#start + this.#buffered === this.#size;
      if ((this.#buffered === sectorBytes || complete) && !this.#flush()) return this.#error;
    }
    return undefined;
  }

  finish(): Outcome {
    if (this.#size === 0) return this.#error ?? failed('no-detail');
    const stored = this.#at - this.#start;
    if (!this.#error && stored === 0 && this.#since('3.0.0')) this.#error = failed('no-data');
    if (this.#error || stored < this.#size) return this.#stop(this.#error ?? failed('no-detail'));
    const wrong = this.#parts.verifiesSignature ? this.#checkSignature() : this.#checkMd5();
    if (wrong) {
      // 2.0.0 forgets to end the update here: until a restart every begin() finds one running.
      return wrong.kind === 'md5' && !this.#since('2.1.0') ? wrong : this.#stop(wrong);
    }
    if (this.#command === 'sketch') {
      const refused = this.#since('2.1.0') ? this.#checkStored() : undefined;
      if (refused) return this.#stop(refused);
      const trailer = this.#parts.verifiesSignature && this.#since('3.0.0') ? signatureBytes + 4 : 0;
      this.#parts.rtc.command = { from: this.#start, length: this.#size - trailer };
    }
    this.#size = 0;
    return undefined;
  }

  /** Writes what is buffered into the next sector, erased first. */
  #flush(): boolean {
    const { flash } = this.#parts;
    const bytes = this.#buffer.slice(0, this.#buffered);
    this.#hash.update(bytes);
    this.#tail = this.#lastBytes(bytes);
    if (this.#at === this.#start) this.#patchFlashMode(bytes);
    if (flash.erase(this.#at)) return this.#broken(failed(this.#since('2.4.1') ? 'flash-erase' : 'flash-write'));
    if (flash.write(this.#at, bytes)) return this.#broken(failed('flash-write'));
    this.#at += bytes.length;
    this.#buffered = 0;
    return true;
  }

  /** From 2.4.2 on a raw image gets the flash mode that the board runs with; up to 2.6.2 a file system suffered it too. */
  #patchFlashMode(bytes: Uint8Array): void {
    const gzip = this.#since('2.7.0') && bytes[0] === 0x1f;
    const meant = this.#command === 'sketch' ? !gzip : !this.#since('2.6.3');
    if (this.#since('2.4.2') && meant && bytes.length > 2) bytes[2] = this.#parts.flash.read(2, 1)[0]!;
  }

  #checkMd5(): DeviceError | undefined {
    const calculated = toHex(this.#hash.digest());
    const expected = this.#since('2.5.0') ? this.#target.toLowerCase() : this.#target;
    return expected === '' || expected === calculated ? undefined : failed('md5', { expected, calculated });
  }

  /** Only whether a signature is there: keys are not simulated. */
  #checkSignature(): DeviceError | undefined {
    const length = this.#tail.length < 4 ? 0 : readU32(this.#tail, this.#tail.length - 4);
    return length === signatureBytes && this.#size > signatureBytes + 4 ? undefined : failed('signature');
  }

  #checkStored(): DeviceError | undefined {
    const [first, second, , sizes = 0] = this.#parts.flash.read(this.#start, 4);
    if (this.#since('2.7.0') && first === 0x1f && second === 0x8b) return undefined;
    if (first !== 0xe9) return failed('magic');
    const real = this.#parts.flash.size;
    return this.#flashSize(sizes >> 4) > real ? failed('new-flash-config', { real }) : undefined;
  }

  #lastBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
    const both = new Uint8Array(this.#tail.length + bytes.length);
    both.set(this.#tail);
    both.set(bytes, this.#tail.length);
    return both.slice(-4);
  }

  #broken(error: DeviceError): false {
    this.#error = error;
    if (this.#since('2.6.0')) this.#size = 0;
    return false;
  }

  #fail(error: DeviceError): DeviceError {
    this.#error = error;
    return error;
  }

  #stop(error: DeviceError): DeviceError {
    this.#size = 0;
    return error;
  }

  #flashSize(nibble: number): number {
    return (this.#since('2.4.0') ? sizesByNibble : oldSizesByNibble)[nibble] ?? 0;
  }

  #since(core: Core): boolean {
    return atLeast(this.#parts.core, core);
  }
}

/** ESP.getSketchSize(): up to 2.2.0 it left out the padding and the checksum. */
function sketchSize(flash: Flash, core: Core): number {
  const image = walkImage(flash, applicationAt, 'esp8266');
  if (!image) return 0;
  return atLeast(core, '2.3.0') ? image.end : image.dataEnd;
}
