/** Words: WhyOTA inside the Arduino IDEs and PlatformIO. */
import type { Describe } from './describe.ts';

export const describe: Describe = ({ command, handle }) => {
  command(
    'install <where> [folder]',
    "put WhyOTA behind the IDE's upload button: arduino, or platformio for one project",
    ['whyota install arduino', 'whyota install arduino --dry-run', 'whyota install platformio ./kitchen'],
  )
    .option('--dry-run', 'only show what would be written')
    .option('--yes', 'do not ask')
    .option('--data <folder>', "Arduino's data folder, with packages in it (default: where it usually is)")
    .option('--sketchbook <folder>', 'the sketchbook (default: as the IDE is set)')
    .action(handle(async () => (await import('../install.ts')).install));

  command('uninstall <where> [folder]', 'take it away again, without a trace', ['whyota uninstall arduino'])
    .option('--dry-run', 'only show what would be taken away')
    .option('--yes', 'do not ask')
    .option('--data <folder>', "Arduino's data folder")
    .option('--sketchbook <folder>', 'the sketchbook')
    .action(handle(async () => (await import('../install.ts')).uninstall));

  command('espota', "what IDEs call in place of espota.py, with espota.py's own words", [
    'whyota espota -i 192.168.1.57 -p 8266 -f firmware.bin',
    'whyota espota --help',
  ]);

  command('discovery', 'for arduino-cli and IDE 2: network ports that their own discovery misses', [
    'echo \'HELLO 1 "me"\' | whyota discovery',
  ]).action(handle(async () => (await import('../discovery.ts')).discovery));
};
