/** Words: the hub, and what speaks to it. */
import type { Describe } from './describe.ts';

export const describe: Describe = ({ command, handle }) => {
  const hub = command(
    'hub',
    'the server that sees every board, moves its pins and updates it; its console is a web page',
    ['whyota hub', 'whyota hub --listen 192.168.1.5:8080 --tls-self-signed', 'whyota hub --reset-owner'],
  )
    .option('--data <folder>', "folder of its database, firmware files and key (default: the user's data folder)")
    .option('--listen <address:port>', 'where console, API and boards reach it', '0.0.0.0:8080')
    .option('--tls-cert <file>', 'certificate for HTTPS, PEM')
    .option('--tls-key <file>', 'its key, PEM')
    .option('--tls-self-signed', 'make a certificate of its own; browsers ask once whether to trust it')
    .option('--rescue', 'take in boards whose sketch waits for the dead Blynk cloud, so that they can be flashed again')
    .option('--no-discovery', 'do not look for boards that announce themselves')
    .option('--reset-owner', 'print a new one-time link that makes the owner account anew')
    .option('--install', 'start it with this computer: a systemd unit, of the system with sudo, else of this user')
    .option('--uninstall', 'take that away again')
    .option('--dry-run', 'of --install: only show what would be written')
    .option('--yes', 'of --install: do not ask')
    .action(handle(async () => (await import('../hub.ts')).hub));

  command(
    'backup <file>',
    'all that the hub keeps, in one file; made while it runs',
    ['whyota hub backup hub-monday.db'],
    hub,
  ).action(handle(async () => (await import('../hub-backup.ts')).backup));
  command(
    'restore <file>',
    'put a backup back, while the hub does not run',
    ['whyota hub restore hub-monday.db'],
    hub,
  ).action(handle(async () => (await import('../hub-backup.ts')).restore));
  command(
    'import <folder>',
    'take over the devices of a legacy Blynk server: their tokens, names and pins',
    ['whyota hub import ~/blynk-data'],
    hub,
  ).action(handle(async () => (await import('../hub-import.ts')).takeOver));
};
