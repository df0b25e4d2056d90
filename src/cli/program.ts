/** The words of every command, and how a run ends. Each command's own code is loaded when it is asked for. */
import { Command, CommanderError, Option } from 'commander';
import type { Ending, Setting } from './command.ts';
import { type Desk, openDesk, plain } from './desk.ts';

type Options = Record<string, unknown>;
type Handler = (words: readonly string[], options: Options, setting: Setting) => Promise<Ending>;

/** Runs one command line; resolves to the exit code. */
export async function run(words: readonly string[], version: string): Promise<number> {
  // The words of espota.py are read the way Python reads them.
  if (words[0] === 'espota') {
    const { espota } = await import('./espota.ts');
    return withSignal((signal) => espota(words.slice(1), signal));
  }
  let exit = 0;
  const json = words.includes('--json');

  const ended = (desk: Desk, ending: Ending): void => {
    desk.endProgress();
    const { problem } = ending;
    if (problem && ending.exit !== 0) desk.fail(problem);
    ending.epilogue?.();
    const ok = ending.exit === 0;
    desk.event({ type: 'result', ok, exit: ending.exit, ...(ok || !problem ? {} : plain(problem)), ...ending.more });
    exit = ending.exit;
  };

  const handle =
    (load: () => Promise<Handler>) =>
    async (...passed: unknown[]): Promise<void> => {
      const command = passed.at(-1) as Command;
      const options = command.optsWithGlobals() as Options;
      const desk = openDesk({
        json: options['json'] === true,
        quiet: options['quiet'] === true,
        verbose: options['verbose'] === true,
        color: options['color'] === false ? false : undefined,
      });
      const handler = await load();
      ended(desk, await withSignal((signal) => handler(command.args, options, { desk, signal })));
    };

  const program = describe(new Command(), version, handle);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      const what = error.message.replace(/^error: /, '');
      const problem = {
        code: 'wrong-usage',
        what,
        why: "the command line can't be carried out as it stands",
        fix: '`whyota --help` lists the commands, `whyota <command> --help` shows one with examples',
      };
      ended(openDesk({ json, quiet: false, verbose: false }), { exit: 2, problem });
      return 2;
    }
    const problem = {
      code: 'internal-error',
      what: 'WhyOTA itself failed',
      why: error instanceof Error ? error.message : String(error),
      fix: 'run it again with WHYOTA_STACK=1 and report what it prints',
    };
    if (process.env['WHYOTA_STACK'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    ended(openDesk({ json, quiet: false, verbose: false }), { exit: 1, problem });
  }
  return exit;
}

