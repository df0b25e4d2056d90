/** Words: boards: finding them, and what is remembered of them. */
import { Option } from 'commander';
import type { Describe } from './describe.ts';
import { positive } from './values.ts';

export const describe: Describe = ({ command, handle }) => {
  command('find', 'list the boards on this network', ['whyota find', 'whyota find --time 10 --json'])
    .addOption(new Option('--time <seconds>', 'how long to look').argParser(positive).default(4))
    .action(handle(async () => (await import('../find.ts')).find));

  command('history [board]', 'what was sent to a board, when, and how it ended', [
    'whyota history',
    'whyota history kitchen --json',
  ]).action(handle(async () => (await import('../history.ts')).history));

  command('forget <board>', 'drop what is remembered of a board', ['whyota forget kitchen']).action(
    handle(async () => (await import('../history.ts')).forget),
  );

  command('password <action> [board]', 'keep OTA passwords where only you can read them: set, remove, list', [
    'whyota password set kitchen',
    'whyota password set kitchen --password-file ota.txt',
    'whyota password list',
  ])
    .option('--password <text>', 'the password (better: leave it out and be asked)')
    .option('--password-file <file>', 'read it from the first line of a file; - for standard input')
    .action(handle(async () => (await import('../password.ts')).password));
};
