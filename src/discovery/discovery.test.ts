import { describe, expect, it } from 'vitest';
import { settle } from '#node/index.ts';
import { type Announced, arduinoService } from '#protocols/mdns/index.ts';
import { seconds, seeded } from '#values/index.ts';
import { type VirtualNode, virtualClock, virtualNetwork } from '#virtual/index.ts';
import { announce } from './announcer.fixture.ts';
import { type BrowseTrouble, type Device, find, identifyAddress, resolve, watch } from './index.ts';

/** A home: a host, and boards that announce themselves. */
function home(seed = 1) {
  const clock = virtualClock({ settle });
  const network = virtualNetwork({ clock, random: seeded(seed) });
  const host = network.host({ name: 'pc', interfaces: [{ address: '10.0.0.2', name: 'eth0' }] });
  return {
    clock,
    network,
    host,
    async board(
      name: string,
      address: string,
      rest: Partial<Announced> & { segment?: string; hostName?: string } = {},
    ) {
      const { segment, hostName = name, ...announced } = rest;
      const node = network.board({ name: address, interfaces: [{ address, ...(segment && { segment }) }] });
      const announcer = await clock.run(
        announce(node, {
          host: `${hostName}.local`,
          addresses: [address],
          services: [arduinoService({ name, port: 8266, board: 'd1_mini', password: true })],
          ...announced,
        }),
      );
      return { node, announcer };
    },
    find: (time = seconds(4), world: VirtualNode = host): Promise<readonly Device[]> =>
      clock.run(find(world, { time })),
  };
}
const names = (devices: readonly Device[]): string[] => devices.map(({ name }) => name);
const service = (type: string, name: string, port: number, txt: readonly string[]) => ({ type, name, port, txt });