/** Runs with a signal that Ctrl-C (or a kill) aborts. A second one ends the process at once. */
async function withSignal<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function describe(
  program: Command,
  version: string,
  handle: (load: () => Promise<Handler>) => (...passed: unknown[]) => Promise<void>,
): Command {
  program
    .name('whyota')
    .description('Flashes ESP8266, ESP32 and RP2040 boards over the air, and when it fails it says why.')
    .version(version, '-V, --version', 'print the version')
    .option('--json', 'one JSON object a line on stdout, nothing else there')
    .option('-q, --quiet', 'only answers and errors')
    .option('-v, --verbose', 'say everything that happens')
    .option('--no-color', 'no colours (NO_COLOR does the same)')
    .configureHelp({ showGlobalOptions: true })
    .exitOverride()
    .showHelpAfterError(false)
    .configureOutput({ writeErr: () => {} })
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 1 the upload or the board failed, 2 wrong usage, 3 refused because it could not have worked, 130 interrupted.',
    );

  const command = (words: string, summary: string, examples: readonly string[]): Command =>
    program
      .command(words)
      .description(summary)
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);

  command(
    'flash <file>',
    'update a board over the air, and wait until it is back; a sketch folder means its newest build',
    [
      'whyota flash ./kitchen --to kitchen',
      'whyota flash firmware.bin --to kitchen',
      'whyota flash firmware.bin --to 192.168.1.57:8266 --password-file ota.txt',
      'whyota flash data.bin --to kitchen --filesystem',
      'whyota flash firmware.bin --to kitchen --to porch --json',
    ],
  )
    .addOption(
      new Option('-t, --to <board>', 'name, name.local or address[:port]; repeat for several').argParser(gather),
    )
    .option('--filesystem', 'the file is a file-system image')
    .option('--via <minimal.bin>', 'where there is no room: this small firmware first, then the file')
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
    .action(handle(async () => (await import('./flash.ts')).flash));

  command('find', 'list the boards on this network', ['whyota find', 'whyota find --time 10 --json'])
    .addOption(new Option('--time <seconds>', 'how long to look').argParser(positive).default(4))
    .action(handle(async () => (await import('./find.ts')).find));

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
    .action(handle(async () => (await import('./inspect.ts')).inspect));

  command('history [board]', 'what was sent to a board, when, and how it ended', [
    'whyota history',
    'whyota history kitchen --json',
  ]).action(handle(async () => (await import('./history.ts')).history));
  command('forget <board>', 'drop what is remembered of a board', ['whyota forget kitchen']).action(
    handle(async () => (await import('./history.ts')).forget),
  );

  command('password <action> [board]', 'keep OTA passwords where only you can read them: set, remove, list', [
    'whyota password set kitchen',
    'whyota password set kitchen --password-file ota.txt',
    'whyota password list',
  ])
    .option('--password <text>', 'the password (better: leave it out and be asked)')
    .option('--password-file <file>', 'read it from the first line of a file; - for standard input')
    .action(handle(async () => (await import('./password.ts')).password));

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
    .action(handle(async () => (await import('./doctor.ts')).doctor));

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
    .action(handle(async () => (await import('./sketch.ts')).sketch));

  command('explain [cause]', 'the page on one cause of a failed upload, or the list of all', [
    'whyota explain img-8266-two-copies-dont-fit',
    'whyota explain',
  ]).action(handle(async () => (await import('./explain.ts')).explain));

  command('sim', 'run virtual boards that any uploader can flash', [
    'whyota sim --core esp8266@2.3.0 --layout 1M512 --running 253168 --password secret --name myesp8266',
    'whyota sim --count 20 --json',
  ])
    .option('--core <core>', 'core of the running sketch: esp8266@3.1.2, esp32@3.2, rp2040@2.4', 'esp8266@3.1.2')
    .option('--chip <chip>', 'chip of an ESP32-family board, such as esp32-c3')
    .option('--layout <id>', 'flash layout or partition scheme')
    .addOption(new Option('--running <bytes>', "size of the running sketch's .bin").argParser(whole))
    .option('--file <firmware>', 'a real firmware that it runs at the start')
    .option('--password <text>', 'OTA password of its sketch')
    .option('--name <name>', 'host name', 'virtual')
    .addOption(new Option('--count <n>', 'how many, each on its own loopback address').argParser(whole).default(1))
    .option('--address <address>', 'address of the first one', '127.0.0.101')
    .addOption(new Option('--port <port>', "OTA port (default: the family's)").argParser(port))
    .addOption(
      new Option('--sector-time <ms>', 'how long its flash takes for a sector').argParser(nonNegative).default(25),
    )
    .addOption(
      new Option('--boot-time <seconds>', 'how long it takes from restart to being back, besides copying')
        .argParser(nonNegative)
        .default(1),
    )
    .addOption(new Option('--blocks <seconds>', 'its loop() blocks this long after each start; "ever" for good'))
    .option('--serial-flashed', 'as after a flash over USB without a power-cycle')
    .option('--no-mdns', 'does not announce itself')
    .action(handle(async () => (await import('./sim.ts')).sim));

  command('serve <file>', 'offer an image to boards that look for their update themselves', [
    'whyota serve firmware.bin',
    'whyota serve firmware.bin --once --user porch --password-file web.txt',
    'whyota serve firmware.bin --tls-cert cert.pem --tls-key key.pem',
  ])
    .addOption(new Option('--port <port>', 'TCP port to listen on').argParser(port).default(8000))
    .option('--host-address <address>', 'address of this computer to listen on (default: all)')
    .option('--filesystem', 'the file is a file-system image')
    .option('--offer-version <text>', 'a board that names this version is current')
    .option('--user <name>', 'answer only to this user name (basic authentication)')
    .option('--password <text>', 'its password (better: --password-file)')
    .option('--password-file <file>', 'read it from the first line of a file; - for standard input')
    .option('--tls-cert <file>', 'certificate for HTTPS, PEM')
    .option('--tls-key <file>', 'its key, PEM')
    .option('--once', 'end once a board has been sent all of it')
    .action(handle(async () => (await import('./serve.ts')).serve));

  command(
    'install <where> [folder]',
    "put WhyOTA behind the IDE's upload button: arduino, or platformio for one project",
    ['whyota install arduino', 'whyota install arduino --dry-run', 'whyota install platformio ./kitchen'],
  )
    .option('--dry-run', 'only show what would be written')
    .option('--yes', 'do not ask')
    .option('--data <folder>', "Arduino's data folder, with packages in it (default: where it usually is)")
    .option('--sketchbook <folder>', 'the sketchbook (default: as the IDE is set)')
    .action(handle(async () => (await import('./install.ts')).install));
  command('uninstall <where> [folder]', 'take it away again, without a trace', ['whyota uninstall arduino'])
    .option('--dry-run', 'only show what would be taken away')
    .option('--yes', 'do not ask')
    .option('--data <folder>', "Arduino's data folder")
    .option('--sketchbook <folder>', 'the sketchbook')
    .action(handle(async () => (await import('./install.ts')).uninstall));
  command('espota', "what IDEs call in place of espota.py, with espota.py's own words", [
    'whyota espota -i 192.168.1.57 -p 8266 -f firmware.bin',
    'whyota espota --help',
  ]);
  command('discovery', 'for arduino-cli and IDE 2: network ports that their own discovery misses', [
    'echo \'HELLO 1 "me"\' | whyota discovery',
  ]).action(handle(async () => (await import('./discovery.ts')).discovery));

  command('demo', 'see it work without hardware: virtual boards, one good upload, one that fails and why', [
    'whyota demo',
  ]).action(handle(async () => (await import('./demo.ts')).demo));
  return program;
}

const gather = (word: string, before: readonly string[] | undefined): readonly string[] => [...(before ?? []), word];

const number =
  (wanted: string, accepts: (n: number) => boolean) =>
  (word: string): number => {
    const n = Number(word);
    if (word.trim() === '' || !accepts(n))
      throw new CommanderError(1, 'commander.invalidArgument', `error: "${word}" is not ${wanted}`);
    return n;
  };
const whole = number('a whole number from 1 on', (n) => Number.isSafeInteger(n) && n >= 1);
const port = number('a port (1 to 65535)', (n) => Number.isInteger(n) && n >= 1 && n <= 65535);
const positive = number('a number above 0', (n) => n > 0 && n < 1e6);
const nonNegative = number('a number from 0 on', (n) => n >= 0 && n < 1e6);
