/** Words: updating boards. */
import { Option } from 'commander';
import { flash } from '../flash.ts';
import type { Describe } from './describe.ts';
import { gather, port, whole } from './values.ts';

export const describe: Describe = ({ command, handle }) => {
  command(
    'flash <file>',
    'update a board over the air, and wait until it is back; a sketch folder means its newest build',
    [
      'whyota flash ./kitchen --to kitchen',
      'whyota flash firmware.bin --to kitchen',
      'whyota flash firmware.bin --to 192.168.1.57:8266 --password-file ota.txt',
      'whyota flash data.bin --to kitchen --filesystem',
      'whyota flash firmware.bin --to kitchen --to porch --json',
      'whyota flash firmware.bin --to kitchen --via hub.local',
    ],
  )
    .addOption(
      new Option('-t, --to <board>', 'name, name.local or address[:port]; repeat for several').argParser(gather),
    )
    .option('--filesystem', 'the file is a file-system image')
    .option(
      '--via <minimal.bin or hub>',
      'where there is no room: this small firmware first, then the file; or the hub that is to send it (`whyota login`)',
    )
    .option('--via-layout <id>', 'flash layout that the small firmware was built with (default: the running one)')
    .option('--build', 'of a sketch folder: build it first, with arduino-cli or PlatformIO')
    .option('--watch', 'again with each new build, until Ctrl-C')
    .option('--dry-run', 'do everything up to the first byte')
    .option('--force', 'send it although a check warns or refuses')
    .option('--no-wait', 'do not wait for the board to come back')
    .option('--gzip', 'compress it (the running core must be 2.7.0 or later; by itself where that is known to be safe)')
    .option('--no-gzip', 'never compress it')
    .option('--password <text>', 'OTA password of the running sketch (better: `whyota password set`)')
    .option('--password-file <file>', 'read the password from the first line of a file')
    .addOption(new Option('--host-port <port>', 'TCP port on this computer that the board is to call').argParser(port))
    .option('--host-address <address>', 'address of this computer to use, where it has several')
    .option('--core <core>', 'core of the running sketch, such as esp8266@2.3.0 (default: what is remembered)')
    .option('--layout <id>', 'flash layout or partition scheme of the running sketch, such as 1M512')
    .addOption(new Option('--running <bytes>', "size of the running sketch's .bin").argParser(whole))
    .addOption(new Option('--attempts <n>', 'tries when the network fails').argParser(whole).default(3))
    .addOption(new Option('--jobs <n>', 'boards at a time').argParser(whole).default(16))
    .action(handle(async () => flash));
};
