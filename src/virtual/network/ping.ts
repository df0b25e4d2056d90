import type { Clock, Ping } from '#machine/index.ts';
import type { Millis } from '#values/index.ts';
import type { Packet } from './packet.ts';

interface PingPlace {
  readonly clock: Clock;
  sourceFor(address: string): string | undefined;
  transmit(packet: Packet): boolean;
}

/** ICMP echo of one node. */
export function pinger({ clock, sourceFor, transmit }: PingPlace) {
  const waiting = new Map<string, (at: Millis) => void>();
  let lastId = 0;
  const key = (id: number, sequence: number): string => `${id} ${sequence}`;

  return {
    replied({ to, sequence }: Packet & { kind: 'echo' }): void {
      waiting.get(key(to.port, sequence))?.(clock.now());
    },

    async ping(address, { count, interval, timeout }, signal) {
      const source = sourceFor(address);
      const port = ++lastId;
      const one = (sequence: number): Promise<Millis | undefined> =>
        new Promise((resolve) => {
          const sent = clock.now();
          const done = (round: Millis | undefined): void => {
            timer.cancel();
            waiting.delete(key(port, sequence));
            resolve(round);
          };
          const timer = clock.after(timeout, 'ping', () => done(undefined));
          waiting.set(key(port, sequence), (at) => done(at - sent));
          if (source !== undefined)
            transmit({ kind: 'echo', from: { address: source, port }, to: { address, port }, reply: false, sequence });
        });

      const replies: Promise<Millis | undefined>[] = [];
      for (let sequence = 0; sequence < count && !signal?.aborted; sequence++) {
        if (sequence > 0) await clock.sleep(interval, 'ping interval', signal);
        replies.push(one(sequence));
      }
      return { replies: await Promise.all(replies) };
    },
  } satisfies Ping & { replied(packet: Packet): void };
}