describe('finding boards', () => {
  it('tells of each board as soon as it answers, once, and gives all in the end', async () => {
    const { clock, host, board } = home();
    await board('kitchen', '10.0.0.7');
    await board('attic', '10.0.0.8');
    const told: [number, string][] = [];
    const start = clock.now();
    const devices = await clock.run(
      find(host, { time: seconds(4), seen: ({ name }) => told.push([clock.now() - start, name]) }),
    );
    expect(told.map(([, name]) => name).sort()).toEqual(['attic', 'kitchen']);
    expect(told.every(([at]) => at < 20)).toBe(true);
    expect(devices[1]).toEqual({
      name: 'kitchen',
      host: 'kitchen.local',
      addresses: ['10.0.0.7'],
      port: 8266,
      firmware: 'ArduinoOTA',
      family: 'esp8266',
      chip: 'ESP8266',
      board: 'd1_mini',
      passwordNeeded: true,
      flashable: true,
      links: ['eth0'],
      services: ['_arduino._tcp'],
    });
    expect(host.sockets().udp).toBe(0);
  });

  it('says what other firmwares announce: kind, version, board, chip', async () => {
    const { board, find } = home();
    await board('garage', '10.0.0.9', {
      services: [
        service('_esphomelib._tcp', 'garage', 6053, [
          'friendly_name=Garage',
          'version=2024.10.2',
          'mac=A4CF12345678',
          'platform=ESP32',
          'board=esp32-c3-devkitm-1',
        ]),
        service('_http._tcp', 'garage', 80, []),
      ],
    });
    await board('lamp', '10.0.0.10', {
      services: [service('_wled._tcp', 'lamp', 80, ['mac=a4cf12345679']), service('_http._tcp', 'lamp', 80, [])],
    });
    await board('tasmota-1234', '10.0.0.11', { services: [service('_http._tcp', 'tasmota-1234', 80, [])] });
    await board('printer', '10.0.0.12', { services: [service('_http._tcp', 'printer', 80, [])] });
    const devices = await find();
    expect(devices).toMatchObject([
      {
        name: 'garage',
        firmware: 'ESPHome',
        version: '2024.10.2',
        chip: 'ESP32-C3',
        mac: 'a4cf12345678',
        flashable: false,
      },
      { name: 'lamp', firmware: 'WLED', mac: 'a4cf12345679', flashable: false },
      { name: 'tasmota-1234', firmware: 'Tasmota', flashable: false },
    ]);
  });

  it('finds the pickiest responder, and says that its update goes another way', async () => {
    const { board, find } = home();
    await board('mkr', '10.0.0.7', {
      onlyExactQuery: true,
      services: [arduinoService({ name: 'mkr', port: 65280, board: 'arduino', password: true })],
    });
    expect(await find()).toMatchObject([{ name: 'mkr', flashable: false, whyNot: expect.stringContaining('HTTP') }]);
  });

  it('finds them all although a third of all packets is lost', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { network, board, find } = home(seed);
      network.segment().weather = { latency: 2, loss: 0.33 };
      for (let at = 0; at < 5; at++) await board(`board${at}`, `10.0.0.${10 + at}`);
      expect(names(await find(seconds(60))), `seed ${seed}`).toHaveLength(5);
    }
  });

  it('is not disturbed by garbage on the port', async () => {
    const { clock, network, board, find } = home();
    await board('kitchen', '10.0.0.7');
    const fool = network.host({ name: 'fool', interfaces: [{ address: '10.0.0.66' }] });
    const group = { address: '224.0.0.251', port: 5353 };
    const socket = await clock.run(fool.udp.open({}, { datagram: () => {}, trouble: () => {} }));
    const random = seeded(7);
    for (let i = 0; i < 200; i++) {
      const bytes = Uint8Array.from({ length: 1 + Math.floor(random() * 80) }, () => random() * 256);
      clock.after(i * 10, 'garbage', () => 'send' in socket && socket.send(bytes, group));
    }
    expect(names(await find())).toEqual(['kitchen']);
  });

  it('finds nothing where multicast is filtered, and ends in time', async () => {
    const { clock, network, board, find } = home();
    network.segment().multicast = 'filtered';
    await board('kitchen', '10.0.0.7');
    const start = clock.now();
    expect(await find()).toEqual([]);
    expect(clock.now() - start).toBe(4000);
  });

  it('listens on every interface and says on which one a board was heard', async () => {
    const { network, board, find } = home();
    const pc = network.host({
      name: 'two legs',
      interfaces: [
        { address: '10.0.0.3', name: 'eth0' },
        { address: '192.168.4.3', name: 'wlan0', segment: 'wifi' },
      ],
    });
    await board('wired', '10.0.0.7');
    await board('wireless', '192.168.4.7', { segment: 'wifi' });
    expect((await find(seconds(4), pc)).map(({ name, links }) => [name, ...links])).toEqual([
      ['wired', 'eth0'],
      ['wireless', 'wlan0'],
    ]);
  });

  it('keeps two boards of one name apart', async () => {
    const { board, find } = home();
    await board('esp', '10.0.0.7');
    await board('esp', '10.0.0.8');
    expect((await find()).map(({ addresses }) => addresses)).toEqual([['10.0.0.7'], ['10.0.0.8']]);
  });

  it.each([
    ['under_score', 'under_score'],
    ['living room "left"', 'living room "left"'],
    ['Küche', 'Küche'],
    ['evil\u001b[2Jname', 'evil\ufffd[2Jname'],
  ])('shows the odd name %j so that a terminal survives it', async (name, shown) => {
    const { board, find } = home();
    await board(name, '10.0.0.7', { hostName: 'odd' });
    expect(names(await find())).toEqual([shown]);
  });

  it('goes on by answers to itself alone when port 5353 can not be shared, and says so', async () => {
    const { clock, host, board } = home();
    await board('kitchen', '10.0.0.7');
    await clock.run(host.udp.open({ bind: { port: 5353 } }, { datagram: () => {}, trouble: () => {} }));
    const troubles: BrowseTrouble[] = [];
    const devices = await clock.run(find(host, { time: seconds(4), trouble: (trouble) => troubles.push(trouble) }));
    expect(names(devices)).toEqual(['kitchen']);
    expect(troubles).toContainEqual({
      link: 'eth0',
      means: 'alone',
      trouble: { kind: 'in-use', detail: 'EADDRINUSE' },
    });
  });

  it('ends at once when it is interrupted', async () => {
    const { clock, host, board } = home();
    await board('kitchen', '10.0.0.7');
    const stop = new AbortController();
    clock.after(500, 'Ctrl-C', () => stop.abort());
    const start = clock.now();
    await clock.run(find(host, { time: seconds(60), signal: stop.signal }));
    expect(clock.now() - start).toBe(500);
    expect(host.sockets().udp).toBe(0);
  });
});

