// What every UDP and TCP must do, written once; the real ports and the virtual ones sign it.
import { describe, expect, it } from 'vitest';
import type { Endpoint, Tcp, TcpConnection, TcpEvents, Trouble, Udp, UdpSocket } from '#machine/index.ts';
import { ascii, text } from '#values/index.ts';

export interface Place {
  readonly udp: Udp;
  readonly tcp: Tcp;
  /** Drives what has to be driven until the work is done. */
  run<T>(work: Promise<T>): Promise<T>;
  /** So much time goes by. */
  pass(millis: number): Promise<void>;
}

const here = '127.0.0.1';
const ignore = (): void => {};

/** A promise with its handle outside. */
function promised<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** A value that must not be a trouble. */
function fine<T extends object>(value: T | Trouble): T {
  if ('kind' in value && 'detail' in value) throw new Error(`${value.kind}: ${value.detail}`);
  return value as T;
}

/** Writes down what a connection says. */
function witness() {
  const said: string[] = [];
  let got = '';
  const connected = promised<void>();
  const closed = promised<Trouble | undefined>();
  const ended = promised<void>();
  let enough = 0;
  let full = promised<void>();
  const events = (connection: () => TcpConnection, reads = true): TcpEvents => ({
    connected: () => connected.resolve(),
    readable() {
      if (reads) got += text(connection().read());
      if (got.length >= enough) full.resolve();
    },
    ended() {
      said.push('ended');
      ended.resolve();
    },
    closed(trouble) {
      said.push(trouble ? `closed: ${trouble.kind}` : 'closed');
      closed.resolve(trouble);
    },
  });
  return {
    said,
    events,
    connected: connected.promise,
    ended: ended.promise,
    closed: closed.promise,
    get got() {
      return got;
    },
    /** Until so many characters have come in all. */
    has(count: number): Promise<void> {
      enough = count;
      full = promised();
      if (got.length >= count) full.resolve();
      return full.promise;
    },
  };
}

