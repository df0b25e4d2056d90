/** The asking half. Asks for services and hosts on every link, keeps what each sender said for as long as it holds, and
 *  tells of services as they come, change and go. What one board says never overrides what another said: two boards with
 *  the same name stay two. */
import { type Millis, millis, seconds } from '#values/index.ts';
import { arduinoQuery, ask, fold, sameName, txtValues } from './records.ts';
import { type Entry, parseMessage, printMessage, type Question } from './wire.ts';

export interface BrowserOptions {
  /** `_arduino._tcp` and the like, without `.local`. */
  readonly services: readonly string[];
  /** Host names to look up, with `.local`. */
  readonly hosts?: readonly string[];
  /** Set when port 5353 could not be shared: answers must come to us alone. */
  readonly unicast?: boolean;
}

/** One instance of a service, as one sender described it. Names and texts are as they came: not fit for a terminal. */
export interface Service {
  readonly type: string;
  readonly name: string;
  /** `kitchen.local`; undefined until the sender said it. */
  readonly host?: string;
  readonly port?: number;
  readonly addresses: readonly string[];
  readonly txt: Readonly<Record<string, string>>;
  /** Who said it: boards speak for themselves, reflectors for others. */
  readonly sender: string;
  /** Interfaces of this host on which it was heard. */
  readonly links: readonly string[];
}

export type BrowserEvent = { readonly now: Millis } & (
  | { readonly kind: 'start' }
  | { readonly kind: 'datagram'; readonly bytes: Uint8Array; readonly from: string; readonly link: string }
  | { readonly kind: 'woke' }
);

export type BrowserEffect =
  /** To the group, on every link. */
  | { readonly do: 'send'; readonly bytes: Uint8Array }
  | { readonly do: 'wake'; readonly at: Millis }
  | { readonly do: 'tell'; readonly event: BrowserTelling };

export type BrowserTelling =
  /** Heard, whether or not anything in it is new. */
  | { readonly kind: 'seen'; readonly service: Service }
  | { readonly kind: 'gone'; readonly service: Service; readonly why: 'goodbye' | 'expired' }
  | { readonly kind: 'host'; readonly name: string; readonly address: string; readonly link: string };

interface Heard {
  readonly entry: Entry;
  /** Its name, and the instance that a PTR points at, folded for comparison. */
  readonly name: string;
  readonly instance?: string | undefined;
  readonly links: readonly string[];
  readonly at: Millis;
  readonly expires: Millis;
}

export interface BrowserState {
  readonly options: BrowserOptions;
  readonly heard: ReadonlyMap<string, readonly Heard[]>;
  readonly round: number;
  readonly roundAt: Millis;
  /** When to ask for what answers left out, and how often each was asked for. */
  readonly followUpAt?: Millis | undefined;
  readonly asked: ReadonlyMap<string, number>;
}

type Step = [BrowserState, readonly BrowserEffect[]];

/** Queries go out at 0, 1, 3, 7, 15 s and so on, then twice a minute. */
const firstPause = seconds(1);
const longestPause = seconds(30);
const followUpPause = millis(100);
const mostFollowUps = 4;
/** A network full of liars ends here. */
const mostHeard = 10_000;

export const browsing = (options: BrowserOptions): BrowserState => ({
  options,
  heard: new Map(),
  round: 0,
  roundAt: millis(0),
  asked: new Map(),
});

export function browse(state: BrowserState, event: BrowserEvent): Step {
  switch (event.kind) {
    case 'start':
      return awake(askAll(state, event.now));
    case 'datagram':
      return awake(hear(state, event));
    case 'woke': {
      const [rested, gone] = expire(state, event.now);
      const [followed, questions] = followUp(rested, event.now);
      const [asked, queries] = event.now >= followed.roundAt ? askAll(followed, event.now) : [followed, []];
      return awake([asked, [...gone, ...questions, ...queries]]);
    }
  }
}

/** What is known now. */
export const servicesSeen = (state: BrowserState): readonly Service[] =>
  [...state.heard].flatMap(([sender, heard]) => servicesOf(sender, heard, state.options));

function awake([state, effects]: Step): Step {
  let at = Math.min(state.roundAt, state.followUpAt ?? Number.POSITIVE_INFINITY);
  for (const heard of state.heard.values()) for (const { expires } of heard) at = Math.min(at, expires);
  return [state, [...effects, { do: 'wake', at: millis(at) }]];
}

