import { describe, expect, it } from 'vitest';
import { ascii, seconds, seeded } from '#values/index.ts';
import { call, house } from './world.fixture.ts';

const firmware = (size: number): Uint8Array => {
  const random = seeded(size);
  return Uint8Array.from({ length: size }, () => Math.floor(random() * 256));
};

describe('TCP to a small board', () => {
  it('sends one window a round trip', async () => {
    const place = house({ weather: { latency: 10 } });
    const ends = await call(place);
    await place.clock.runFor(30);
    ends.host.connection.write(firmware(10 * 5840));
    await place.clock.runFor(9 * 20 + 10);
    expect(ends.board.bytes().length).toBe(10 * 5840);
  });

  it('closes the window while the board does not read, and opens it when it does', async () => {
    const place = house({ weather: { latency: 5 } });
    const ends = await call(place, { boardReads: false });
    await place.clock.runFor(20);
    ends.host.connection.write(firmware(200_000));
    await place.clock.runFor(seconds(30));
    expect(ends.board.connection.unread).toBe(5840);
    expect(ends.host.connection.unsent).toBe(200_000 - 5840 - 87_040);
    ends.board.connection.read();
    await place.clock.runFor(50);
    expect(ends.board.connection.unread).toBe(5840);
  });

  it('recovers when the news of an open window is lost', async () => {
    const place = house({ weather: { latency: 5 } });
    const ends = await call(place, { boardReads: false });
    await place.clock.runFor(20);
    ends.host.connection.write(firmware(20_000));
    await place.clock.runFor(100);
    place.board.link().out = { loss: 1 };
    ends.board.connection.read();
    await place.clock.runFor(10);
    place.board.link().out = {};
    await place.clock.runFor(seconds(2));
    expect(ends.board.connection.unread).toBe(5840);
  });

  it('retransmits after 200 ms at a host, doubling, and after 1.5 s at a board', async () => {
    const place = house();
    const ends = await call(place);
    await place.clock.runFor(10);
    const start = place.clock.now();
    place.board.link().in = { loss: 1 };
    place.board.link().out = { loss: 1 };
    ends.host.connection.write(firmware(100));
    ends.board.connection.write(ascii('100'));
    await place.clock.runFor(650);
    place.board.link().in = {};
    place.board.link().out = {};
    await place.clock.runFor(seconds(5));
    expect(ends.board.said.at(-1)).toBe(`acknowledged at ${start + 1500 + 40}`); // the host's delayed ACK
    expect(ends.host.said.at(-1)).toBe(`acknowledged at ${start + 1400}`);
  });

  it('gives up in the end', async () => {
    const place = house({ host: { tcp: { retries: 3 } } });
    const ends = await call(place);
    await place.clock.runFor(10);
    place.board.power(false);
    ends.host.connection.write(firmware(100));
    await place.clock.idle();
    expect(ends.host.said.at(-1)).toBe('timed-out at 3010');
    expect(place.host.sockets().connections).toBe(0);
  });

  it('is told by a board that was switched off and on that it knows nothing of this', async () => {
    const place = house();
    const ends = await call(place);
    await place.clock.runFor(10);
    place.board.power(false);
    place.board.power(true);
    ends.host.connection.write(firmware(100));
    await place.clock.idle();
    expect(ends.host.said.at(-1)).toBe('reset at 10');
  });
});

describe('a delayed ACK', () => {
  /** When a board that waits for the ACK of its digits may go on. */
  const waited = async (hostAnswersAfter?: number): Promise<string | undefined> => {
    const place = house();
    const ends = await call(place);
    await place.clock.runFor(100);
    ends.board.connection.write(ascii('1460'));
    if (hostAnswersAfter !== undefined)
      place.clock.after(hostAnswersAfter, 'answer', () => ends.host.connection.write(firmware(10)));
    await place.clock.idle();
    return ends.board.said.find((words) => words.startsWith('acknowledged'));
  };

  it('comes after 40 ms from a host that has nothing to say', async () => {
    expect(await waited()).toBe('acknowledged at 140');
  });
  it('rides on data', async () => {
    expect(await waited(7)).toBe('acknowledged at 107');
  });
});

