import type { Address, Clock, Timer, Udp } from '#machine/index.ts';
import {
  announcedBoard,
  arduinoService,
  mdnsGroup,
  mdnsPort,
  type ResponderEvent,
  respond,
  responding,
} from '#protocols/mdns/index.ts';
import { millis } from '#values/index.ts';

export interface Announcement {
  /** The board leaves without a goodbye, as boards do that restart. */
  close(): void;
}

export interface Announced {
  readonly name: string;
  readonly address: Address;
  readonly port: number;
  readonly family: 'esp8266' | 'esp32' | 'rp2040';
  readonly chip: string;
  readonly core: string;
  readonly password: boolean;
}

/** Answers mDNS for this board on the interface of its own address; undefined where this machine lets nobody. */
export async function announce(
  { clock, udp }: { readonly clock: Clock; readonly udp: Udp },
  board: Announced,
): Promise<Announcement | undefined> {
  const { name, address, port, password } = board;
  let state = responding({
    host: `${name}.local`,
    addresses: [address],
    services: [arduinoService({ name, port, password, board: boardWord(board) })],
  });
  let timer: Timer | undefined;
  const socket = await udp.open(
    {
      bind: { address, port: mdnsPort },
      multicast: { group: mdnsGroup, interface: address },
    },
    { datagram: (bytes, from) => feed({ kind: 'datagram', now: clock.now(), bytes, from }), trouble() {} },
  );
  if ('kind' in socket) return undefined;
  const feed = (event: ResponderEvent): void => {
    const [next, effects] = respond(state, event);
    state = next;
    for (const effect of effects) {
      if (effect.do === 'send')
        socket.send(effect.bytes, effect.to === 'group' ? { address: mdnsGroup, port: mdnsPort } : effect.to);
      else {
        timer?.cancel();
        timer = clock.after(millis(effect.at - clock.now()), `${name}: mDNS`, () =>
          feed({ kind: 'woke', now: clock.now() }),
        );
      }
    }
  };
  feed({ kind: 'start', now: clock.now() });
  return {
    close() {
      timer?.cancel();
      socket.close();
    },
  };
}

/** What the generic board of each family says. */
function boardWord({ family, chip, core }: Announced): string {
  if (family === 'esp8266') return announcedBoard(core, { id: 'generic', build: 'ESP8266_GENERIC' });
  return family === 'esp32' ? chip.replace('-', '') : 'rpipicow';
}
