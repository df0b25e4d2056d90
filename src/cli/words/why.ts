/** Words: what tells why: the file, the upload, the sketch, the causes. */
import { Option } from 'commander';
import type { Describe } from './describe.ts';
import { whole } from './values.ts';

export const describe: Describe = ({ command, handle }) => {
  command('inspect <file>', 'say what a file is, for which chip, and which layouts it can update itself on', [
    'whyota inspect firmware.bin',
    'whyota inspect firmware.bin --layout 1M512 --core 2.3.0',
  ])
    .option('--layout <id>', 'draw this flash layout or partition scheme')
    .option('--core <version>', "core whose layouts to use (default: the file's)")
    .addOption(
      new Option('--running <bytes>', "size of the running sketch's .bin (default: as large as this one)").argParser(
        whole,
      ),
    )
    .action(handle(async () => (await import('../inspect.ts')).inspect));

  command('doctor [board]', 'say why an upload failed, with the evidence, and what to do', [
    'whyota doctor kitchen --file firmware.bin --sketch kitchen.ino',
    'whyota doctor --log ide-output.txt --sketch kitchen.ino',
    'whyota doctor --log -          # then paste the output of the IDE, and end with Ctrl-D',
    'whyota doctor kitchen --ask',
  ])
    .option('--log <file>', 'output of the failed upload, as pasted; - reads standard input')
    .option('--serial <file>', 'what the board printed on its serial line')
    .option('--sketch <path>', 'the sketch, or its folder')
    .option('--file <firmware>', 'the file that was to be sent')
    .option('--build <file>', 'build.options.json of the IDE, or platformio.ini')
    .option('--facts <file>', 'facts that were saved before')
    .option('--save <file>', 'write the facts, without secrets, to send or to read again with --facts')
    .option('--ask', 'ask me what only a person can see')
    .option('--dry-run', 'also invite the board, as an upload would, without sending anything')
    .option('--password <text>', 'OTA password, for --dry-run (better: `whyota password set`)')
    .option('--password-file <file>', 'read it from the first line of a file')
    .action(handle(async () => (await import('../doctor.ts')).doctor));

  command('sketch [path]', 'check a sketch for what will break updates over the air', [
    'whyota sketch kitchen.ino',
    'whyota sketch ./kitchen --github',
    'whyota sketch kitchen.ino --fix',
    'whyota sketch --new ./porch --family esp32 --blynk',
  ])
    .option('--github', 'as annotations for GitHub Actions')
    .option('--fix', 'mend what can be mended safely: shows the change, asks, keeps a backup')
    .option('--yes', 'do not ask')
    .option('--new', 'write a new sketch that takes updates (into the folder, or to standard output)')
    .addOption(new Option('--family <family>', 'esp8266, esp32 or rp2040').default('esp8266'))
    .option('--blynk', 'with --new: with Blynk, not waiting for it')
    .option('--minimal', 'with --new: as small as can be')
    .action(handle(async () => (await import('../sketch.ts')).sketch));

  command('explain [cause]', 'the page on one cause of a failed upload, or the list of all', [
    'whyota explain img-8266-two-copies-dont-fit',
    'whyota explain',
  ]).action(handle(async () => (await import('../explain.ts')).explain));
};
