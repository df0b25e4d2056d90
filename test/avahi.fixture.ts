// Our mDNS halves on real sockets, as a process of its own so that it can live in a network namespace.
//   node test/avahi.fixture.ts find SECONDS                      prints the devices as JSON
//   node test/avahi.fixture.ts announce NAME PORT ADDRESS BOARD  announces until it is told to end
import { clock, realWorld, udp } from '#node/index.ts';
import { arduinoService } from '#protocols/mdns/index.ts';
import { seconds } from '#values/index.ts';
import { announce } from '../src/discovery/announcer.fixture.ts';
import { type BrowseTrouble, find } from '../src/discovery/index.ts';

const [what, ...words] = process.argv.slice(2);

if (what === 'find') {
  const troubles: BrowseTrouble[] = [];
  const time = seconds(Number(words[0]));
  const devices = await find(realWorld(), { time, trouble: (trouble) => troubles.push(trouble) });
  console.log(JSON.stringify({ devices, troubles }));
} else {
  const [name = '', port, address = '', board = ''] = words;
  const services = [arduinoService({ name, port: Number(port), board, password: true })];
  const announcer = await announce({ clock, udp }, { host: `${name}.local`, addresses: [address], services });
  console.log('announced');
  const forEver = setInterval(() => {}, 60_000);
  process.once('SIGTERM', () => {
    clearInterval(forEver);
    announcer.stop();
  });
}
