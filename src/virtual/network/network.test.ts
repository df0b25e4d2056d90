import { describe, expect, it } from 'vitest';
import { ascii, seconds, text } from '#values/index.ts';
import type { Firewall } from './firewall.ts';
import { boardAddress, hearing, hostAddress, house, listening } from './world.fixture.ts';

const port = 8266;
const toBoard = { address: boardAddress, port };

/** How many of so many datagrams arrive, and in which order. */
async function sent(place: ReturnType<typeof house>, count: number): Promise<number[]> {
  const { clock, host, board } = place;
  const { heard } = await hearing(board.udp, { bind: { port } }, clock);
  const { socket } = await hearing(host.udp, {}, clock);
  for (let i = 0; i < count; i++) {
    socket.send(ascii(String(i)), toBoard);
    await clock.runFor(1);
  }
  await clock.idle();
  return heard.map(Number);
}

describe('weather', () => {
  it('loses the share of packets that it is told to, the same ones for the same seed', async () => {
    const lossy = await sent(house({ weather: { loss: 0.2 } }), 1000);
    expect(lossy.length).toBeGreaterThan(750);
    expect(lossy.length).toBeLessThan(850);
    expect(await sent(house({ weather: { loss: 0.2 } }), 1000)).toEqual(lossy);
    expect(await sent(house({ weather: { loss: 0.2 }, seed: 2 }), 1000)).not.toEqual(lossy);
  });

  it('duplicates', async () => {
    expect(await sent(house({ weather: { duplicate: 1 } }), 2)).toEqual([0, 0, 1, 1]);
  });

  it('keeps the order under jitter, and breaks it only when told to', async () => {
    const ordered = Array.from({ length: 100 }, (_, i) => i);
    expect(await sent(house({ weather: { latency: 5, jitter: 50 } }), 100)).toEqual(ordered);
    const mixed = await sent(house({ weather: { reorder: 0.3 } }), 100);
    expect(mixed).not.toEqual(ordered);
    expect(mixed.sort((a, b) => a - b)).toEqual(ordered);
  });

  it('delays each way', async () => {
    const { clock, host, board } = house({ weather: { latency: 10 } });
    await hearing(board.udp, { bind: { port } }, clock, () => 'OK');
    const { socket, at } = await hearing(host.udp, { connect: toBoard }, clock);
    socket.send(ascii('1\n'));
    await clock.idle();
    expect(at).toEqual([20]);
  });

  it('can be one-way, adds up along the way, and changes at any time', async () => {
    const { clock, host, board, network } = house({ weather: { latency: 10 } });
    const { heard: boardHeard } = await hearing(board.udp, { bind: { port } }, clock, () => 'OK');
    const { socket, heard, at } = await hearing(host.udp, { connect: toBoard }, clock);
    board.link().out = { loss: 1 };
    socket.send(ascii('first'));
    await clock.idle();
    expect([boardHeard, heard]).toEqual([['first'], []]);
    board.link().out = { latency: 5 };
    network.segment().weather = { latency: 1 };
    const before = clock.now();
    socket.send(ascii('second'));
    await clock.idle();
    expect(heard).toEqual(['OK']);
    expect(at.map((time) => time - before)).toEqual([7]);
  });

  it('keeps what is sent to a sleeping station until the next beacon', async () => {
    const { clock, host, board } = house({ board: { interfaces: [{ address: boardAddress, link: { beacon: 100 } }] } });
    const { at } = await hearing(board.udp, { bind: { port } }, clock);
    const { socket } = await hearing(host.udp, {}, clock);
    for (const wait of [10, 80, 110]) {
      await clock.runFor(wait);
      socket.send(ascii('wake up'), toBoard);
    }
    await clock.idle();
    expect(at).toEqual([100, 100, 200]);
  });
});

