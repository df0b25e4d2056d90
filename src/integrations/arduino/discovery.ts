/** A pluggable discovery, message by message (arduino-cli docs/pluggable-discovery-specification.md, protocol version 1): a line
 *  in, JSON objects out. It holds the ports it was told of; whoever drives it does the looking. */

export interface Port {
  readonly address: string;
  readonly label: string;
  readonly port: number;
  /** What mdns-discovery gives as properties, so that boards match and recipes work. Strings only. */
  readonly properties: Readonly<Record<string, string>>;
}

export interface Discovery {
  readonly greeted: boolean;
  readonly mode: 'idle' | 'polling' | 'events';
  readonly ports: ReadonlyMap<string, Port>;
}

export type DiscoveryEvent =
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'ports'; readonly ports: readonly Port[] };

export type DiscoveryEffect =
  | { readonly do: 'answer'; readonly message: Readonly<Record<string, unknown>> }
  /** Begin to look, end looking, end the program. */
  | { readonly do: 'look' | 'rest' | 'quit' };

export const initial: Discovery = { greeted: false, mode: 'idle', ports: new Map() };

export function discovering(state: Discovery, event: DiscoveryEvent): readonly [Discovery, readonly DiscoveryEffect[]] {
  return event.kind === 'line' ? told(state, event.line) : seen(state, event.ports);
}

function told(state: Discovery, line: string): readonly [Discovery, readonly DiscoveryEffect[]] {
  const words = line.trim();
  if (words === '') return [state, []];
  const command = /^\S+/.exec(words)![0].toUpperCase();
  const eventType = command.toLowerCase();
  const ok: DiscoveryEffect = { do: 'answer', message: { eventType, message: 'OK' } };
  const no = (message: string, type = eventType): readonly [Discovery, readonly DiscoveryEffect[]] => [
    state,
    [{ do: 'answer', message: { eventType: type, message, error: true } }],
  ];
  const known = ['HELLO', 'START', 'START_SYNC', 'STOP', 'LIST', 'QUIT'];
  if (!known.includes(command)) return no(`unknown command ${command.slice(0, 40)}`, 'command_error');
  if (command === 'HELLO') {
    if (state.greeted) return no('HELLO was said already');
    if (!/^\S+ \d+ "[^"]*"$/.test(words)) return no('HELLO wants a protocol version and a quoted name');
    return [{ ...state, greeted: true }, [{ do: 'answer', message: { eventType, protocolVersion: 1, message: 'OK' } }]];
  }
  if (command === 'QUIT') return [{ ...state, mode: 'idle' }, [ok, { do: 'quit' }]];
  if (!state.greeted) return no(`HELLO comes first, before ${command}`);
  switch (command) {
    case 'START':
    case 'START_SYNC': {
      if (state.mode !== 'idle')
        return no(state.mode === 'polling' ? 'already started' : 'already started, and sending events');
      const mode = command === 'START' ? 'polling' : 'events';
      const adds = mode === 'events' ? [...state.ports.values()].map(add) : [];
      return [{ ...state, mode }, [ok, ...adds, { do: 'look' }]];
    }
    case 'STOP':
      if (state.mode === 'idle') return no('not started, or stopped already');
      return [{ ...state, mode: 'idle', ports: new Map() }, [ok, { do: 'rest' }]];
    default:
      if (state.mode !== 'polling')
        return no(state.mode === 'events' ? 'events are being sent: LIST needs START' : 'not started');
      return [state, [{ do: 'answer', message: { eventType, ports: [...state.ports.values()].map(describe) } }]];
  }
}

function seen(state: Discovery, ports: readonly Port[]): readonly [Discovery, readonly DiscoveryEffect[]] {
  if (state.mode === 'idle') return [state, []];
  const now = new Map(ports.map((port) => [port.address, port]));
  const next = { ...state, ports: now };
  if (state.mode === 'polling') return [next, []];
  const gone = [...state.ports.values()].filter(({ address }) => !now.has(address));
  const come = ports.filter((port) => !same(state.ports.get(port.address), port));
  return [next, [...gone.map(remove), ...come.map(add)]];
}

const same = (one: Port | undefined, other: Port): boolean =>
  one !== undefined && JSON.stringify(describe(one)) === JSON.stringify(describe(other));

const describe = ({ address, label, port, properties }: Port): Record<string, unknown> => ({
  address,
  label,
  protocol: 'network',
  protocolLabel: 'Network Port',
  properties: { ...properties, port: String(port) },
});

const add = (port: Port): DiscoveryEffect => ({ do: 'answer', message: { eventType: 'add', port: describe(port) } });

const remove = ({ address }: Port): DiscoveryEffect => ({
  do: 'answer',
  message: { eventType: 'remove', port: { address, protocol: 'network' } },
});
