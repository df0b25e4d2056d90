import { describe, expect, it } from 'vitest';
import { makeEsp32Image, makeEsp8266Image } from '#firmware/make.ts';
import type { TcpConnection } from '#machine/index.ts';
import { ascii, md5Hex, millis, seconds } from '#values/index.ts';
import { boardAndHost } from './host.fixture.ts';

const next = makeEsp8266Image({ core: '3.1.2', bytes: 200_000, flashBytes: 4 * 1024 * 1024, build: 'next' });

/** A web server that has one image for everybody; what it was asked, and the board a minute later. */
async function served(answer: (asked: string) => Uint8Array, board: Parameters<typeof boardAndHost>[0] = {}) {
  const pull = {
    address: '10.0.0.1',
    port: 8000,
    path: '/u.bin',
    every: seconds(5),
    version: '1.0',
    authorization: 'Basic eA==',
  };
  const bench = await boardAndHost({ sectorTime: millis(2), ...board, sketch: { pull } });
  const asked: string[] = [];
  const hear = (connection: TcpConnection): void => {
    let head = '';
    connection.on({
      readable() {
        head += new TextDecoder().decode(connection.read());
        if (!head.includes('\r\n\r\n')) return;
        asked.push(head);
        connection.write(answer(head));
        connection.end();
      },
      ended() {},
      closed() {},
    });
  };
  await bench.host.tcp.listen({ port: 8000 }, { connection: hear, trouble() {} });
  await bench.clock.run(new Promise<void>((resolve) => bench.clock.after(seconds(60), 'test', resolve)));
  return { asked, board: bench.board };
}
const found = (image: Uint8Array): Uint8Array => {
  const head = ascii(`HTTP/1.1 200 OK\r\nContent-Length: ${image.length}\r\nx-MD5: ${md5Hex(image)}\r\n\r\n`);
  return Uint8Array.from([...head, ...image]);
};

describe('a sketch that asks for its update', () => {
  it('says what it is, takes the image, and runs it', async () => {
    const { asked, board } = await served((head) =>
      head.includes(md5Hex(next)) ? ascii('HTTP/1.1 304 Not Modified\r\n\r\n') : found(next),
    );
    expect(asked[0]).toContain('x-ESP8266-version: 1.0\r\n');
    expect(asked[0]).toContain('Authorization: Basic eA==\r\n');
    expect(board.digest).toBe(md5Hex(next));
    expect(board.updates).toHaveLength(1);
    expect(board.serialLog).toContain('no-update');
  });

  it('of an ESP32 does so too', async () => {
    const image = makeEsp32Image({ chip: 'esp32', bytes: 100_000, build: 'next' });
    const { board } = await served(
      (head) => (head.includes(md5Hex(image)) ? ascii('HTTP/1.1 304 x\r\n\r\n') : found(image)),
      {
        core: 'esp32@3.2.0',
      },
    );
    expect(board.digest).toBe(md5Hex(image));
  });

  it('goes on running after anything else', async () => {
    for (const bytes of [
      ascii('SSH-2.0\r\n\r\n'),
      ascii('HTTP/1.1 404 x\r\n\r\n'),
      found(ascii('<html>')),
      found(next).subarray(0, 5000),
    ]) {
      const { board } = await served(() => bytes);
      expect(board.state).toBe('running');
      expect(board.updates).toEqual([]);
      expect(board.serialLog).toContain('[update]');
    }
  });
});
