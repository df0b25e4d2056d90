import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Tcp, TcpConnection, TcpEvents } from '#machine/index.ts';
import { markedTcp } from './hold.ts';

/** A board's call: what went over the wire, in the order in which it did, with the marks between. */
async function call(marks: { first?: () => Promise<void>; last?: () => Promise<void> } = {}) {
  const wire: (string | number)[] = [];
  const place = { address: '127.0.0.1', port: 1 };
  let given: TcpConnection | undefined;
  const bare: TcpConnection = {
    local: place,
    remote: place,
    on() {},
    unread: 0,
    read: () => new Uint8Array(0),
    write: (bytes) => void wire.push(...bytes),
    unsent: 0,
    end: () => void wire.push('end'),
    destroy: () => void wire.push('destroy'),
  };
  const tcp: Tcp = {
    connect: () => bare,
    listen(_, on) {
      on.connection(bare);
      return Promise.resolve({ local: place, close() {} });
    },
  };
  const mark = (name: string) => async (): Promise<void> => {
    await new Promise(setImmediate);
    wire.push(name);
  };
  const marked = markedTcp(tcp, {
    total: () => 10,
    first: marks.first ?? mark('first'),
    last: marks.last ?? mark('last'),
  });
  await marked.listen(
    {},
    {
      connection: (connection) => {
        given = connection;
      },
      trouble() {},
    },
  );
  const closed: unknown[] = [];
  const events: TcpEvents = { readable() {}, ended() {}, closed: (trouble) => void closed.push(trouble) };
  given!.on(events);
  return { connection: given!, wire, closed };
}

const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await new Promise(setImmediate);
};

describe('the marks of a transfer', () => {
  it('stand before the first byte and before the last, however the image is cut', async () => {
    const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 9 })).map((some) => [0, ...some.sort((a, b) => a - b), 10]);
    await fc.assert(
      fc.asyncProperty(cuts, fc.boolean(), async (at, waits) => {
        const { connection, wire } = await call();
        for (let i = 1; i < at.length; i++) {
          connection.write(Uint8Array.from({ length: at[i]! - at[i - 1]! }, (_, j) => at[i - 1]! + j));
          if (waits) await turns();
        }
        await turns();
        expect(wire.filter((one) => typeof one === 'number')).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        expect(wire.indexOf('first')).toBeLessThan(wire.indexOf(0));
        expect(wire.indexOf('last')).toBeLessThan(wire.indexOf(9));
        expect(wire.indexOf('first')).toBeGreaterThanOrEqual(0);
        expect(connection.unsent).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('that can not be written down end the connection, and the byte does not go', async () => {
    const { connection, wire, closed } = await call({ last: () => Promise.reject(new Error('disk full')) });
    connection.write(Uint8Array.of(0, 1, 2, 3));
    await turns();
    connection.write(Uint8Array.of(4, 5, 6, 7, 8, 9));
    await turns();
    expect(wire).toEqual(['first', 0, 1, 2, 3, 'destroy']);
    expect(closed).toHaveLength(1);
  });

  it('do not bring back what was ended meanwhile', async () => {
    const { connection, wire, closed } = await call();
    connection.write(Uint8Array.of(0, 1, 2, 3));
    connection.destroy();
    await turns();
    expect(wire.filter((one) => typeof one === 'number')).toEqual([]);
    expect(closed).toEqual([]);
  });
});
