/** The program: reads the command line with the words in words/, and says how the run ends. Each command's own code is
 *  loaded when it is asked for. */
import { Command, CommanderError } from 'commander';
import type { Ending } from './command.ts';
import { type Desk, openDesk, plain } from './desk.ts';
import type { Describing } from './words/describe.ts';
import { describersFor } from './words/index.ts';

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

  const handle: Describing['handle'] =
    (load) =>
    async (...passed) => {
      const command = passed.at(-1) as Command;
      const options = command.optsWithGlobals();
      const desk = openDesk({
        json: options['json'] === true,
        quiet: options['quiet'] === true,
        verbose: options['verbose'] === true,
        color: options['color'] === false ? false : undefined,
      });
      const handler = await load();
      ended(desk, await withSignal((signal) => handler(command.args, options, { desk, signal })));
    };

  const program = bareProgram(version);
  const describing: Describing = { handle, command: (...about) => command(program, ...about) };
  for (const describe of await describersFor(words)) describe(describing);
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

function bareProgram(version: string): Command {
  return new Command()
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
}

const command = (
  program: Command,
  words: string,
  summary: string,
  examples: readonly string[],
  under: Command = program,
): Command =>
  under
    .command(words)
    .description(summary)
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}`);