function askAll(state: BrowserState, now: Millis): Step {
  const { services, hosts = [], unicast = false } = state.options;
  const others = services.filter((type) => type !== '_arduino._tcp');
  const known = [...state.heard.values()].flat().flatMap(({ entry, expires }) => {
    const left = Math.floor((expires - now) / 1000);
    // Arduino services are asked for without known answers, and less than half of the time left is worth hearing anew.
    const ours = entry.type === 'PTR' && others.some((type) => sameName(entry.name, `${type}.local`));
    return ours && left > entry.ttl / 2 ? [{ ...entry, ttl: left }] : [];
  });
  const questions = [
    ...others.map((type) => ask('PTR', `${type}.local`, unicast)),
    ...hosts.flatMap((host) => [ask('A', host, unicast), ask('AAAA', host, unicast)]),
  ];
  const pause = Math.min(firstPause * 2 ** state.round, longestPause);
  const queries = [
    ...(services.length > others.length ? [arduinoQuery] : []),
    ...(questions.length > 0 ? printQuery(questions, known) : []),
  ];
  return [
    { ...state, round: state.round + 1, roundAt: millis(now + pause) },
    queries.map((bytes) => ({ do: 'send', bytes })),
  ];
}

/** Known answers are a courtesy: what would make the packet too large for one Ethernet frame is left out. */
function printQuery(questions: readonly Question[], known: readonly Entry[] = []): Uint8Array[] {
  for (let count = Math.min(known.length, 16); count >= 0; count = count > 0 ? Math.floor(count / 2) : -1) {
    const bytes = printMessage({ kind: 'query', questions, answers: known.slice(0, count) });
    if (bytes && bytes.length <= 1400) return [bytes];
  }
  return [];
}

function hear(state: BrowserState, event: BrowserEvent & { kind: 'datagram' }): Step {
  const message = parseMessage(event.bytes);
  if (message?.kind !== 'response') return [state, []];
  const { from, link, now } = event;
  const { options } = state;
  const news = [...message.answers, ...message.additionals]
    .filter((entry) => concerns(entry, options))
    .map((entry) => heardOf(entry, link, now));
  if (news.length === 0) return [state, []];

  const before = state.heard.get(from) ?? [];
  const after = news.reduce(remember, before);
  let count = after.length - before.length;
  for (const { length } of state.heard.values()) count += length;
  if (count > mostHeard) return [state, []];
  const heard = new Map(state.heard);
  if (after.length > 0) heard.set(from, after);
  else heard.delete(from);

  const services = servicesOf(from, after, options);
  const named = new Set(news.flatMap(({ entry, name, instance }) => (entry.ttl > 0 ? [name, instance ?? name] : [])));
  const incomplete = services.some((service) => missing(service).length > 0);
  return [
    { ...state, heard, followUpAt: incomplete ? (state.followUpAt ?? millis(now + followUpPause)) : state.followUpAt },
    [
      ...lost(servicesOf(from, before, options), services).map((service) =>
        tell({ kind: 'gone', service, why: 'goodbye' }),
      ),
      ...services
        .filter(({ name, type, host }) => named.has(fold(`${name}.${type}.local`)) || (host && named.has(fold(host))))
        .map((service) => tell({ kind: 'seen', service })),
      ...hostsIn(news, options).map(({ name, address }) => tell({ kind: 'host', name, address, link })),
    ],
  ];
}

const tell = (event: BrowserTelling): BrowserEffect => ({ do: 'tell', event });

function expire(state: BrowserState, now: Millis): Step {
  const heard = new Map<string, readonly Heard[]>();
  const gone: Service[] = [];
  for (const [sender, before] of state.heard) {
    const after = before.filter(({ expires }) => expires > now);
    if (after.length > 0) heard.set(sender, after);
    if (after.length === before.length) continue;
    gone.push(...lost(servicesOf(sender, before, state.options), servicesOf(sender, after, state.options)));
  }
  return [{ ...state, heard }, gone.map((service) => tell({ kind: 'gone', service, why: 'expired' }))];
}