describe('an end', () => {
  it('in order frees both sides', async () => {
    const place = house({ weather: { latency: 2 } });
    const ends = await call(place);
    await place.clock.runFor(50);
    ends.board.connection.write(ascii('OK'));
    ends.board.connection.end();
    await place.clock.runFor(50);
    expect(ends.host.said.at(-1)).toMatch(/^ended/);
    ends.host.connection.end();
    await place.clock.idle();
    for (const { said } of [ends.host, ends.board]) expect(said.at(-1)).toMatch(/^closed/);
    expect([place.host.sockets().connections, place.board.sockets().connections]).toEqual([0, 0]);
  });

  it('by destroy resets the other side when something is under way', async () => {
    const place = house();
    const ends = await call(place, { boardReads: false });
    await place.clock.runFor(10);
    ends.host.connection.write(firmware(50_000));
    await place.clock.runFor(10);
    ends.host.connection.destroy();
    await place.clock.idle();
    expect(ends.board.said.at(-1)).toBe('reset at 20');
    expect(ends.host.said.join()).toBe('accepted');
  });

  it('by destroy is a FIN when nothing is', async () => {
    const place = house();
    const ends = await call(place);
    await place.clock.runFor(10);
    ends.host.connection.destroy();
    await place.clock.runFor(10);
    expect(ends.board.said.at(-1)).toBe('ended at 10');
    ends.board.connection.write(ascii('1460'));
    await place.clock.idle();
    expect(ends.board.said.at(-1)).toMatch(/^reset/);
  });

  it('does not come for a stranger who is turned away before anything is said', async () => {
    const place = house();
    const { clock, host, board } = place;
    await host.tcp.listen({ port: 4000 }, { connection: (stranger) => stranger.destroy(), trouble() {} });
    const said: string[] = [];
    const caller = board.tcp.connect(
      { address: '192.168.1.2', port: 4000 },
      {},
      {
        readable() {},
        ended() {
          said.push('ended');
          caller.end();
        },
        closed: (trouble) => said.push(trouble?.kind ?? 'closed'),
      },
    );
    await clock.idle();
    expect(said).toEqual(['ended', 'closed']);
    expect([host.sockets().connections, board.sockets().connections]).toEqual([0, 0]);
  });
});

describe('TCP over any weather', () => {
  it('delivers exactly the bytes, both ways, and ends in order', async () => {
    const chosen = Number(process.env['SEED']);
    for (let seed = chosen || 1; seed <= (chosen || 150); seed++) {
      const random = seeded(seed);
      const place = house({
        seed,
        weather: {
          loss: random() * 0.3,
          duplicate: random() * 0.3,
          reorder: random() * 0.5,
          latency: random() * 50,
          jitter: random() * 50,
        },
        board: { tcp: { mss: 536, window: 2144 } },
      });
      const ends = await call(place);
      await place.clock.run(
        (async () => {
          while (ends.host.said.length === 0) await place.clock.sleep(100, 'accept');
        })(),
      );
      const image = firmware(20_000 + seed);
      ends.host.connection.write(image);
      ends.host.connection.end();
      for (let i = 0; i < 20; i++) {
        ends.board.connection.write(firmware(100 + i));
        await place.clock.runFor(100);
      }
      ends.board.connection.end();
      await place.clock.idle();
      const words = `seed ${seed}`;
      expect(ends.board.bytes(), words).toEqual(image);
      expect(ends.host.bytes().length, words).toBe(20 * 100 + 190);
      expect([ends.host.said.at(-1), ends.board.said.at(-1)], words).toEqual([
        expect.stringMatching(/^closed/),
        expect.stringMatching(/^closed/),
      ]);
    }
  });
});
