/** whyota discovery: what arduino-cli and IDE 2 start to hear of network ports. Lists only what their own mDNS discovery does not
 *  see: boards on links that it skips, names that it misses, and remembered boards that are there without announcing. */
import { createInterface } from 'node:readline';
import { type Device, openBrowser } from '#discovery/index.ts';
import { type DiscoveryEvent, discovering, initial, type Port } from '#integrations/index.ts';
import { millis, seconds } from '#values/index.ts';
import { done, type Ending, type Setting } from './command.ts';
import { hostMemory } from './host.ts';
import { afterCoreUpdate } from './install.ts';
import { hostWorld } from './world.ts';

/** How often remembered boards are asked whether they are there. */
const pingEvery = seconds(20);

export async function discovery(
  _words: readonly string[],
  _options: Record<string, unknown>,
  { signal }: Setting,
): Promise<Ending> {
  const world = hostWorld();
  const lines = createInterface({ input: process.stdin });
  const ended = new AbortController();
  const over = AbortSignal.any([signal, ended.signal]);
  let looking: AbortController | undefined;
  let state = initial;

  const happen = (event: DiscoveryEvent): void => {
    const [next, effects] = discovering(state, event);
    state = next;
    for (const effect of effects) {
      if (effect.do === 'answer') process.stdout.write(`${JSON.stringify(effect.message)}\n`);
      else if (effect.do === 'look') {
        looking = new AbortController();
        void look(AbortSignal.any([over, looking.signal]));
      } else if (effect.do === 'rest') looking?.abort();
      else ended.abort();
    }
  };

  async function look(until: AbortSignal): Promise<void> {
    let announced: readonly Port[] = [];
    let all: readonly Device[] = [];
    let remembered: readonly Port[] = [];
    const tell = (): void => {
      const known = new Set(all.flatMap(({ addresses }) => addresses));
      if (!until.aborted)
        happen({ kind: 'ports', ports: [...announced, ...remembered.filter(({ address }) => !known.has(address))] });
    };
    const browser = await openBrowser(
      world,
      { services: ['_arduino._tcp'] },
      {
        tell() {
          all = browser.devices();
          announced = all.filter((device) => unseenByMdnsDiscovery(device)).flatMap(portOf);
          tell();
        },
      },
    );
    while (!until.aborted) {
      remembered = await answering(until);
      tell();
      await world.clock.sleep(pingEvery, 'the next ping', until);
    }
    browser.close();
  }

  async function answering(until: AbortSignal): Promise<readonly Port[]> {
    const boards = await hostMemory().all();
    const ports = await Promise.all(
      boards.slice(0, 200).map(async ({ name, address, port }): Promise<Port[]> => {
        const pinged = await world.ping.ping(address, { count: 1, interval: millis(200), timeout: seconds(1) }, until);
        return pinged?.replies.some((reply) => reply !== undefined)
          ? [{ address, port, label: `${name} at ${address}`, properties: { hostname: `${name}.` } }]
          : [];
      }),
    );
    return ports.flat();
  }

  // stderr is free for words to people.
  void afterCoreUpdate((line) => process.stderr.write(`${line}\n`)).catch(() => {});
  lines.on('line', (line) => happen({ kind: 'line', line }));
  lines.on('close', () => ended.abort());
  await new Promise<void>((resolve) => {
    if (over.aborted) resolve();
    over.addEventListener('abort', () => resolve(), { once: true });
  });
  lines.close();
  process.stdin.destroy();
  return done;
}

/** What arduino/mdns-discovery leaves out (main.go): interfaces by name, loopback among them, and host names with an underscore. */
const unseenByMdnsDiscovery = ({ links, host = '' }: Device): boolean =>
  host.includes('_') || links.every((link) => /^(vEthernet|VMnet|lo\d*$|Loopback)/i.test(link));

const portOf = ({ name, host, addresses, port, board, passwordNeeded }: Device): Port[] => {
  const address = addresses.find((one) => !one.includes(':'));
  if (!address || !port) return [];
  return [
    {
      address,
      port,
      label: `${name} at ${address}`,
      properties: {
        hostname: `${host ?? name}.`,
        ...(board ? { board, '.': board } : {}),
        auth_upload: passwordNeeded ? 'yes' : 'no',
        tcp_check: 'no',
        ssh_upload: 'no',
      },
    },
  ];
};