/** Asks for the records that the answers left out: a lost packet, or a responder that answers only what it was asked. */
function followUp(state: BrowserState, now: Millis): Step {
  if (state.followUpAt === undefined || now < state.followUpAt) return [state, []];
  const asked = new Map(state.asked);
  const questions: Question[] = [];
  for (const question of servicesSeen(state).flatMap(missing)) {
    const key = `${question.type} ${fold(question.name)}`;
    const times = asked.get(key) ?? 0;
    if (times >= mostFollowUps || questions.length >= 20 || questions.some((one) => isEqual(one, question))) continue;
    asked.set(key, times + 1);
    questions.push({ ...question, unicast: state.options.unicast ?? false });
  }
  const followUpAt = questions.length > 0 ? millis(now + firstPause) : undefined;
  // One question a packet is what the simplest responders understand.
  return [
    { ...state, asked, followUpAt },
    questions.flatMap((question) => printQuery([question])).map((bytes) => ({ do: 'send', bytes })),
  ];
}

const isEqual = (a: Question, b: Question): boolean => a.type === b.type && sameName(a.name, b.name);

function missing({ type, name, host, addresses, txt }: Service): Question[] {
  const instance = `${name}.${type}.local`;
  const questions: Question[] = [];
  if (host === undefined) questions.push(ask('SRV', instance));
  else if (addresses.length === 0) questions.push(ask('A', host));
  if (Object.keys(txt).length === 0) questions.push(ask('TXT', instance));
  return questions;
}

/** Address records are kept whatever their name: the service record that refers to them may come later. */
function concerns({ type, name }: Entry, { services }: BrowserOptions): boolean {
  if (type === 'A' || type === 'AAAA') return true;
  const folded = fold(name);
  return services.some((service) => folded === `${service}.local` || folded.endsWith(`.${service}.local`));
}

const heardOf = (entry: Entry, link: string, now: Millis): Heard => ({
  entry,
  name: fold(entry.name),
  instance: entry.type === 'PTR' ? fold(entry.target) : undefined,
  links: [link],
  at: now,
  expires: millis(now + entry.ttl * 1000),
});

function remember(heard: readonly Heard[], news: Heard): readonly Heard[] {
  const { entry, name, at } = news;
  const old = heard.find((one) => isSameRecord(one, news));
  // The flush bit drops what is older than this moment: an answer may be spread over several packets.
  const others = heard.filter(
    (one) => one !== old && !(entry.flush && one.at < at && one.entry.type === entry.type && one.name === name),
  );
  if (entry.ttl === 0) return others;
  return [...others, old ? { ...news, links: [...new Set([...old.links, ...news.links])] } : news];
}

function isSameRecord(a: Heard, b: Heard): boolean {
  if (a.entry.type !== b.entry.type || a.name !== b.name || a.instance !== b.instance) return false;
  // There is one description of a service, and its newest text is the true one.
  return !('address' in a.entry && 'address' in b.entry) || a.entry.address === b.entry.address;
}

/** What was there before and is no more. */
function lost(before: readonly Service[], after: readonly Service[]): Service[] {
  const key = ({ type, name }: Service): string => fold(`${name}.${type}`);
  const left = new Set(after.map(key));
  return before.filter((service) => !left.has(key(service)));
}

function servicesOf(sender: string, heard: readonly Heard[], { services }: BrowserOptions): Service[] {
  const byName = Map.groupBy(heard, ({ name }) => name);
  const types = new Map(services.map((type) => [fold(`${type}.local`), type]));
  return heard.flatMap(({ entry, name, instance, links }) => {
    const type = types.get(name);
    if (entry.type !== 'PTR' || !type || !instance?.endsWith(`.${name}`)) return [];
    const about = (byName.get(instance) ?? []).map((one) => one.entry);
    const where = about.find((one) => one.type === 'SRV');
    const strings = about.find((one) => one.type === 'TXT')?.strings ?? [];
    const hosts = where ? (byName.get(fold(where.target)) ?? []) : [];
    return [
      {
        type,
        name: entry.target.slice(0, instance.length - name.length - 1),
        ...(where && { host: where.target, port: where.port }),
        addresses: hosts.flatMap((one) => ('address' in one.entry ? [one.entry.address] : [])),
        txt: txtValues(strings),
        sender,
        links,
      },
    ];
  });
}

const hostsIn = (
  news: readonly Heard[],
  { hosts = [] }: BrowserOptions,
): { readonly name: string; readonly address: string }[] =>
  news.flatMap(({ entry, name }) => {
    const host = hosts.find((one) => fold(one) === name);
    return host && 'address' in entry && entry.ttl > 0 ? [{ name: host, address: entry.address }] : [];
  });