describe('a closed port', () => {
  it('is told to a connected UDP socket only, for each datagram', async () => {
    const { clock, host } = house();
    const connected = await hearing(host.udp, { connect: toBoard }, clock);
    const free = await hearing(host.udp, {}, clock);
    for (let i = 0; i < 2; i++) connected.socket.send(ascii('1\n'));
    free.socket.send(ascii('1\n'), toBoard);
    await clock.idle();
    expect([connected.heard, free.heard]).toEqual([['refused', 'refused'], []]);
  });

  it('refuses a TCP call', async () => {
    const { clock, host } = house();
    const { end, events } = listening(clock);
    end.connection = host.tcp.connect(toBoard, {}, events);
    await clock.idle();
    expect(end.said).toEqual(['refused at 0']);
  });
});

describe('an address', () => {
  it('of nobody is unreachable for TCP after three seconds, and silent for UDP', async () => {
    const { clock, host } = house();
    const absent = { address: '192.168.1.77', port };
    const { end, events } = listening(clock);
    end.connection = host.tcp.connect(absent, {}, events);
    const { socket, heard } = await hearing(host.udp, { connect: absent }, clock);
    socket.send(ascii('1\n'));
    await clock.idle();
    expect(end.said).toEqual(['unreachable at 3060']);
    expect(heard).toEqual([]);
    expect(await host.neighbours.table()).toEqual([{ address: '192.168.1.77' }]);
  });

  it('without a route is unreachable at once', async () => {
    const { clock, host } = house();
    const { end, events } = listening(clock);
    end.connection = host.tcp.connect({ address: '8.8.8.8', port: 53 }, {}, events);
    await clock.idle();
    expect(end.said).toEqual(['unreachable at 0']);
    expect(await host.routes.to('8.8.8.8')).toBeUndefined();
  });

  it('that two boards share belongs now to one and now to the other', async () => {
    const { clock, host, board, network } = house();
    const twin = network.board({ name: 'twin', interfaces: [{ address: boardAddress }] });
    await hearing(board.udp, { bind: { port } }, clock, () => 'board');
    await hearing(twin.udp, { bind: { port } }, clock, () => 'twin');
    const { socket, heard } = await hearing(host.udp, { connect: toBoard }, clock);
    for (let minute = 0; minute < 20; minute++) {
      socket.send(ascii('who?'));
      await clock.runFor(seconds(61));
    }
    expect(new Set(heard)).toEqual(new Set(['board', 'twin']));
  });

  it('is known with its hardware address once it has answered', async () => {
    const { clock, host } = house({
      board: { interfaces: [{ address: boardAddress, mac: '5c:cf:7f:00:11:22' }] },
    });
    await clock.run(host.ping.ping(boardAddress, { count: 1, interval: 0, timeout: 100 }));
    expect(await host.neighbours.table()).toEqual([{ address: boardAddress, mac: '5c:cf:7f:00:11:22' }]);
  });
});

describe('ping', () => {
  it('measures round trips and counts what is lost', async () => {
    const { clock, host, board } = house({ weather: { latency: 10 } });
    const options = { count: 3, interval: seconds(1), timeout: seconds(1) };
    expect(await clock.run(host.ping.ping(boardAddress, options))).toEqual({ replies: [20, 20, 20] });
    board.link().in = { loss: 1 };
    expect(await clock.run(host.ping.ping(boardAddress, options))).toEqual({
      replies: [undefined, undefined, undefined],
    });
  });

  it('is not answered by a firewall that drops it', async () => {
    const { clock, host } = house({ board: { firewall: { echo: 'drop' } } });
    expect(await clock.run(host.ping.ping(boardAddress, { count: 1, interval: 0, timeout: 50 }))).toEqual({
      replies: [undefined],
    });
  });
});

