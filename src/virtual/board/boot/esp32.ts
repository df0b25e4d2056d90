import type { Scheme } from '#firmware/index.ts';
import { readU32 } from '#values/index.ts';
import { verifiesOnEsp32 } from '../esp32-image.ts';
import type { Flash } from '../flash.ts';
import { chosenSlot } from '../otadata.ts';
import type { Boot, BootParts, ResetCause } from './boot.ts';

export interface Esp32Boot extends BootParts {
  readonly scheme: Scheme;
  readonly chipId: number;
  readonly cause: ResetCause;
}

const causes = {
  power: '0x1 (POWERON_RESET)',
  pin: '0x1 (POWERON_RESET)',
  software: '0xc (SW_CPU_RESET)',
  watchdog: '0x8 (TG1WDT_SYS_RESET)',
} as const;

/** ESP-IDF's second-stage boot loader: the slot that otadata names, else the next one that verifies. */
export function* bootEsp32({ flash, scheme, chipId, cause, print }: Esp32Boot): Boot {
  print(`\nrst:${causes[cause]},boot:0x13 (SPI_FAST_FLASH_BOOT)\n`);
  const first = chosenSlot(flash, scheme);
  const others = [scheme.factory, ...scheme.slots].filter(
    (slot) => slot !== undefined && slot.offset !== first?.offset,
  );
  for (const slot of [first, ...others]) {
    if (!slot) continue;
    const bytes = verifiesOnEsp32(flash, slot, chipId);
    if (bytes !== undefined && isApplication(flash, slot.offset)) {
      print(`I boot: Loaded app from partition at offset 0x${slot.offset.toString(16)}\n`);
      return { runs: true, at: slot.offset, bytes };
    }
    print(`E esp_image: image at 0x${slot.offset.toString(16)} is not a valid application\n`);
  }
  print('E boot: No bootable app partitions in the partition table\n');
  return { runs: false, why: 'no-application' };
}

/** An application begins with constants that are mapped into memory, at the same place of a page as in the file. A boot
 *  loader is all RAM: it verifies, and is not started. */
const isApplication = (flash: Flash, at: number): boolean => readU32(flash.read(at + 24, 4), 0) % smallestPage === 0x20;
const smallestPage = 0x4000;
