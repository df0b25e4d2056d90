/** What hangs on the cable. */
import { type Chip, type Esp32Chip, esp32Chips, readPartitionTable } from '#firmware/index.ts';
import { makeEsp32Bootloader, makePartitionTable } from '#firmware/make.ts';
import type { Result } from '#values/index.ts';
import { type Board, type BoardPorts, createBoard } from '../board/board.ts';
import { bootEsp32 } from '../board/boot/esp32.ts';
import { bootEsp8266 } from '../board/boot/esp8266.ts';
import { Flash } from '../board/flash.ts';
import type { BoardOptions } from '../board/options.ts';

export interface WiredChip {
  readonly chip: Chip;
  /** Six bytes. */
  readonly mac: Uint8Array;
  readonly flash: Flash;
  /** Speed of what its ROM prints. */
  readonly bootBaud: number;
  /** Gives what it prints to the line. */
  listen(print: (text: string, baud: number) => void): void;
  /** Its pins said "serial download": its program stops. */
  download(): void;
  /** It starts its program. `loader`: from the boot loader, without a pin being sampled. */
  run(cause: 'pin' | 'power' | 'loader'): void;
}

/** 115200 times 26 / 40: the ROM of an ESP8266 reckons with another crystal than boards have. */
const bootBaudOf = (chip: Chip): number => (chip === 'esp8266' ? 74880 : 115200);

const downloadText = (chip: Chip): string =>
  chip === 'esp8266'
    ? '\r\n ets Jan  8 2013,rst cause:2, boot mode:(1,6)\r\n\r\n'
    : '\r\nrst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))\r\nwaiting for download\r\n';

export interface BareOptions {
  readonly chip: Chip;
  readonly flashBytes: number;
  /** `aa:bb:cc:dd:ee:ff` */
  readonly mac?: string;
  readonly sectorTime?: number;
  /** What its sketch prints when it has started, and how fast. */
  readonly says?: string;
  readonly baud?: number;
}

/** A chip without a network: it boots what its flash holds, and prints. */
export function bareChip(options: BareOptions): WiredChip {
  const { chip, baud = 115200 } = options;
  const flash = new Flash(options.flashBytes, options.sectorTime ?? 0);
  const bootBaud = bootBaudOf(chip);
  let tell: (text: string, baud: number) => void = () => {};
  const print = (text: string): void => tell(text.replace(/\r?\n/g, '\r\n'), bootBaud);
  const boot = (cause: 'pin' | 'power', bootMode: 1 | 3) => {
    const parts = { flash, installed: { bytes: 0 }, print, cause };
    if (chip === 'esp8266') return bootEsp8266({ ...parts, rtc: { command: undefined }, core: '3.1.2', bootMode });
    const scheme = readPartitionTable(flash.read(0x8000, 0xc00));
    return scheme && bootEsp32({ ...parts, scheme, chipId: esp32Chips.find((row) => row.chip === chip)!.id });
  };
  return {
    chip,
    mac: macBytes(options.mac ?? usualMac),
    flash,
    bootBaud,
    listen: (print) => {
      tell = print;
    },
    download: () => tell(downloadText(chip), bootBaud),
    run(cause) {
      const booting = boot(cause === 'power' ? 'power' : 'pin', 3);
      if (!booting) return print('\ninvalid header: 0xffffffff\n');
      let step = booting.next();
      while (!step.done) step = booting.next();
      if (step.value.runs && options.says) tell(options.says, baud);
    },
  };
}

/** A board with a network, on a cable as well. It waits in its boot loader or is off until the line starts it. */
export function wiredBoard(
  options: BoardOptions,
  ports: BoardPorts,
  baud = 115_200,
): Result<{ readonly board: Board; readonly chip: WiredChip }> {
  let tell: (text: string, baud: number) => void = () => {};
  const made = createBoard(options, {
    ...ports,
    print: (text) => tell(text.replace(/\r?\n/g, '\r\n'), made.ok && made.value.state === 'running' ? baud : bootBaud),
  });
  if (!made.ok) return made;
  const board = made.value;
  const chip = board.chip as Chip;
  const bootBaud = bootBaudOf(chip);
  const bootloader = esp32Chips.find((row) => row.chip === chip)?.bootloader;
  if (bootloader !== undefined) {
    board.flash.load(bootloader, makeEsp32Bootloader({ chip: chip as Esp32Chip }));
    board.flash.load(0x8000, makePartitionTable(options.layout ?? 'default'));
  }
  return {
    ok: true,
    value: {
      board,
      chip: {
        chip,
        mac: macBytes(options.mac ?? usualMac),
        flash: board.flash,
        bootBaud,
        listen: (print) => {
          tell = print;
        },
        download() {
          board.download();
          tell(downloadText(chip), bootBaud);
        },
        run(cause) {
          if (cause === 'pin') board.reset();
          else board.powerCycle();
        },
      },
    },
  };
}

const usualMac = '5c:cf:7f:01:02:03';

const macBytes = (text: string): Uint8Array => Uint8Array.from(text.split(':'), (byte) => Number.parseInt(byte, 16));