describe('a firewall', () => {
  const dial = async (firewall: Firewall) => {
    const { clock, host, board } = house({ host: { firewall } });
    await host.tcp.listen({ port: 4000 }, { connection: () => {}, trouble: () => {} });
    const { end, events } = listening(clock);
    end.connection = board.tcp.connect({ address: hostAddress, port: 4000 }, {}, events);
    await clock.runFor(seconds(200));
    return end.said.join();
  };

  it('drops in silence, so that the caller gives up only after its last retry', async () => {
    expect(await dial({ tcp: 'drop' })).toBe('timed-out at 190500');
  });
  it('rejects, so that the caller knows at once', async () => {
    expect(await dial({ tcp: 'reject' })).toBe('refused at 0');
  });
  it('lets in what is on its list', async () => {
    expect(await dial({ tcp: 'drop', allow: [{ protocol: 'tcp', port: 4000 }] })).toBe('connected at 0');
  });

  it('lets answers in, and nobody else', async () => {
    const { clock, host, board } = house({ host: { firewall: { udp: 'drop' } } });
    const answering = await hearing(board.udp, { bind: { port } }, clock, () => 'OK');
    const { socket, heard } = await hearing(host.udp, { bind: { port: 5000 } }, clock);
    answering.socket.send(ascii('unasked'), { address: hostAddress, port: 5000 });
    await clock.idle();
    socket.send(ascii('1\n'), toBoard);
    await clock.idle();
    expect(heard).toEqual(['OK']);
  });

  it('that rejects UDP looks like a closed port', async () => {
    const { clock, host, board } = house({ board: { firewall: { udp: 'reject' } } });
    await hearing(board.udp, { bind: { port } }, clock);
    const { socket, heard } = await hearing(host.udp, { connect: toBoard }, clock);
    socket.send(ascii('1\n'));
    await clock.idle();
    expect(heard).toEqual(['refused']);
  });
});

describe('multicast and broadcast', () => {
  const group = '224.0.0.251';
  const asks = async (rules: object) => {
    const { clock, host, board, network } = house();
    Object.assign(network.segment(), rules);
    const multicast = (at: string) => ({ bind: { port: 5353 }, multicast: { group, interface: at } });
    await hearing(board.udp, multicast(boardAddress), clock, () => 'here');
    const { socket, heard } = await hearing(host.udp, multicast(hostAddress), clock);
    socket.send(ascii('who?'), { address: group, port: 5353 });
    await clock.idle();
    return heard;
  };

  it('reach the members of a group, the sender among them', async () => {
    expect(await asks({})).toEqual(['who?', 'here']);
  });
  it('are not passed on where multicast is filtered or clients are kept apart', async () => {
    expect(await asks({ multicast: 'filtered' })).toEqual(['who?']);
    expect(await asks({ isolation: true })).toEqual(['who?']);
  });
  it('reach everybody on the link by its last address', async () => {
    const { clock, host, board } = house();
    const { heard } = await hearing(board.udp, { bind: { port } }, clock);
    const { socket } = await hearing(host.udp, {}, clock);
    socket.send(ascii('subnet'), { address: '192.168.1.255', port });
    socket.send(ascii('all'), { address: '255.255.255.255', port });
    await clock.idle();
    expect(heard).toEqual(['subnet', 'all']);
  });
});

describe('client isolation', () => {
  it('makes the other client look absent', async () => {
    const { clock, host, network } = house();
    network.segment().isolation = true;
    const { end, events } = listening(clock);
    end.connection = host.tcp.connect(toBoard, {}, events);
    await clock.idle();
    expect(end.said).toEqual(['unreachable at 3060']);
  });
});

describe('two interfaces', () => {
  it('on one subnet: packets leave by the first, whatever their source says', async () => {
    const { clock, network, board } = house();
    const two = network.host({
      name: 'laptop',
      interfaces: [
        { address: '192.168.1.10', name: 'eth0', segment: 'other cable' },
        { address: '192.168.1.11', name: 'wlan0' },
      ],
    });
    const { heard, from } = await hearing(board.udp, { bind: { port } }, clock);
    const { socket } = await hearing(two.udp, {}, clock);
    socket.send(ascii('lost'), toBoard);
    await clock.idle();
    expect(heard).toEqual([]);
    expect(await two.routes.to(boardAddress)).toEqual({ source: '192.168.1.10', name: 'eth0' });
    expect(from).toEqual([]);
  });

  it('on two subnets: each destination has its own source', async () => {
    const { network } = house();
    const two = network.host({
      name: 'laptop',
      interfaces: [{ address: '10.0.0.5', segment: 'office' }, { address: '192.168.1.11' }],
    });
    expect((await two.routes.to(boardAddress))?.source).toBe('192.168.1.11');
    expect((await two.routes.to('10.0.0.9'))?.source).toBe('10.0.0.5');
  });
});