describe('resolving a target', () => {
  it.each(['kitchen', 'KITCHEN', 'kitchen.local', 'Kitchen.local.'])(
    'finds %s by mDNS with its own port, quickly',
    async (typed) => {
      const { clock, host, board } = home();
      await board('kitchen', '10.0.0.7', {
        services: [arduinoService({ name: 'kitchen', port: 3333, board: 'esp32', password: false })],
      });
      const start = clock.now();
      expect(await clock.run(resolve(host, typed))).toMatchObject({
        ok: true,
        value: {
          name: typed.replace(/\.local\.?$/, ''),
          endpoints: [{ address: '10.0.0.7', port: 3333, via: 'mdns', guessed: false }],
          device: { family: 'esp32' },
        },
      });
      expect(clock.now() - start).toBeLessThan(300);
    },
  );

  it('takes an address as it is, and the usual ports in order where none is said', async () => {
    const { clock, host } = home();
    const endpointsOf = async (typed: string) => {
      const resolved = await clock.run(resolve(host, typed));
      return resolved.ok ? resolved.value.endpoints.map(({ address, port }) => [address, port]) : resolved.problem.code;
    };
    expect(await endpointsOf('10.0.0.7')).toEqual([
      ['10.0.0.7', 8266],
      ['10.0.0.7', 3232],
      ['10.0.0.7', 2040],
    ]);
    expect(await endpointsOf('10.0.0.7:9999')).toEqual([['10.0.0.7', 9999]]);
    expect(await endpointsOf('[fe80::1]:3232')).toEqual([['fe80::1', 3232]]);
    expect(await endpointsOf('')).toBe('target-unreadable');
    expect(await endpointsOf('10.0.0.7:99999')).toBe('target-unreadable');
  });

  it('asks the host by its mDNS name when it announces no OTA service', async () => {
    const { clock, host, board } = home();
    await board('silent', '10.0.0.7', { services: [] });
    const start = clock.now();
    expect(await clock.run(resolve(host, 'silent', { family: 'esp32' }))).toMatchObject({
      value: { endpoints: [{ address: '10.0.0.7', port: 3232, via: 'mdns', guessed: true }] },
    });
    expect(clock.now() - start).toBeLessThan(1600);
  });

  it('finds a board although a third of all packets is lost', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { clock, network, host, board } = home(seed);
      network.segment().weather = { latency: 2, loss: 0.33 };
      await board('kitchen', '10.0.0.7');
      const resolved = await clock.run(resolve(host, 'kitchen', { time: seconds(30) }));
      const places = resolved.ok ? resolved.value.endpoints : [];
      expect(places[0], `seed ${seed}`).toMatchObject({ address: '10.0.0.7', port: 8266, via: 'mdns' });
    }
  });

  it('asks DNS too, and trusts memory last', async () => {
    const { clock, network, host } = home();
    network.names.set('kitchen.lan', ['10.0.0.7']);
    expect(await clock.run(resolve(host, 'kitchen.lan:8266'))).toMatchObject({
      value: { endpoints: [{ address: '10.0.0.7', port: 8266, via: 'dns' }] },
    });
    const remembered = [{ address: '10.0.0.9', port: 8266 }];
    expect(await clock.run(resolve(host, 'attic', { remembered }))).toMatchObject({
      value: { endpoints: [{ address: '10.0.0.9', port: 8266, via: 'memory' }] },
    });
  });

  it('says what it saw and what was probably meant when nothing has that name', async () => {
    const { clock, host, board } = home();
    await board('kitchen', '10.0.0.7');
    expect(await clock.run(resolve(host, 'kitchn'))).toMatchObject({
      ok: false,
      problem: {
        code: 'disc-name-unresolvable',
        blame: 'person',
        fix: expect.stringContaining('did you mean kitchen?'),
        details: ['seen: kitchen at 10.0.0.7 (ArduinoOTA)'],
      },
    });
  });

  it('refuses to choose between two boards of one name', async () => {
    const { clock, host, board } = home();
    await board('esp', '10.0.0.7');
    await board('esp', '10.0.0.8');
    for (const address of ['10.0.0.7', '10.0.0.8'])
      await clock.run(host.ping.ping(address, { count: 1, interval: seconds(1), timeout: seconds(1) }));
    expect(await clock.run(resolve(host, 'esp'))).toMatchObject({
      problem: { code: 'disc-hostname-collision', fix: expect.stringContaining('--to 10.0.0.7 or --to 10.0.0.8') },
    });
  });

  it('says so when the board takes no updates by ArduinoOTA', async () => {
    const { clock, host, board } = home();
    await board('garage', '10.0.0.9', {
      services: [service('_esphomelib._tcp', 'garage', 6053, ['version=2024.10.2'])],
    });
    expect(await clock.run(resolve(host, 'garage'))).toMatchObject({ problem: { code: 'board-updates-otherwise' } });
  });

  it('tells an interrupted search from a failed one', async () => {
    const { clock, host } = home();
    const stop = new AbortController();
    clock.after(100, 'Ctrl-C', () => stop.abort());
    expect(await clock.run(resolve(host, 'kitchen', { signal: stop.signal }))).toMatchObject({
      problem: { code: 'interrupted' },
    });
  });

  it('knows by its address who a board is', async () => {
    const { clock, host, board } = home();
    await board('kitchen', '10.0.0.7');
    expect(await clock.run(identifyAddress(host, '10.0.0.7'))).toMatchObject({ name: 'kitchen', port: 8266 });
    expect(await clock.run(identifyAddress(host, '10.0.0.99'))).toBeUndefined();
  });
});

describe('watching a board', () => {
  it('hears its goodbye and its return, even at another address', async () => {
    const { clock, host, board } = home();
    const { announcer } = await board('kitchen', '10.0.0.7');
    const heard: string[] = [];
    const stop = new AbortController();
    const on = {
      seen: (build: string | undefined, { addresses }: { addresses: readonly string[] }) =>
        void heard.push(`seen ${addresses} ${build ?? '-'}`),
      gone: () => void heard.push('gone'),
    };
    await clock.run(watch(host, { address: '10.0.0.7', name: 'kitchen' }, on, stop.signal));
    await clock.runFor(seconds(2));
    announcer.stop();
    await clock.runFor(seconds(1));
    await board('kitchen', '10.0.0.20', {
      services: [{ type: '_arduino._tcp', name: 'kitchen', port: 8266, txt: ['board=d1_mini', 'build=42'] }],
    });
    await clock.runFor(seconds(1));
    stop.abort();
    expect([...new Set(heard)]).toEqual(['seen 10.0.0.7 -', 'gone', 'seen 10.0.0.20 42']);
    expect(host.sockets().udp).toBe(0);
  });
});
