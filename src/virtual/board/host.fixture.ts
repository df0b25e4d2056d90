// A plain host for tests: one invitation, the whole image at once, everything heard written down. It knows nothing of our
// uploader, so that the boards are tested by the wire alone.
import type { TcpConnection, UdpSocket } from '#machine/index.ts';
import { settle } from '#node/index.ts';
import { responseTo, storedHash } from '#protocols/espota/index.ts';
import { ascii, md5Hex, seconds, seeded, text } from '#values/index.ts';
import { virtualClock } from '../clock.ts';
import { virtualNetwork } from '../network/index.ts';
import { type Board, type BoardOptions, createBoard } from './index.ts';

/** A network with one host and one board that has just started. */
export async function boardAndHost(options: Omit<BoardOptions, 'address'>) {
  const clock = virtualClock({ settle });
  const network = virtualNetwork({ clock, random: seeded(1) });
  const host = network.host({ name: 'host', interfaces: [{ address: '10.0.0.1' }] });
  const node = network.board({ name: 'board', interfaces: [{ address: '10.0.0.2' }] });
  const made = createBoard({ address: '10.0.0.2', ...options }, node);
  if (!made.ok) throw new Error(made.problem.what);
  const board = made.value;
  const trouble = await clock.run(board.start());
  if (trouble) throw new Error(trouble.detail);
  return { clock, network, host, node, board };
}

export type Bench = Awaited<ReturnType<typeof boardAndHost>>;

export interface Offer {
  readonly image: Uint8Array;
  readonly filesystem?: boolean;
  readonly md5?: string;
  readonly size?: number;
  readonly password?: string;
  /** Sends so much, then nothing more, and keeps the connection open. */
  readonly stallsAfter?: number;
  /** Default 60 s. */
  readonly patience?: number;
}

export interface Heard {
  readonly replies: readonly string[];
  /** The board called. */
  readonly called: boolean;
  /** What it said over TCP. */
  readonly said: string;
  readonly ended: 'end' | 'reset' | undefined;
}

/** Offers an image to the board and listens until it has hung up or patience is over. */
export async function offer({ clock, host, board }: Bench, wish: Offer): Promise<Heard> {
  const { image, md5 = md5Hex(image), size = image.length, patience = 60 } = wish;
  const replies: string[] = [];
  let said = '';
  let called: TcpConnection | undefined;
  let ended: Heard['ended'];
  const listener = await host.tcp.listen(
    {},
    {
      connection(connection) {
        called = connection;
        connection.on({
          readable: () => {
            said += text(connection.read());
          },
          ended: () => {
            ended = 'end';
            connection.end();
          },
          closed: (trouble) => {
            ended = trouble ? 'reset' : 'end';
          },
        });
        connection.write(image.subarray(0, wish.stallsAfter));
      },
      trouble() {},
    },
  );
  if (!('local' in listener)) throw new Error(listener.detail);
  const to = { address: board.address, port: board.port };
  const socket = await host.udp.open(
    { connect: to },
    {
      datagram(bytes) {
        replies.push(text(bytes));
        const nonce = /^AUTH ([0-9a-f]+)$/.exec(text(bytes))?.[1];
        if (nonce !== undefined && wish.password !== undefined) answer(nonce, wish.password);
      },
      trouble: ({ kind }) => replies.push(`(${kind})`),
    },
  );
  if (!('send' in socket)) throw new Error(socket.detail);
  const udp: UdpSocket = socket;
  const answer = (nonce: string, password: string): void => {
    const cnonce = 'c'.repeat(nonce.length);
    const hash = storedHash(nonce.length === 32 ? 'md5' : 'sha256', password);
    udp.send(ascii(`200 ${cnonce} ${responseTo(nonce, cnonce, hash)}\n`));
  };
  udp.send(ascii(`${wish.filesystem ? 100 : 0} ${listener.local.port} ${size} ${md5}\n`));
  for (let waited = 0; waited < patience && !(called && ended); waited += 0.1) await clock.runFor(seconds(0.1));
  listener.close();
  udp.close();
  return { replies, called: called !== undefined, said, ended };
}

/** Gives the board time to restart. */
export const restarted = ({ clock }: Bench): Promise<void> => clock.runFor(seconds(60));

/** What the board runs, by the name in the image; or why it runs nothing. */
export const runs = (board: Board): string | undefined =>
  board.state === 'running' ? board.program?.build : board.whyDead;