describe('a router', () => {
  const house2 = (nat?: string) => {
    const place = house({
      host: { interfaces: [{ address: '10.0.0.2', segment: 'office' }], gateway: '10.0.0.1' },
      ...(nat === undefined && { board: { gateway: '192.168.1.1' } }),
    });
    place.network.router({
      name: 'router',
      interfaces: [{ address: '10.0.0.1', segment: 'office' }, { address: '192.168.1.1' }],
      ...(nat !== undefined && { nat }),
    });
    return place;
  };

  it('passes packets between subnets', async () => {
    const { clock, host, board } = house2();
    await hearing(board.udp, { bind: { port } }, clock, () => 'OK');
    const { socket, heard } = await hearing(host.udp, { connect: toBoard }, clock);
    socket.send(ascii('1\n'));
    await clock.idle();
    expect(heard).toEqual(['OK']);
    expect(await host.routes.to(boardAddress)).toEqual({ source: '10.0.0.2', name: 'eth0', gateway: '10.0.0.1' });
  });

  it('with NAT brings UDP answers back, and lets nobody call the host', async () => {
    const { clock, host, board } = house2('lan');
    const { from } = await hearing(board.udp, { bind: { port } }, clock, () => 'OK');
    const { socket, heard } = await hearing(host.udp, { connect: toBoard }, clock);
    await host.tcp.listen({ port: 4000 }, { connection: () => expect.unreachable(), trouble: () => {} });
    socket.send(ascii('1\n'));
    await clock.runFor(10);
    expect(heard).toEqual(['OK']);
    expect(from[0]?.address).toBe('192.168.1.1');
    const { end, events } = listening(clock);
    end.connection = board.tcp.connect({ address: '192.168.1.1', port: 4000 }, {}, events);
    await clock.idle();
    expect(end.said.join()).toMatch(/^timed-out/);
  });

  it('with NAT lets the host call out', async () => {
    const { clock, host, board } = house2('lan');
    const heard: string[] = [];
    await board.tcp.listen(
      { port: 80 },
      {
        connection(connection) {
          heard.push(connection.remote.address);
          connection.on({
            readable: () => heard.push(text(connection.read())),
            ended: () => connection.end(),
            closed: () => heard.push('closed'),
          });
        },
        trouble() {},
      },
    );
    const { end, events } = listening(clock);
    end.connection = host.tcp.connect({ address: boardAddress, port: 80 }, {}, events);
    end.connection.write(ascii('GET /'));
    end.connection.end();
    await clock.idle();
    expect(heard).toEqual(['192.168.1.1', 'GET /', 'closed']);
  });

  it('with NAT reports a closed port to the one who asked', async () => {
    const { clock, host } = house2('lan');
    const { socket, heard } = await hearing(host.udp, { connect: toBoard }, clock);
    socket.send(ascii('1\n'));
    await clock.idle();
    expect(heard).toEqual(['refused']);
  });
});

describe('power', () => {
  it('gone: silence; back: sockets are forgotten', async () => {
    const { clock, host, board } = house();
    await hearing(board.udp, { bind: { port } }, clock, () => 'OK');
    const { socket, heard } = await hearing(host.udp, { connect: toBoard }, clock);
    const ask = async (): Promise<string[]> => {
      socket.send(ascii('1\n'));
      await clock.idle();
      return heard.splice(0);
    };
    expect(await ask()).toEqual(['OK']);
    board.power(false);
    expect(await ask()).toEqual([]);
    expect(board.sockets()).toEqual({ udp: 0, listeners: 0, connections: 0 });
    board.power(true);
    expect(await ask()).toEqual(['refused']);
  });
});

describe('names', () => {
  it('resolve by the table, and addresses to themselves', async () => {
    const { host, network } = house();
    network.names.set('porch.lan', [boardAddress]);
    expect(await host.dns.lookup('Porch.lan.')).toEqual([boardAddress]);
    expect(await host.dns.lookup(boardAddress)).toEqual([boardAddress]);
    expect(await host.dns.lookup('nobody.lan')).toEqual([]);
  });
});
