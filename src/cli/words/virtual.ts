/** Words: boards that need no hardware. */
import { Option } from 'commander';
import type { Describe } from './describe.ts';
import { nonNegative, port, whole } from './values.ts';

export const describe: Describe = ({ command, handle }) => {
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
    .option('--pull <url>', 'its sketch looks for its update there too: http://<address>:<port>/<path>')
    .addOption(new Option('--pull-every <seconds>', 'from one look to the next').argParser(nonNegative).default(10))
    .option('--blynk <address:port>', 'its sketch speaks to a Blynk server there')
    .option('--blynk-token <token>', 'with which token', '0'.repeat(32))
    .option('--blynk-library <version>', 'by which version of the library', '0.6.1')
    .addOption(
      new Option(
        '--blynk-call <how>',
        'Blynk.begin() waits for the server before ArduinoOTA; Blynk.run() tries in loop()',
      )
        .choices(['begin', 'run'])
        .default('run'),
    )
    .option('--serial-flashed', 'as after a flash over USB without a power-cycle')
    .option('--no-mdns', 'does not announce itself')
    .action(handle(async () => (await import('../sim.ts')).sim));

  command('demo', 'see it work without hardware: virtual boards, one good upload, one that fails and why', [
    'whyota demo',
  ]).action(handle(async () => (await import('../demo.ts')).demo));
};