export const portsContract = (name: string, open: () => Place) => {
  describe(`${name} UDP`, () => {
    it('carries datagrams there and back', async () => {
      const { udp, run } = open();
      const answer = promised<string>();
      const server: UdpSocket = fine(
        await run(
          udp.open(
            { bind: { address: here } },
            { datagram: (bytes, from) => server.send(ascii(`${text(bytes)}!`), from), trouble: ignore },
          ),
        ),
      );
      const client = fine(
        await run(udp.open({ connect: server.local }, { datagram: (bytes) => answer.resolve(text(bytes)), trouble: ignore })),
      );
      client.send(ascii('hello'));
      expect(await run(answer.promise)).toBe('hello!');
      expect(client.local.address).toBe(here);
      client.close();
      server.close();
    });

    it('tells a connected socket that the port is closed, and goes on living', async () => {
      const { udp, run } = open();
      const closedPort = fine(await run(udp.open({ bind: { address: here } }, { datagram: ignore, trouble: ignore })));
      closedPort.close();
      let told = promised<Trouble>();
      const client = fine(
        await run(udp.open({ connect: closedPort.local }, { datagram: ignore, trouble: (trouble) => told.resolve(trouble) })),
      );
      for (let i = 0; i < 2; i++) {
        client.send(ascii('anyone?'));
        expect((await run(told.promise)).kind).toBe('refused');
        told = promised();
      }
      client.close();
    });

    it('still sends what it was given before it is closed', async () => {
      const { udp, run } = open();
      const heard = promised<string>();
      const server = fine(
        await run(
          udp.open({ bind: { address: here } }, { datagram: (bytes) => heard.resolve(text(bytes)), trouble: ignore }),
        ),
      );
      const client = fine(await run(udp.open({}, { datagram: ignore, trouble: ignore })));
      client.send(ascii('last words'), server.local);
      client.close();
      expect(await run(heard.promise)).toBe('last words');
      server.close();
    });

    it('says that a port is in use, and gives it back when closed', async () => {
      const { udp, run } = open();
      const on = { datagram: ignore, trouble: ignore };
      const first = fine(await run(udp.open({ bind: { address: here } }, on)));
      expect(await run(udp.open({ bind: first.local }, on))).toMatchObject({ kind: 'in-use' });
      first.close();
      fine(await run(udp.open({ bind: first.local }, on))).close();
    });

    it('says that an address is not ours', async () => {
      const { udp, run } = open();
      const answer = await run(udp.open({ bind: { address: '192.0.2.77' } }, { datagram: ignore, trouble: ignore }));
      expect(answer).toMatchObject({ kind: 'not-our-address' });
    });

    it('hears its group on the interface that it joined, beside another socket on the same port', async () => {
      const { udp, run } = open();
      const group: Endpoint = { address: '224.0.0.251', port: 0 };
      const heard = [promised<string>(), promised<string>()];
      const multicast = { group: group.address, interface: here };
      const first = fine(
        await run(
          udp.open({ multicast }, { datagram: (bytes) => heard[0]!.resolve(text(bytes)), trouble: ignore }),
        ),
      );
      const { port } = first.local;
      const second = fine(
        await run(
          udp.open({ bind: { port }, multicast }, { datagram: (bytes) => heard[1]!.resolve(text(bytes)), trouble: ignore }),
        ),
      );
      second.send(ascii('who is there?'), { ...group, port });
      expect(await run(Promise.all(heard.map(({ promise }) => promise)))).toEqual(['who is there?', 'who is there?']);
      first.close();
      second.close();
    });
  });

  describe(`${name} TCP`, () => {
    /** Two ends of one connection and what they witnessed. */
    const joined = async (place: Place, options: { readonly reads?: boolean; readonly window?: number } = {}) => {
      const { tcp, run } = place;
      const near = witness();
      const far = witness();
      const accepted = promised<TcpConnection>();
      const listener = fine(
        await run(
          tcp.listen(
            { address: here },
            {
              connection(connection) {
                connection.on(far.events(() => connection, options.reads));
                accepted.resolve(connection);
              },
              trouble: ignore,
            },
          ),
        ),
      );
      const client: TcpConnection = tcp.connect(
        listener.local,
        options.window === undefined ? {} : { window: options.window },
        near.events(() => client),
      );
      await run(near.connected);
      const server = await run(accepted.promise);
      return { near, far, client, server, listener };
    };

    it('carries bytes both ways, half-closes, and ends in order', async () => {
      const place = open();
      const { near, far, client, server, listener } = await joined(place);
      expect(server.remote).toEqual(client.local);
      expect(client.remote).toEqual(listener.local);
      client.write(ascii('firm'));
      client.write(ascii('ware'));
      client.end();
      await place.run(far.ended);
      expect(far.got).toBe('firmware');
      server.write(ascii('OK'));
      server.end();
      expect(await place.run(near.closed)).toBeUndefined();
      expect(await place.run(far.closed)).toBeUndefined();
      expect(near.got).toBe('OK');
      expect([near.said, far.said]).toEqual([
        ['ended', 'closed'],
        ['ended', 'closed'],
      ]);
      listener.close();
    });

    it('frees the other side when it is destroyed in the middle', async () => {
      const place = open();
      const { near, far, client, server, listener } = await joined(place);
      server.write(ascii('still sending'));
      await place.run(near.has(5));
      client.write(new Uint8Array(100));
      client.destroy();
      expect((await place.run(far.closed))?.kind).toBe('reset');
      await place.pass(50);
      expect(near.said).toEqual([]);
      listener.close();
    });

    it('is refused by a closed port', async () => {
      const { tcp, run } = open();
      const listener = fine(await run(tcp.listen({ address: here }, { connection: ignore, trouble: ignore })));
      listener.close();
      const near = witness();
      const client: TcpConnection = tcp.connect(
        listener.local,
        {},
        near.events(() => client),
      );
      expect((await run(near.closed))?.kind).toBe('refused');
    });

    it('says that a port is in use, that an address is not ours, and gives a port back when closed', async () => {
      const { tcp, run } = open();
      const on = { connection: ignore, trouble: ignore };
      const first = fine(await run(tcp.listen({ address: here }, on)));
      expect(await run(tcp.listen(first.local, on))).toMatchObject({ kind: 'in-use' });
      expect(await run(tcp.listen({ address: '192.0.2.77' }, on))).toMatchObject({ kind: 'not-our-address' });
      first.close();
      fine(await run(tcp.listen(first.local, on))).close();
    });

    it('keeps the bytes of a reader that does not read at the sender', async () => {
      const place = open();
      const { client, server, far, listener } = await joined(place, { reads: false });
      for (let i = 0; i < 24 * 16; i++) client.write(new Uint8Array(64 * 1024));
      await place.pass(300);
      expect(client.unsent).toBeGreaterThan(0);
      expect(server.unread).toBeLessThan(1024 * 1024);
      const before = client.unsent;
      for (let i = 0; i < 50; i++) {
        server.read();
        await place.pass(10);
      }
      expect(client.unsent).toBeLessThan(before);
      client.destroy();
      for (let i = 0; i < 20 && far.said.length === 0; i++) {
        server.read();
        await place.pass(20);
      }
      expect(far.said).toEqual(['closed: reset']);
      listener.close();
    });

    it('reads no more than asked for', async () => {
      const place = open();
      const { client, server, listener } = await joined(place, { reads: false });
      client.write(ascii('123456'));
      for (let i = 0; i < 20 && server.unread < 6; i++) await place.pass(10);
      expect([text(server.read(2)), server.unread, text(server.read()), text(server.read())]).toEqual(['12', 4, '3456', '']);
      client.destroy();
      server.destroy();
      listener.close();
    });

    it('says when what was written is drained and acknowledged', async () => {
      const place = open();
      const { tcp, run } = place;
      const far = witness();
      const listener = fine(
        await run(
          tcp.listen(
            { address: here },
            { connection: (connection) => connection.on(far.events(() => connection)), trouble: ignore },
          ),
        ),
      );
      const drained = promised<void>();
      const acknowledged = promised<void>();
      const client = tcp.connect(
        listener.local,
        {},
        {
          connected: () => client.write(ascii('876')),
          readable: ignore,
          ended: ignore,
          closed: ignore,
          drained: () => drained.resolve(),
          acknowledged: () => acknowledged.resolve(),
        },
      );
      await run(Promise.all([drained.promise, acknowledged.promise]));
      expect(client.unsent).toBe(0);
      client.destroy();
      await run(Promise.race([far.ended, far.closed]));
      listener.close();
    });
  });
};
