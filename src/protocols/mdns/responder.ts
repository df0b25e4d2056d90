/** The answering half, as boards do it: announces, answers questions for its services and its host, says goodbye. It
 *  defends no names: boards that share one both keep it, as most real ones do in practice. */
import { type Millis, millis, seconds } from '#values/index.ts';
import { addressRecord, arduinoQuery, fold, legacyTtl, ptr, sameName, srv, txt } from './records.ts';
import { type Entry, type Message, mdnsPort, parseMessage, printMessage, type Question } from './wire.ts';

export interface Announced {
  /** `kitchen.local` */
  readonly host: string;
  readonly addresses: readonly string[];
  readonly services: readonly AnnouncedService[];
  /** Answers nothing but the one query that JAndrassy/ArduinoOTA knows. */
  readonly onlyExactQuery?: boolean;
}

export interface AnnouncedService {
  /** `_arduino._tcp` */
  readonly type: string;
  readonly name: string;
  readonly port: number;
  readonly txt: readonly string[];
}

export type ResponderEvent = { readonly now: Millis } & (
  | { readonly kind: 'start' }
  | {
      readonly kind: 'datagram';
      readonly bytes: Uint8Array;
      readonly from: { readonly address: string; readonly port: number };
    }
  | { readonly kind: 'woke' }
  | { readonly kind: 'stop' }
);

export type ResponderEffect =
  | {
      readonly do: 'send';
      readonly bytes: Uint8Array;
      readonly to: 'group' | { readonly address: string; readonly port: number };
    }
  | { readonly do: 'wake'; readonly at: Millis };

export interface ResponderState {
  readonly announced: Announced;
  readonly announceAt?: Millis | undefined;
  readonly silent: boolean;
}

/** RFC 6762 §8.3: announcements are at least two, a second apart. */
const announcePause = seconds(1);
/** In the third byte of a message. */
const responseBit = 0x80;

export const responding = (announced: Announced): ResponderState => ({ announced, silent: true });

export function respond(state: ResponderState, event: ResponderEvent): [ResponderState, readonly ResponderEffect[]] {
  const { announced, announceAt } = state;
  switch (event.kind) {
    case 'start': {
      const again = millis(event.now + announcePause);
      return [{ announced, silent: false, announceAt: again }, [...toGroup(all(announced)), { do: 'wake', at: again }]];
    }
    case 'woke':
      if (state.silent || announceAt === undefined || event.now < announceAt) return [state, []];
      return [{ announced, silent: false }, toGroup(all(announced))];
    case 'stop':
      if (state.silent) return [state, []];
      return [{ announced, silent: true }, toGroup(all(announced).map((entry) => ({ ...entry, ttl: 0 })))];
    case 'datagram':
      return [state, state.silent ? [] : answer(announced, event.bytes, event.from)];
  }
}

function answer(
  announced: Announced,
  bytes: Uint8Array,
  from: { readonly address: string; readonly port: number },
): readonly ResponderEffect[] {
  // Where many boards share a link most of what is heard is others' answers: not worth parsing.
  if (((bytes[2] ?? 0) & responseBit) !== 0) return [];
  if (announced.onlyExactQuery && !isExactQuery(bytes)) return [];
  const query = parseMessage(bytes);
  if (query?.kind !== 'query') return [];
  const legacy = from.port !== mdnsPort;
  const alone = legacy || (query.questions.length > 0 && query.questions.every(({ unicast }) => unicast));
  const records = all(announced);
  const answers = records
    .filter((record) => query.questions.some((question) => asksFor(question, record)))
    .filter((record) => !isKnown(record, query));
  if (answers.length === 0) return [];
  const additionals = answers.some(({ type }) => type === 'PTR' || type === 'SRV')
    ? records.filter((record) => record.type !== 'PTR' && !answers.includes(record))
    : [];
  const reply = { kind: 'response', answers, additionals } as const;
  if (!alone) return send(reply, 'group');
  if (!legacy) return send(reply, from);
  return send(
    {
      ...reply,
      id: query.id,
      questions: query.questions.map((question) => ({ ...question, unicast: false })),
      answers: answers.map(forLegacy),
      additionals: additionals.map(forLegacy),
    },
    from,
  );
}

/** The transaction id, its first two bytes, may be anything. */
const isExactQuery = (bytes: Uint8Array): boolean =>
  bytes.length === arduinoQuery.length && bytes.every((byte, at) => at < 2 || byte === arduinoQuery[at]);

const asksFor = ({ type, name }: Question, record: Entry): boolean =>
  (type === record.type || type === 'ANY') && sameName(name, record.name);

/** RFC 6762 §7.1: what the asker knows, with at least half of its time left, is not repeated. */
const isKnown = (record: Entry, { answers }: Message): boolean =>
  record.type === 'PTR' &&
  answers.some(
    (known) =>
      known.type === 'PTR' &&
      sameName(known.name, record.name) &&
      sameName(known.target, record.target) &&
      known.ttl >= record.ttl / 2,
  );

const forLegacy = (entry: Entry): Entry => ({ ...entry, ttl: Math.min(entry.ttl, legacyTtl), flush: false });

function all({ host, addresses, services }: Announced): Entry[] {
  const types = [...new Set(services.map(({ type }) => fold(type)))];
  return [
    ...types.map((type) => ptr('_services._dns-sd._udp.local', `${type}.local`)),
    ...services.flatMap(({ type, name, port, txt: strings }) => {
      const instance = `${name}.${type}.local`;
      return [ptr(`${type}.local`, instance), srv(instance, host, port), txt(instance, strings)];
    }),
    ...addresses.map((address) => addressRecord(host, address)),
  ];
}

const toGroup = (answers: readonly Entry[]): readonly ResponderEffect[] => send({ kind: 'response', answers }, 'group');

function send(
  message: Parameters<typeof printMessage>[0],
  to: (ResponderEffect & { do: 'send' })['to'],
): readonly ResponderEffect[] {
  const bytes = printMessage(message);
  return bytes ? [{ do: 'send', bytes, to }] : [];
}
