/** What a person is told when the cable, or what is behind it, does not do. */
import type { Environment, SerialTrouble } from '#machine/index.ts';
import { formatBytes, formatNumber, type Problem } from '#values/index.ts';

type Os = Environment['os'];

/** A port that can't be opened. `group`: whose members may, where the system tells. */
export function portProblem(path: string, trouble: SerialTrouble, os: Os): Problem {
  const { detail } = trouble;
  switch (trouble.trouble) {
    case 'busy':
      return {
        code: 'serial-port-busy',
        what: `${path} is in use by ${trouble.holder ?? 'another program'}`,
        why: `a serial port serves one program at a time, and an open serial monitor keeps it (${detail})`,
        fix: 'close the serial monitor, the plotter or the other program that shows this port, then try again',
        blame: 'person',
      };
    case 'denied':
      return { code: 'serial-port-denied', what: `you may not use ${path}`, ...deniedOn(os, path, trouble) };
    case 'missing':
      return {
        code: 'serial-port-missing',
        what: `there is no port ${path}`,
        why: `the system knows none of that name (${detail}): unplugged, plugged in elsewhere under another name, or its driver is missing`,
        fix: '`whyota serial list` shows the ports that are there; a cable that only charges has no data wires',
        blame: 'person',
      };
    case 'not-installed':
      return {
        code: 'serial-not-installed',
        what: 'WhyOTA was installed without what it needs for serial ports',
        why: `the package serialport is optional, and is not there (${detail})`,
        fix: 'install it beside WhyOTA: `npm install -g serialport` (in a checkout: `npm install`)',
        blame: 'person',
      };
    case 'other':
      return {
        code: 'serial-port-failed',
        what: `${path} can't be opened`,
        why: `the system says: ${detail}`,
        fix: 'unplug the adapter, plug it in again, and try another USB port or cable',
      };
  }
}

function deniedOn(os: Os, path: string, { detail, group }: SerialTrouble): Pick<Problem, 'why' | 'fix' | 'blame'> {
  if (os === 'windows')
    return {
      why: `Windows refuses it (${detail}), which nearly always means that another program has the port open`,
      fix: 'close the serial monitor and other programs that use it, then try again',
      blame: 'person',
    };
  if (os === 'macos')
    return {
      why: `its file belongs to somebody else (${detail})`,
      fix: `sudo chmod a+rw ${path}, until it is plugged in again`,
      blame: 'person',
    };
  const members = group ?? 'dialout';
  return {
    why: `on Linux only members of the group ${members} may use serial ports (${detail})`,
    fix: `sudo usermod -aG ${members} "$USER", then log out and in again; for now: sudo setfacl -m u:"$USER":rw ${path}`,
    blame: 'person',
  };
}

export const noAnswer = (path: string): Problem => ({
  code: 'serial-no-boot-loader',
  what: `no boot loader answers on ${path}`,
  why: 'the board did not go into its boot loader: no board on that port, a board without auto-reset (an ESP-01, a bare module), or TX and RX swapped',
  fix: 'see that TX goes to RX and RX to TX, that the grounds are connected, and that GPIO0 is at GND (the FLASH or BOOT button) while the board is reset',
  blame: 'device',
});

export const unplugged = (path: string, detail: string): Problem => ({
  code: 'serial-unplugged',
  what: `${path} went away in the middle`,
  why: `the adapter was unplugged, or lost its power (${detail}): a weak USB port or a bad cable does that when the board draws current`,
  fix: 'plug it in again and repeat the flash: its boot loader is in ROM, so the board can always be flashed again',
});

export const brokeOff = (path: string, detail: string): Problem => ({
  code: 'serial-flash-failed',
  what: `the board on ${path} stopped answering`,
  why: `its boot loader gave no good answer (${detail}): noise on a long or loose cable, a weak supply, or a worn flash`,
  fix: 'try again with --speed 115200, a shorter cable, and a supply that gives 300 mA',
  blame: 'device',
});

export const notAsWritten = (at: number): Problem => ({
  code: 'serial-verify-failed',
  what: `what is in flash at 0x${at.toString(16)} is not what was sent`,
  why: 'the board reckoned another MD5 over its flash than the file has: the flash chip is worn or not written reliably',
  fix: 'try again with --erase and a better supply; if it stays, the flash chip is at its end',
  blame: 'device',
});

export const unknownFlash = (path: string): Problem => ({
  code: 'serial-flash-silent',
  what: `the flash chip of the board on ${path} does not say what it is`,
  why: 'the boot loader answers, the flash chip behind it does not: something is wired to its pins, or it is broken',
  fix: 'take everything off GPIO6 to GPIO11 and try again',
  blame: 'device',
});

export const locked = (chip: string): Problem => ({
  code: 'serial-locked',
  what: `this ${chip} is in secure download mode`,
  why: 'somebody burnt fuses that allow no more than writing signed images; its flash can neither be read nor checked',
  fix: "flash it with the maker's own tools and keys",
  blame: 'device',
});

export const wrongChip = (forChip: string, chip: string): Problem => ({
  code: 'img-wrong-chip',
  what: `the firmware is for ${forChip}, the board on the cable is ${chip}`,
  why: 'it is written in the machine language of another chip: nothing would start',
  fix: `build it for ${chip}, or choose the port of the right board`,
  blame: 'person',
});

export const tooBig = (what: string, needs: number, flash: number): Problem => ({
  code: 'img-new-image-flash-size-too-big',
  what: `${what} ${formatBytes(needs)} of flash, the board has ${formatBytes(flash)}`,
  why: 'file system and settings would lie beyond the end of the chip, and updates over the air would be refused',
  fix: 'choose the flash size that the chip really has (Tools menu; board_upload.flash_size in PlatformIO), and build again',
  blame: 'person',
});

export const noRoom = (place: string, needs: number, has: number): Problem => ({
  code: 'serial-no-room',
  what: `it has ${formatNumber(needs)} bytes, and ${place} has ${formatNumber(has)}`,
  why: 'it would run over its end into what lies behind it',
  fix: 'choose a layout or partition scheme with more room for it, and build again',
  blame: 'person',
});

export const noPartitionTable = (chip: string): Problem => ({
  code: 'serial-no-partition-table',
  what: `this ${chip} has no boot loader or no partition table, and none lies beside the file`,
  why: 'the application alone does not start: the boot loader finds it by the partition table',
  fix: 'flash the .merged.bin of the same build, or the .bin where it lies in its build folder, beside its bootloader.bin and partitions.bin',
  blame: 'person',
});

export const noOffset: Problem = {
  code: 'serial-where',
  what: 'where this file-system image goes is not known',
  why: 'its place depends on the flash layout that the sketch was built with, which the board does not say',
  fix: 'say the layout, such as --layout 4M2M, or the offset, such as --at 0x200000',
  blame: 'person',
};

export const notForPico: Problem = {
  code: 'serial-not-for-pico',
  what: 'a Pico is not flashed over a serial port',
  why: 'its boot loader shows itself as a USB drive instead',
  fix: 'hold BOOTSEL while you plug it in, and copy the .uf2 of the same build onto the drive that appears',
  blame: 'person',
};
