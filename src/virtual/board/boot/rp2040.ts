import { concat, crc32Mpeg2, readU32, sectorBytes } from '#values/index.ts';
import type { Flash } from '../flash.ts';
import type { Staging } from '../updater/rp2040.ts';
import type { Boot, BootParts } from './boot.ts';
import { inflate } from './inflate.ts';

export interface Rp2040Boot extends BootParts {
  readonly staging: Staging;
}

const vectorsAt = 0x3000;
const rp2350Marker = 0xffffded3;

/** arduino-pico's OTA stub (ota/ota.c): copies or inflates the staged file page by page, identical pages skipped. The
 *  command file is deleted last, so after a loss of power it begins again. */
export function* bootRp2040({ flash, staging, installed, print }: Rp2040Boot): Boot {
  if (!stubRuns(flash)) return { runs: false, why: 'no-boot-loader' };
  if (staging.armed) {
    const image = contents(flash, staging) ?? new Uint8Array(0);
    for (let at = 0; at < image.length; at += sectorBytes) {
      const page = image.subarray(at, at + sectorBytes);
      const there = flash.read(at, page.length);
      if (page.every((byte, i) => byte === there[i])) continue;
      const trouble = flash.erase(at) ?? flash.write(at, page);
      yield flash.takeTime();
      if (trouble === 'power') return { runs: false, why: 'no-application' };
    }
    if (image.length > 0) installed.bytes = image.length;
    staging.armed = false;
    print('ota: done\n');
  }
  if (!stubRuns(flash)) return { runs: false, why: 'no-boot-loader' };
  return startsAt(flash, vectorsAt)
    ? { runs: true, at: 0, bytes: installed.bytes }
    : { runs: false, why: 'no-application' };
}

/** The staged file, inflated when it is gzip; undefined when it cannot be. */
function contents(flash: Flash, staging: Staging): Uint8Array | undefined {
  const file = concat(...staging.blocks.map((block) => flash.read(block * sectorBytes, sectorBytes))).subarray(
    0,
    staging.bytes,
  );
  if (file[0] !== 0x1f || file[1] !== 0x8b) return file;
  const parts: Uint8Array[] = [];
  for (const out of inflate((n) => file.subarray(n * sectorBytes, (n + 1) * sectorBytes))) {
    if (typeof out === 'string') return undefined;
    parts.push(out);
  }
  return concat(...parts);
}

/** RP2040: the ROM checks the CRC of boot2. RP2350: it looks for its marker in the first sector. */
function stubRuns(flash: Flash): boolean {
  const first = flash.read(0, sectorBytes);
  if (crc32Mpeg2(first.subarray(0, 252)) === readU32(first, 252)) return true;
  for (let at = 0; at < sectorBytes; at += 4) if (readU32(first, at) === rp2350Marker) return true;
  return false;
}

/** A vector table: the stack in RAM, the program in flash; or, RISC-V, an image definition. */
function startsAt(flash: Flash, at: number): boolean {
  const words = flash.read(at, 8);
  const [stack, reset] = [readU32(words, 0), readU32(words, 4)];
  return stack === rp2350Marker || (stack >>> 24 === 0x20 && reset >>> 24 === 0x10);
}
