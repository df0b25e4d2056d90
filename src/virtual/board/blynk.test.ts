import { describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import type { TcpConnection } from '#machine/index.ts';
import { answerLogin, opened, receive } from '#protocols/blynk/index.ts';
import { seconds } from '#values/index.ts';
import { type Bench, boardAndHost, offer } from './host.fixture.ts';
import type { Blynk } from './sketch.ts';

const blynk = (call: Blynk['call'], more: Partial<Blynk> = {}): Blynk => ({
  address: '10.0.0.1',
  port: 8442,
  token: 'f'.repeat(32),
  library: '0.6.1',
  call,
  writes: seconds(2),
  ...more,
});
const image = makeEsp8266Image({ core: '3.1.2', bytes: 100_000, flashBytes: 4 * 1024 * 1024 });
const pass = ({ clock }: Bench, time: number): Promise<void> =>
  clock.run(new Promise<void>((resolve) => clock.after(seconds(time), 'test', resolve)));

/** A Blynk server that knows everybody; which pins were written, and when somebody was last heard. */
async function server({ host, clock }: Bench) {
  const written: string[] = [];
  const seen = { at: 0, lost: 0 };
  const hear = (connection: TcpConnection): void => {
    const state = opened(clock.now());
    connection.on({
      readable() {
        seen.at = clock.now();
        const wishes = [...receive(state, connection.read(), clock.now())];
        if (state.phase === 'asking') wishes.push(...answerLogin(state, 'good', clock.now()));
        for (const wish of wishes) {
          if (wish.do === 'send') connection.write(wish.bytes);
          if (wish.do === 'pin') written.push(wish.write.pin);
        }
      },
      ended: () => void seen.lost++,
      closed() {},
    });
  };
  await host.tcp.listen({ port: 8442 }, { connection: hear, trouble() {} });
  return { written, seen };
}

describe('a sketch with Blynk', () => {
  it('that waits in begin() for a server that is gone has no OTA, whatever one does; a server that answers brings it back', async () => {
    const bench = await boardAndHost({ sketch: { blynk: blynk('begin') } });
    await pass(bench, 30);
    expect((await offer(bench, { image, patience: 5 })).replies).toEqual(['(refused)']);
    await server(bench);
    await pass(bench, 12);
    expect(bench.board.serialLog).toContain('[blynk] Ready');
    expect((await offer(bench, { image })).said).toMatch(/OK$/);
  });

  it('is heard by its server, and takes updates all the same', async () => {
    const bench = await boardAndHost({ sketch: { blynk: blynk('run') } });
    const { written, seen } = await server(bench);
    await pass(bench, 10);
    expect(written.length).toBeGreaterThan(2);
    expect((await offer(bench, { image })).said).toMatch(/OK$/);
    // The update starves Blynk as a dead Blynk server starves updates.
    expect(bench.clock.now() - seen.at).toBeGreaterThan(1000);
  });

  it('of an old core loses its connection when an update begins', async () => {
    const bench = await boardAndHost({ core: 'esp8266@3.0.2', sketch: { blynk: blynk('run') } });
    const { seen } = await server(bench);
    await pass(bench, 5);
    await offer(bench, { image, stallsAfter: 10_000, patience: 10 });
    expect(seen.lost).toBeGreaterThan(0);
  });

  it('that tries a server behind which nobody answers stands still most of the time', async () => {
    const bench = await boardAndHost({ sketch: { blynk: blynk('run', { address: '10.0.0.77', library: '1.3.2' }) } });
    await pass(bench, 60);
    const answered = await Promise.all(
      [1, 2, 3, 4, 5, 6].map(
        async () => (await offer(bench, { image, patience: 1, stallsAfter: 0 })).replies.length > 0,
      ),
    );
    expect(answered.filter(Boolean).length).toBeLessThan(4);
  });
});
