// Two machines on a virtual network, and short words for what tests do with them.
import { settle } from '#node/index.ts';
import { ascii, concat, seeded, text } from '#values/index.ts';
import type { Endpoint, TcpConnection, Udp } from '#machine/index.ts';
import { type VirtualClock, virtualClock } from '../clock.ts';
import { virtualNetwork } from './network.ts';
import type { NodeOptions } from './node.ts';
import type { Weather } from './weather.ts';

export const hostAddress = '192.168.1.2';
export const boardAddress = '192.168.1.50';

export function house({
  seed = 1,
  weather = {},
  host = {},
  board = {},
}: {
  readonly seed?: number;
  readonly weather?: Weather;
  readonly host?: Partial<NodeOptions>;
  readonly board?: Partial<NodeOptions>;
} = {}) {
  const clock = virtualClock({ settle });
  const network = virtualNetwork({ clock, random: seeded(seed), weather });
  return {
    clock,
    network,
    host: network.host({ name: 'host', interfaces: [{ address: hostAddress }], ...host }),
    board: network.board({ name: 'board', interfaces: [{ address: boardAddress }], ...board }),
  };
}

/** A UDP socket that writes down what comes; with `answer` it replies. */
export async function hearing(
  udp: Udp,
  options: Parameters<Udp['open']>[0],
  clock: VirtualClock,
  answer?: (words: string) => string,
) {
  const heard: string[] = [];
  const at: number[] = [];
  const from: Endpoint[] = [];
  const socket = await udp.open(options, {
    datagram(bytes, sender) {
      heard.push(text(bytes));
      at.push(clock.now());
      from.push(sender);
      if (answer && 'send' in socket) socket.send(ascii(answer(text(bytes))), sender);
    },
    trouble: (trouble) => heard.push(trouble.kind),
  });
  if (!('send' in socket)) throw new Error(socket.detail);
  return { socket, heard, at, from };
}

/** What one end of a connection saw. */
export interface End {
  connection: TcpConnection;
  readonly said: string[];
  readonly bytes: () => Uint8Array;
}

/** The events of a connection that reads all at once and writes everything down. */
export function listening(clock: VirtualClock, reads = true) {
  const parts: Uint8Array[] = [];
  const said: string[] = [];
  const end = { said, bytes: () => concat(...parts) } as unknown as End;
  const note = (words: string): void => {
    said.push(`${words} at ${clock.now()}`);
  };
  return {
    end,
    events: {
      connected: () => note('connected'),
      readable() {
        if (reads) parts.push(end.connection.read());
      },
      ended: () => note('ended'),
      closed: (trouble?: { readonly kind: string }) => note(trouble ? trouble.kind : 'closed'),
      acknowledged: () => note('acknowledged'),
    },
  };
}

/** A board calls a host that listens on port 4000, as an update does. */
export async function call(place: ReturnType<typeof house>, options: { readonly hostReads?: boolean; readonly boardReads?: boolean } = {}) {
  const { clock, host, board } = place;
  const hostSide = listening(clock, options.hostReads);
  const boardSide = listening(clock, options.boardReads);
  await host.tcp.listen(
    { port: 4000 },
    {
      connection(connection) {
        hostSide.end.connection = connection;
        connection.on(hostSide.events);
        hostSide.end.said.push('accepted');
      },
      trouble() {},
    },
  );
  boardSide.end.connection = board.tcp.connect({ address: hostAddress, port: 4000 }, {}, boardSide.events);
  return { host: hostSide.end, board: boardSide.end };
}
