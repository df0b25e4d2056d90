import { md5 } from '@noble/hashes/legacy.js';
import { atLeast, type Core } from '#firmware/index.ts';
import type { Command, DeviceError } from '#protocols/espota/events.ts';
import { concat, readU32, sectorBytes, sectors, toHex } from '#values/index.ts';
import type { Flash } from '../flash.ts';
import { failed, type Outcome, type Updater } from './updater.ts';

/** `firmware.bin` in LittleFS, by the flash blocks that hold it, and whether the command file that arms it is there. */
export interface Staging {
  blocks: readonly number[];
  bytes: number;
  armed: boolean;
}

export interface Rp2040Parts {
  readonly flash: Flash;
  readonly core: Core;
  /** Flash offsets of the file system; empty when the sketch was built without. */
  readonly fileSystem: { readonly from: number; readonly to: number };
  readonly staging: Staging;
  readonly verifiesSignature: boolean;
}

const signatureBytes = 256;
/** The superblock's pair and the block of otacommand.bin. */
const blocksOfOthers = 3;

/** UpdaterClass of arduino-pico 2.4.0 to 6.0 (libraries/Updater/src/Updater.cpp): an application becomes a file. */
export class Rp2040Updater implements Updater {
  readonly #parts: Rp2040Parts;
  #command: Command = 'sketch';
  #size = 0;
  #stored = 0;
  #blocks: number[] = [];
  #free: number[] = [];
  #target = '';
  #hash = md5.create();
  #buffer = new Uint8Array(sectorBytes);
  #buffered = 0;
  #tail: Uint8Array = new Uint8Array(0);
  #error: DeviceError | undefined;

  constructor(parts: Rp2040Parts) {
    this.#parts = parts;
  }

  begin(command: Command, size: number, target: string): Outcome {
    const { core, fileSystem, staging } = this.#parts;
    const area = fileSystem.to - fileSystem.from;
    // From 2.4.1 on the library mounts the file system before it asks the Updater.
    if (area <= 0) return failed('no-filesystem');
    if (this.#size > 0) return failed('no-detail');
    this.#error = undefined;
    if (size === 0) return this.#stop(failed('bad-size'));
    if (size > area && (command === 'filesystem' || atLeast(core, '4.4.3')))
      return this.#stop(failed('not-enough-space'));
    const first = fileSystem.from / sectorBytes;
    const all = Array.from({ length: area / sectorBytes }, (_, i) => first + i);
    // The old file's blocks are not free before the new file is complete.
    this.#free =
      command === 'filesystem' ? all : all.slice(blocksOfOthers).filter((block) => !staging.blocks.includes(block));
    this.#command = command;
    this.#size = size;
    this.#stored = 0;
    this.#blocks = [];
    this.#buffered = 0;
    this.#target = target;
    this.#hash = md5.create();
    this.#tail = new Uint8Array(0);
    return undefined;
  }

  write(bytes: Uint8Array): Outcome {
    if (this.#error) return this.#error;
    if (this.#size === 0) return failed('no-detail');
    for (let rest = bytes.subarray(0, this.#size - this.#stored - this.#buffered); rest.length > 0; ) {
      const part = rest.subarray(0, sectorBytes - this.#buffered);
      this.#buffer.set(part, this.#buffered);
      this.#buffered += part.length;
      rest = rest.subarray(part.length);
      if (this.#buffered === sectorBytes || this.#stored + this.#buffered === this.#size) {
        const outcome = this.#flush();
        if (outcome) return outcome;
      }
    }
    return undefined;
  }

  finish(): Outcome {
    if (this.#size === 0) return this.#error ?? failed('no-detail');
    if (this.#stored === 0) return this.#stop(failed('no-data'));
    if (this.#stored < this.#size) return this.#stop(failed('no-detail'));
    const { staging, verifiesSignature } = this.#parts;
    if (verifiesSignature) {
      if (readU32(this.#tail, this.#tail.length - 4) !== signatureBytes) return this.#stop(failed('signature'));
    } else {
      const [expected, calculated] = [this.#target.toLowerCase(), toHex(this.#hash.digest())];
      if (expected !== '' && expected !== calculated) return this.#stop(failed('md5', { expected, calculated }));
    }
    if (this.#command === 'sketch') {
      staging.blocks = this.#blocks;
      staging.bytes = this.#size - (verifiesSignature ? signatureBytes + 4 : 0);
      staging.armed = true;
    } else {
      staging.blocks = [];
    }
    this.#size = 0;
    return undefined;
  }

  #flush(): Outcome {
    const { flash } = this.#parts;
    const bytes = this.#buffer.slice(0, this.#buffered);
    const wholeFile = this.#command === 'filesystem' ? sectors : blocksFor;
    if (wholeFile(this.#stored + bytes.length) > this.#free.length) return this.#stop(failed('not-enough-space'));
    const block = this.#free[this.#blocks.length]!;
    this.#hash.update(bytes);
    this.#tail = concat(this.#tail, bytes).slice(-4);
    if (flash.erase(block * sectorBytes)) return this.#stop(failed('flash-erase'));
    if (flash.write(block * sectorBytes, bytes)) return this.#stop(failed('flash-write'));
    this.#blocks.push(block);
    this.#stored += bytes.length;
    this.#buffered = 0;
    return undefined;
  }

  #stop(error: DeviceError): DeviceError {
    this.#error = error;
    this.#size = 0;
    return error;
  }
}

/** Blocks of a LittleFS file so long: a block's share of the skip list's pointers, 4 bytes each, lies in the block. */
function blocksFor(bytes: number): number {
  let blocks = sectors(bytes);
  while (capacity(blocks) < bytes) blocks++;
  return blocks;
}

const capacity = (blocks: number): number => sectorBytes * blocks - 4 * (2 * (blocks - 1) - ones(blocks - 1));
const ones = (n: number): number => n.toString(2).replaceAll('0', '').length;
