/** What travels in multicast DNS (RFC 6762): messages of questions and records. Parsing and printing never throw. */
import { decode, encode, type PacketRecord } from './codec.js';

export const mdnsPort = 5353;
export const mdnsGroup = '224.0.0.251';

/** RFC 6762 §17: no mDNS message is larger. */
const largestMessage = 9000;
/** A hostile message may claim more; no honest one carries so many. */
const mostRecords = 256;

export type QuestionType = 'A' | 'AAAA' | 'PTR' | 'SRV' | 'TXT' | 'ANY';

export interface Question {
  readonly name: string;
  /** `ANY`, one of the record types, or a type that we don't speak, by its DNS name. */
  readonly type: QuestionType | (string & {});
  /** The QU bit: "answer me alone". */
  readonly unicast: boolean;
}

export type Entry = {
  readonly name: string;
  /** Seconds that it holds; 0 says goodbye. */
  readonly ttl: number;
  /** The cache-flush bit: "this is all there is of this name and type". */
  readonly flush: boolean;
} & EntryData;

export type EntryData =
  | { readonly type: 'A' | 'AAAA'; readonly address: string }
  | { readonly type: 'PTR'; readonly target: string }
  | { readonly type: 'SRV'; readonly target: string; readonly port: number }
  | { readonly type: 'TXT'; readonly strings: readonly string[] };

export interface Message {
  readonly kind: 'query' | 'response';
  readonly id: number;
  readonly questions: readonly Question[];
  /** In a query: what the asker knows already. */
  readonly answers: readonly Entry[];
  readonly additionals: readonly Entry[];
}

/** Undefined for what is no DNS message. Records of types and classes that we don't speak are left out. */
export function parseMessage(bytes: Uint8Array): Message | undefined {
  if (bytes.length < 12 || bytes.length > largestMessage) return undefined;
  try {
    const packet = decode(bytes);
    return {
      kind: packet.type === 'response' ? 'response' : 'query',
      id: packet.id ?? 0,
      questions: (packet.questions ?? []).slice(0, mostRecords).flatMap(({ name, type, class: klass }) => {
        const unicast = klass === quClass;
        return unicast || klass === 'IN' || klass === 'ANY' ? [{ name, type, unicast }] : [];
      }),
      answers: entries(packet.answers),
      additionals: entries(packet.additionals),
    };
  } catch {
    return undefined;
  }
}

/** Undefined when a name or a text does not fit into DNS (labels of at most 63 bytes, names and texts of at most 255). */
export function printMessage(message: Partial<Message> & Pick<Message, 'kind'>): Uint8Array | undefined {
  const { kind, id = 0, questions = [], answers = [], additionals = [] } = message;
  const names = [...questions, ...answers, ...additionals].map(({ name }) => name);
  const records = [...answers, ...additionals];
  for (const record of records) if ('target' in record) names.push(record.target);
  if (!names.every(nameFits)) return undefined;
  if (!records.every((record) => record.type !== 'TXT' || record.strings.every((one) => size(one) <= 255)))
    return undefined;
  try {
    const bytes = encode({
      type: kind,
      id,
      flags: kind === 'response' ? authoritative : 0,
      questions: questions.map(({ name, type }) => ({ name, type })),
      answers: answers.map(packetRecord),
      additionals: additionals.map(packetRecord),
    });
    return withUnicastBits(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), questions);
  } catch {
    return undefined;
  }
}

/** dns-packet can't write the QU bit, the first of a question's class. It writes names uncompressed: labels, then a zero. */
function withUnicastBits(bytes: Uint8Array, questions: readonly Question[]): Uint8Array {
  let at = 12;
  for (const { unicast } of questions) {
    while (bytes[at]) at += bytes[at]! + 1;
    if (unicast) bytes[at + 3]! |= 0x80;
    at += 5;
  }
  return bytes;
}

/** How dns-packet names class IN with the QU bit. */
const quClass = 'UNKNOWN_32769';
const authoritative = 0x0400;

const size = (text: string): number => new TextEncoder().encode(text).length;

const nameFits = (name: string): boolean =>
  size(name) <= 253 && name.split('.').every((label, at, all) => (label ? size(label) <= 63 : at === all.length - 1));

const utf8 = new TextDecoder('utf-8');

function entries(records: readonly PacketRecord[] = []): Entry[] {
  return records.slice(0, mostRecords).flatMap((record) => {
    const data = record.class === 'IN' ? entryData(record) : undefined;
    return data ? [{ name: record.name, ttl: record.ttl ?? 0, flush: record.flush ?? false, ...data }] : [];
  });
}

function entryData({ type, data }: PacketRecord): EntryData | undefined {
  switch (type) {
    case 'A':
    case 'AAAA':
      return { type, address: data as string };
    case 'PTR':
      return { type, target: data as string };
    case 'SRV': {
      const { target, port } = data as { target: string; port: number };
      return { type, target, port };
    }
    case 'TXT':
      return { type, strings: (data as Uint8Array[]).map((bytes) => utf8.decode(bytes)) };
    default:
      return undefined;
  }
}

function packetRecord(entry: Entry): PacketRecord {
  const { name, type, ttl, flush } = entry;
  const data =
    entry.type === 'SRV'
      ? { target: entry.target, port: entry.port }
      : entry.type === 'TXT'
        ? [...entry.strings]
        : 'target' in entry
          ? entry.target
          : entry.address;
  return { name, type, ttl, flush, data };
}
