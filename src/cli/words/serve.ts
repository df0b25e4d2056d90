/** Words: offering updates to boards that fetch them. */
import { Option } from 'commander';
import type { Describe } from './describe.ts';
import { port } from './values.ts';

export const describe: Describe = ({ command, handle }) => {
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
    .action(handle(async () => (await import('../serve.ts')).serve));
};
