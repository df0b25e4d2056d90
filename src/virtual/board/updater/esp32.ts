import { md5 } from '@noble/hashes/legacy.js';
import { atLeast, type Core, type Partition, type Scheme } from '#firmware/index.ts';
import type { Command, DeviceError } from '#protocols/espota/events.ts';
import { sectorBytes, toHex } from '#values/index.ts';
import { verifiesOnEsp32 } from '../esp32-image.ts';
import type { Flash } from '../flash.ts';
import { choose, nextSlot } from '../otadata.ts';
import { failed, type Outcome, type Updater } from './updater.ts';

export interface Esp32Parts {
  readonly flash: Flash;
  readonly core: Core;
  readonly chipId: number;
  readonly scheme: Scheme;
  readonly running: () => Partition | undefined;
}

/** Held back and written last, so that a broken transfer leaves nothing that looks like an image. */
const heldBack = 16;

/** UpdateClass of arduino-esp32 1.0 to 3.3 (libraries/Update/src/Updater.cpp). */
export class Esp32Updater implements Updater {
  readonly #parts: Esp32Parts;
  #command: Command = 'sketch';
  #partition: Partition | undefined;
  #size = 0;
  #progress = 0;
  #target = '';
  #hash = md5.create();
  #head = new Uint8Array(0);
  #buffer = new Uint8Array(sectorBytes);
  #buffered = 0;
  #error: DeviceError | undefined;

  constructor(parts: Esp32Parts) {
    this.#parts = parts;
  }

  begin(command: Command, size: number, target: string): Outcome {
    if (this.#size > 0) return failed('no-detail');
    this.#error = undefined;
    if (size === 0) return this.#abort(failed('bad-size'));
    const { scheme } = this.#parts;
    this.#partition = command === 'sketch' ? nextSlot(scheme, this.#parts.running()) : scheme.fileSystem;
    if (!this.#partition) return this.#abort(failed('no-partition'));
    if (size > this.#partition.bytes) return this.#abort(failed('bad-size'));
    this.#command = command;
    this.#size = size;
    this.#progress = 0;
    this.#buffered = 0;
    this.#hash = md5.create();
    this.#target = target;
    return undefined;
  }

  write(bytes: Uint8Array): Outcome {
    if (this.#error) return this.#error;
    if (this.#size === 0) return failed('no-detail');
    if (bytes.length > this.#size - this.#progress - this.#buffered) return this.#abort(failed('not-enough-space'));
    for (let rest = bytes; rest.length > 0; ) {
      const part = rest.subarray(0, sectorBytes - this.#buffered);
      this.#buffer.set(part, this.#buffered);
      this.#buffered += part.length;
      rest = rest.subarray(part.length);
      if (this.#buffered === sectorBytes || this.#progress + this.#buffered === this.#size) {
        const outcome = this.#flush();
        if (outcome) return outcome;
      }
    }
    return undefined;
  }

  finish(): Outcome {
    if (this.#error) return this.#error;
    if (this.#size === 0) return failed('no-detail');
    if (this.#progress < this.#size) return this.#abort(failed('aborted'));
    const calculated = toHex(this.#hash.digest());
    const expected = this.#since('2.0.0') ? this.#target.toLowerCase() : this.#target;
    if (expected !== '' && expected !== calculated) return this.#abort(failed('md5'));
    if (this.#command === 'sketch' && !this.#activate()) return this.#abort(failed('could-not-activate'));
    this.#size = 0;
    return undefined;
  }

  #flush(): Outcome {
    const { flash, running } = this.#parts;
    const partition = this.#partition!;
    const first = this.#progress === 0;
    const bytes = this.#buffer.slice(0, this.#buffered);
    this.#hash.update(bytes);
    const held = first && this.#command === 'sketch' ? Math.min(heldBack, bytes.length) : 0;
    if (first && this.#command === 'sketch') {
      // From 3.0 on, what is no plain image is taken for an encrypted one, and there is no key.
      if (bytes[0] !== 0xe9) return this.#abort(failed(this.#since('3.0.0') ? 'decrypt' : 'magic'));
      // With a single slot the running program itself would be erased: the flash driver aborts.
      if (partition.offset === running()?.offset) return 'crash';
      this.#head = bytes.slice(0, held);
    }
    const at = partition.offset + this.#progress;
    if (flash.erase(at)) return this.#abort(failed('flash-erase'));
    if (flash.write(at + held, bytes.subarray(held))) return this.#abort(failed('flash-write'));
    this.#progress += bytes.length;
    this.#buffered = 0;
    return undefined;
  }

  /** Completes the image, verifies it and makes its slot the next to start. */
  #activate(): boolean {
    const { flash, chipId, scheme } = this.#parts;
    const slot = this.#partition!;
    if (flash.write(slot.offset, this.#head)) return false;
    return verifiesOnEsp32(flash, slot, chipId) !== undefined && choose(flash, scheme, slot);
  }

  #abort(error: DeviceError): DeviceError {
    this.#error = error;
    this.#size = 0;
    return error;
  }

  #since(core: Core): boolean {
    return atLeast(this.#parts.core, core);
  }
}
