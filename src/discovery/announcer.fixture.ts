// A board's mDNS responder on the sockets of any machine, virtual or real.
import type { World } from '#machine/index.ts';
import { type Announced, mdnsGroup, mdnsPort, type ResponderEffect, respond, responding } from '#protocols/mdns/index.ts';

export interface Announcer {
  /** Says goodbye and closes. */
  stop(): void;
}

export async function announce(
  { clock, udp }: Pick<World, 'clock' | 'udp'>,
  announced: Announced,
  link = announced.addresses[0]!,
): Promise<Announcer> {
  let state = responding(announced);
  const socket = await udp.open(
    { bind: { port: mdnsPort }, multicast: { group: mdnsGroup, interface: link } },
    { datagram: (bytes, from) => happen({ kind: 'datagram', now: clock.now(), bytes, from }), trouble: () => {} },
  );
  if ('kind' in socket) throw new Error(`${socket.kind}: ${socket.detail}`);
  const carryOut = (effect: ResponderEffect): void => {
    if (effect.do === 'wake')
      clock.after(effect.at - clock.now(), 'second announcement', () => happen({ kind: 'woke', now: clock.now() }));
    else socket.send(effect.bytes, effect.to === 'group' ? { address: mdnsGroup, port: mdnsPort } : effect.to);
  };
  function happen(event: Parameters<typeof respond>[1]): void {
    const [next, effects] = respond(state, event);
    state = next;
    effects.forEach(carryOut);
  }
  happen({ kind: 'start', now: clock.now() });
  return {
    stop() {
      happen({ kind: 'stop', now: clock.now() });
      clock.after(10, 'goodbye to leave', () => socket.close());
    },
  };
}
