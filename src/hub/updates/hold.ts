/** Two marks of a transfer are written down before the bytes go: the first, and the last. A board can only store what it has
 *  whole: a hub that finds no mark of the last bytes at its next start knows that the board did not store it. */
import type { Tcp, TcpConnection, TcpEvents } from '#machine/index.ts';

export interface Marked {
  /** Length of the image as sent; undefined until it is known. */
  readonly total: () => number | undefined;
  /** The first bytes go once this resolves, the last bytes once that does; when one rejects, the connection is ended. */
  readonly first: () => Promise<void>;
  readonly last: () => Promise<void>;
}

/** The same TCP, but for what is written to boards that call. */
export const markedTcp = (tcp: Tcp, marked: Marked): Tcp => ({
  connect: (...words) => tcp.connect(...words),
  listen: (options, on) =>
    tcp.listen(options, { ...on, connection: (connection) => on.connection(marking(connection, marked)) }),
});

function marking(connection: TcpConnection, { total, first, last }: Marked): TcpConnection {
  const waiting: { readonly bytes: Uint8Array; readonly marks: readonly (() => Promise<void>)[] }[] = [];
  let written = 0;
  let over = false;
  let heard: TcpEvents | undefined;

  const send = async (): Promise<void> => {
    try {
      for (let next = waiting[0]; next && !over; next = waiting[0]) {
        for (const mark of next.marks) await mark();
        waiting.shift();
        if (!over) connection.write(next.bytes);
      }
    } catch {
      connection.destroy();
      if (!over) heard?.closed({ kind: 'other', detail: 'the hub could not write down what it does' });
    }
  };
  return {
    local: connection.local,
    remote: connection.remote,
    get unread() {
      return connection.unread;
    },
    get unsent() {
      return waiting.reduce((sum, { bytes }) => sum + bytes.length, connection.unsent);
    },
    on(events) {
      heard = events;
      connection.on(events);
    },
    read: (most) => connection.read(most),
    write(bytes) {
      const marks = [...(written === 0 ? [first] : [])];
      written += bytes.length;
      if (written >= (total() ?? Number.POSITIVE_INFINITY)) marks.push(last);
      if (marks.length === 0 && waiting.length === 0) connection.write(bytes);
      else if (waiting.push({ bytes, marks }) === 1) void send();
    },
    end() {
      over = true;
      connection.end();
    },
    destroy() {
      over = true;
      connection.destroy();
    },
  };
}
