import { describe, expect, it } from 'vitest';
import type { TcpConnection } from '#machine/index.ts';
import { ascii, seeded, text } from '#values/index.ts';
import { virtualClock, virtualNetwork } from '#virtual/index.ts';
import { settle } from './settle.ts';
import { type Shape, shaped } from './shaped.ts';

/** A board behind a shaped link has called a host; nothing else costs any time. */
async function called(shape: Shape, board: { readable?(): void; acknowledged?(): void } = {}) {
  const clock = virtualClock({ settle });
  const network = virtualNetwork({ clock, random: seeded(1), weather: {} });
  const host = network.host({ name: 'host', interfaces: [{ address: '10.0.0.1' }], tcp: { delayedAck: 0 } });
  const far = network.host({ name: 'board', interfaces: [{ address: '10.0.0.2' }], tcp: { delayedAck: 0 } });
  let server!: TcpConnection;
  let got = '';
  let over = '';
  await host.tcp.listen(
    { port: 4000 },
    {
      connection(connection) {
        server = connection;
        connection.on({
          readable: () => {
            got += text(connection.read());
          },
          ended: () => {
            over = 'ended';
          },
          closed: (trouble) => {
            over = trouble?.kind ?? 'closed';
          },
        });
      },
      trouble() {},
    },
  );
  const said: string[] = [];
  const client: TcpConnection = shaped(shape, { clock, udp: far.udp, tcp: far.tcp }).tcp.connect(
    { address: '10.0.0.1', port: 4000 },
    {},
    {
      connected: () => said.push(`connected at ${clock.now()}`),
      readable: () => board.readable?.(),
      ended: () => said.push(`ended at ${clock.now()}`),
      closed: (trouble) => said.push(`closed: ${trouble?.kind}`),
      acknowledged: () => {
        said.push(`acknowledged at ${clock.now()}`);
        board.acknowledged?.();
      },
    },
  );
  await clock.runFor(shape.roundTrip);
  return { clock, client, said, host: () => ({ server, got, over }) };
}

describe('a shaped link', () => {
  it('takes a round trip to connect', async () => {
    const { said } = await called({ roundTrip: 20, window: 2920 });
    expect(said).toEqual(['connected at 20']);
  });

  it('passes one window a round trip to a board that reads at once', async () => {
    let read = 0;
    const { clock, client, host } = await called(
      { roundTrip: 20, window: 2144 },
      {
        readable: () => {
          read += client.read().length;
        },
      },
    );
    host().server.write(new Uint8Array(10 * 2144));
    await clock.runFor(9 * 20 + 9);
    expect(read).toBe(9 * 2144);
    await clock.runFor(1);
    expect(read).toBe(10 * 2144);
  });

  it('passes no more than a window while the board does not read', async () => {
    const { clock, client, host } = await called({ roundTrip: 20, window: 5840 });
    host().server.write(new Uint8Array(100_000));
    await clock.runFor(1000);
    expect(client.unread).toBe(5840);
  });

  it('keeps an ACK back for 40 ms when the host has nothing to say', async () => {
    const { clock, client, said } = await called({ roundTrip: 20, window: 5840 });
    client.write(ascii('1460'));
    await clock.runFor(100);
    expect(said).toContain('acknowledged at 80');
  });

  it('gives the ACK to data that the host sends', async () => {
    const { clock, client, said, host } = await called({ roundTrip: 20, window: 5840 });
    client.write(ascii('1460'));
    await clock.runFor(15);
    host().server.write(new Uint8Array(1460));
    await clock.runFor(10);
    expect(said).toContain('acknowledged at 45');
  });

  it('delivers last words before the end', async () => {
    const { clock, client, host } = await called({ roundTrip: 20, window: 5840 });
    client.write(ascii('OK'));
    client.end();
    await clock.runFor(10);
    expect(host()).toMatchObject({ got: 'OK', over: 'ended' });
  });

  it('tells of the end after the last byte, and of a reset', async () => {
    const { clock, client, said, host } = await called({ roundTrip: 20, window: 2144 });
    host().server.write(new Uint8Array(3000));
    host().server.end();
    await clock.runFor(100);
    expect(said).toEqual(['connected at 20']);
    client.read();
    await clock.runFor(20);
    expect(client.unread).toBe(856);
    expect(said).toEqual(['connected at 20', 'ended at 140']);
    host().server.destroy();
    client.destroy();
    await clock.runFor(20);
    expect(host().over).toBe('');
  });
});
