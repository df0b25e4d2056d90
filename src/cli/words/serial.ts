/** Words: the cable. */
import { Option } from 'commander';
import type { Describe } from './describe.ts';
import { baud, offset, positive } from './values.ts';

export const describe: Describe = ({ command, handle }) => {
  const serial = command('serial', 'the cable: ports, the first flash, the serial monitor', [
    'whyota serial list',
    'whyota serial flash firmware.bin',
    'whyota serial monitor --doctor',
  ]);

  command(
    'list',
    'the serial ports, and what is behind them',
    ['whyota serial list', 'whyota serial list --detect'],
    serial,
  )
    .option('--detect', 'ask each board which chip it has (resets it)')
    .action(handle(async () => (await import('../serial-list.ts')).serialList));

  command(
    'flash <file>',
    'flash a board over the cable, and prove that it takes updates over the air from then on',
    [
      'whyota serial flash ./kitchen',
      'whyota serial flash firmware.bin --port /dev/ttyUSB0 --to kitchen',
      'whyota serial flash data.bin --layout 4M2M --no-ota',
    ],
    serial,
  )
    .option('-p, --port <port>', 'serial port (default: the one adapter that is plugged in)')
    .addOption(new Option('--speed <baud>', 'how fast the data goes').argParser(baud).default(460_800))
    .addOption(
      new Option('--at <offset>', 'where it goes, such as 0x10000 (default: where it belongs)').argParser(offset),
    )
    .option('--layout <id>', "flash layout of the sketch, such as 4M2M: where an ESP8266's file system goes")
    .option('--erase', 'erase the whole chip first, with settings and files')
    .option('--no-ota', 'end when it runs: do not wait for it on the network')
    .option('-t, --to <board>', 'name or address it will have on the network (default: found by its MAC address)')
    .option('--password <text>', 'OTA password of the sketch (better: `whyota password set`)')
    .option('--password-file <file>', 'read the password from the first line of a file')
    .addOption(
      new Option('--wait <seconds>', 'how long to wait for a hand at the board, and for it on the network')
        .argParser(positive)
        .default(120),
    )
    .option('--build', 'of a sketch folder: build it first, with arduino-cli or PlatformIO')
    .option('--force', 'take a build that is older than its sketch')
    .action(handle(async () => (await import('../serial-flash.ts')).serialFlash));

  command(
    'monitor',
    'what the board prints, with the time, and what its boot and crash messages mean',
    ['whyota serial monitor', 'whyota serial monitor --elf kitchen.ino.elf', 'whyota serial monitor --reset --doctor'],
    serial,
  )
    .option('-p, --port <port>', 'serial port (default: the one adapter that is plugged in)')
    .addOption(new Option('--speed <baud>', 'a fixed speed (default: found by itself)').argParser(baud))
    .option('--reset', 'reset the board first')
    .option('--elf <file>', 'the .elf of the build: names the functions in a crash')
    .option('--doctor', 'say what is wrong as soon as the log shows it')
    .addOption(new Option('--time <seconds>', 'end after so long (default: with Ctrl-C)').argParser(positive))
    .action(handle(async () => (await import('../serial-monitor.ts')).serialMonitor));
};
