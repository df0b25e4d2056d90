import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import type { Endpoint, Trouble, Udp } from '#machine/index.ts';
import { troubleOf } from './trouble.ts';

/** Datagrams over the sockets of this machine. */
export const udp: Udp = {
  async open({ bind, connect, multicast }, on) {
    const six = isIPv6(connect?.address ?? multicast?.group ?? bind?.address ?? '');
    const socket = createSocket({ type: six ? 'udp6' : 'udp4', reuseAddr: multicast !== undefined });
    let closed = false;
    let sending = 0;
    const close = (): void => {
      if (closed) return;
      closed = true;
      if (sending === 0) socket.close();
    };

    try {
      // On a multicast socket the address names the interface only: one bound to it would hear no group traffic.
      await once(socket, (done) =>
        socket.bind({ port: bind?.port ?? 0, ...(!multicast && bind?.address && { address: bind.address }) }, done),
      );
      if (multicast) join(socket, multicast.group, multicast.interface);
      else if (!six) socket.setBroadcast(true);
      if (connect) await once(socket, (done) => socket.connect(connect.port, connect.address, done));
    } catch (error) {
      socket.on('error', () => {});
      close();
      return troubleOf(error);
    }

    const trouble = (error: unknown): void => {
      if (!closed) on.trouble(udpTroubleOf(error));
    };
    socket.on('error', trouble);
    socket.on('message', (bytes: Buffer, from: RemoteInfo) => {
      if (!closed) on.datagram(new Uint8Array(bytes), { address: withoutScope(from.address), port: from.port });
    });
    const local = localOf(socket);

    return {
      local,
      send(bytes, to) {
        if (closed) return;
        // Node sends a moment later, and not at all if the socket is closed by then.
        const sent = (error: unknown): void => {
          sending--;
          if (error) trouble(error);
          if (closed && sending === 0) socket.close();
        };
        sending++;
        try {
          if (connect) socket.send(bytes, sent);
          else socket.send(bytes, to!.port, to!.address, sent);
        } catch (error) {
          sent(error);
        }
      },
      close,
    };
  },
};

/** Windows reports a closed port of the other side as WSAECONNRESET. */
function udpTroubleOf(error: unknown): Trouble {
  const trouble = troubleOf(error);
  return trouble.kind === 'reset' ? { ...trouble, kind: 'refused' } : trouble;
}

function join(socket: Socket, group: string, local: string): void {
  socket.addMembership(group, local);
  socket.setMulticastInterface(local);
  socket.setMulticastLoopback(true);
  socket.setMulticastTTL(255);
}

function localOf(socket: Socket): Endpoint {
  const { address, port } = socket.address();
  return { address: withoutScope(address), port };
}

const withoutScope = (address: string): string => address.split('%')[0]!;

/** Waits for a socket to do one thing or to fail at it. */
function once(socket: Socket, start: (done: () => void) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => reject(error);
    socket.once('error', failed);
    start(() => {
      socket.off('error', failed);
      resolve();
    });
  });
}
