import { atLeast, type Core } from '#firmware/index.ts';
import { readU32, sectorBytes } from '#values/index.ts';
import type { Flash } from '../flash.ts';
import { applicationAt, walkImage } from '../image.ts';
import type { EbootCommand } from '../updater/esp8266.ts';
import type { Boot, Booted, BootParts, ResetCause } from './boot.ts';
import { inflate } from './inflate.ts';

export interface Esp8266Boot extends BootParts {
  readonly rtc: { command: EbootCommand | undefined };
  /** Core whose eboot lies in sector 0. */
  readonly core: Core;
  /** The strap latch: 3 starts from flash, 1 waits for a serial download. */
  readonly bootMode: 1 | 3;
  readonly cause: ResetCause;
}

const causes = { power: 1, pin: 2, software: 2, watchdog: 4 } as const;
/** eboot's results (bootloaders/eboot/eboot.h). */
const failures = { erase: 2, read: 3, write: 4, header: 5, damaged: 6, power: 0 } as const;

/** ROM and eboot: loads the boot loader, carries out a copy command, starts the application
 *  (esp8266/Arduino bootloaders/eboot/eboot.c @ 2.3.0, 2.6.2, 2.7.4, 3.1.2). */
export function* bootEsp8266(parts: Esp8266Boot): Boot {
  const { flash, print, core, rtc } = parts;
  print(`\n ets Jan  8 2013,rst cause:${causes[parts.cause]}, boot mode:(${parts.bootMode},6)\n\n`);
  if (parts.bootMode === 1) return { runs: false, why: 'serial-download' };
  if (!loadBootLoader(flash, print)) return { runs: false, why: 'no-boot-loader' };
  if (atLeast(core, '2.3.0')) print(`v${readU32(flash.read(0x1010, 4), 0).toString(16).padStart(8, '0')}\n`);

  const command = rtc.command;
  print(command ? '@' : '~');
  if (command) {
    if (!atLeast(core, '2.6.2')) rtc.command = undefined;
    print('cp:');
    parts.installed.bytes = 0;
    const result = yield* putInPlace(parts, command);
    if (!flash.powered) return { runs: false, why: 'no-application' };
    rtc.command = undefined;
    print(`${result}\n`);
    if (result !== 0) {
      print(`e:${result}\n`);
      return yield* bootEsp8266({ ...parts, cause: 'software' });
    }
  }
  print('ld\n');
  return start(parts);
}

function start({ flash, print, installed }: Esp8266Boot): Booted {
  const image = walkImage(flash, applicationAt, 'esp8266');
  if (image?.checksumGood) return { runs: true, at: 0, bytes: installed.bytes || image.end };
  if (flash.read(applicationAt, 1)[0] !== 0xe9) {
    print('e:1\n');
    return { runs: false, why: 'no-application' };
  }
  // eboot checks nothing but the magic: a half-written program starts, and dies where it is not its own.
  print('\nFatal exception (0):\nepc1=0x402100a0, epc2=0x00000000, epc3=0x00000000, excvaddr=0x00000000\n');
  return { runs: false, why: 'crashes' };
}

/** What the ROM prints while it loads the image at 0. False: it stops there. */
function loadBootLoader(flash: Flash, print: (text: string) => void): boolean {
  const image = walkImage(flash, 0, 'esp8266');
  if (!image || image.end > applicationAt) {
    print('ets_main.c \n');
    return false;
  }
  let at = 8;
  let checksum = 0xef;
  for (let i = 0; i < flash.read(1, 1)[0]!; i++) {
    const header = flash.read(at, 8);
    const [address, length] = [readU32(header, 0), readU32(header, 4)];
    for (const byte of flash.read(at + 8, length)) checksum ^= byte;
    const room = 16 - ((at + 8) % 16);
    print(`load 0x${address.toString(16)}, len ${length}, room ${room} \n`);
    print(`tail ${(length - room) & 15}\nchksum 0x${checksum.toString(16).padStart(2, '0')}\n`);
    at += 8 + length;
  }
  if (image.checksumGood) {
    print(`csum 0x${checksum.toString(16).padStart(2, '0')}\n`);
    return true;
  }
  print('csum err\nets_main.c \n');
  return false;
}

type Copy = Generator<number, number, void>;

function* putInPlace(parts: Esp8266Boot, command: EbootCommand): Copy {
  const [first, second] = parts.flash.read(command.from, 2);
  const gzip = atLeast(parts.core, '2.7.0') && first === 0x1f && second === 0x8b;
  return yield* gzip ? inflateInto(parts, command) : copyRaw(parts, command);
}

/** 4096 bytes at a time, ascending; source and destination may overlap. */
function* copyRaw(parts: Esp8266Boot, command: EbootCommand): Copy {
  const { flash, core, print, installed } = parts;
  for (let done = 0; done < command.length; done += sectorBytes) {
    const bytes = flash.read(command.from + done, sectorBytes);
    // From 3.0.0 on, a boot sector that is the same is left alone.
    if (done === 0 && atLeast(core, '3.0.0') && same(bytes, flash.read(0, sectorBytes))) {
      print('B');
      continue;
    }
    const result = rewrite(flash, done, bytes);
    yield flash.takeTime();
    if (result) return result;
  }
  installed.bytes = command.length;
  return 0;
}

function* inflateInto(parts: Esp8266Boot, command: EbootCommand): Copy {
  const { flash, installed } = parts;
  // eboot takes the inflated length from the last four bytes of what it was told to read.
  const size = readU32(flash.read(command.from + command.length - 4, 4), 0);
  const block = (n: number): Uint8Array =>
    flash.read(command.from + n * sectorBytes, Math.min(sectorBytes, command.length - n * sectorBytes));
  const sector = new Uint8Array(sectorBytes).fill(0xff);
  let done = 0;
  for (const out of inflate(block)) {
    if (typeof out === 'string') return failures[out];
    for (let rest = out.subarray(0, size - done); rest.length > 0; ) {
      const inSector = done % sectorBytes;
      const part = rest.subarray(0, sectorBytes - inSector);
      sector.set(part, inSector);
      rest = rest.subarray(part.length);
      done += part.length;
      if (done % sectorBytes !== 0 && done < size) continue;
      const result = rewrite(flash, Math.floor((done - 1) / sectorBytes) * sectorBytes, sector);
      yield flash.takeTime();
      if (result) return result;
      sector.fill(0xff);
    }
    if (done >= size) break;
  }
  if (done < size) return failures.damaged;
  installed.bytes = size;
  return 0;
}

function rewrite(flash: Flash, at: number, bytes: Uint8Array): number {
  const trouble = flash.erase(at) ?? flash.write(at, bytes);
  return trouble ? failures[trouble] || 1 : 0;
}

const same = (a: Uint8Array, b: Uint8Array): boolean => a.every((byte, i) => byte === b[i]);
