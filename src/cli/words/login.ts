/** Words: the command line and a hub. */
import { Option } from 'commander';
import type { Describe } from './describe.ts';

export const describe: Describe = ({ command, handle }) => {
  command('login <hub>', 'give this command line a token of a hub, for `flash --via <hub>`', [
    'whyota login hub.local',
    'whyota login https://hub.local:8443',
    'whyota login hub.local --token-file token.txt',
    'whyota login hub.local --forget',
  ])
    .option('--user <name>', "name of the hub's owner (default: it is asked)")
    .option('--password-file <file>', 'read the password from the first line of a file; - for standard input')
    .addOption(
      new Option('--scope <scope>', 'what this computer may do')
        .choices(['read', 'control', 'flash', 'admin'])
        .default('flash'),
    )
    .option('--token <token>', 'a token that was made in the console (better: --token-file)')
    .option('--token-file <file>', 'read the token from a file; - for standard input')
    .option('--fingerprint <hex>', 'of a certificate that the hub made itself, as it prints it')
    .option('--forget', 'forget the token of this hub')
    .action(handle(async () => (await import('../login.ts')).login));
};
