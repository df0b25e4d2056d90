import Type, { type Static } from 'typebox';
import { Id, Name, Time } from './common.ts';

/** How a device is known. One device may be known several ways. */
export const Way = Type.Union(
  ['blynk', 'espota', 'pull', 'esphome', 'wled', 'tasmota', 'http'].map((way) => Type.Literal(way)) as [
    Type.TLiteral<'blynk'>,
    Type.TLiteral<'espota'>,
    Type.TLiteral<'pull'>,
    Type.TLiteral<'esphome'>,
    Type.TLiteral<'wled'>,
    Type.TLiteral<'tasmota'>,
    Type.TLiteral<'http'>,
  ],
);
export type Way = Static<typeof Way>;

/** `not-answering`: 1.5 heartbeats without a word, and a ping of ours unanswered. `unknown`: no way that tells. */
export const Presence = Type.Union([
  Type.Literal('online'),
  Type.Literal('not-answering'),
  Type.Literal('offline'),
  Type.Literal('updating'),
  Type.Literal('unknown'),
]);
export type Presence = Static<typeof Presence>;

export const Device = Type.Object({
  id: Id,
  name: Name,
  presence: Presence,
  /** Went on- and offline often within the last hour. */
  flapping: Type.Boolean(),
  ways: Type.Array(Way),
  /** It can be updated from here: over espota, by pulling, or by a Blynk `ota` message. */
  flashable: Type.Boolean(),
  address: Type.Optional(Type.String()),
  port: Type.Optional(Type.Integer()),
  mac: Type.Optional(Type.String()),
  family: Type.Optional(Type.String()),
  chip: Type.Optional(Type.String()),
  board: Type.Optional(Type.String()),
  core: Type.Optional(Type.String()),
  layout: Type.Optional(Type.String()),
  /** What it says it runs: name and version or build. */
  firmware: Type.Optional(Type.String()),
  build: Type.Optional(Type.String()),
  /** SHA-256 of the library's firmware that was confirmed last. */
  firmwareId: Type.Optional(Type.String()),
  runningSince: Type.Optional(Time),
  runningBytes: Type.Optional(Type.Integer()),
  /** dBm. */
  signal: Type.Optional(Type.Number()),
  lastSeen: Type.Optional(Time),
  group: Type.Optional(Name),
  tags: Type.Array(Name),
  /** It has a Blynk token. */
  hasToken: Type.Boolean(),
  hasPassword: Type.Boolean(),
  lastUpdate: Type.Optional(Type.Object({ id: Id, state: Type.String(), at: Time })),
  createdAt: Time,
});
export type Device = Static<typeof Device>;

export const DeviceQuery = Type.Object({
  search: Type.Optional(Type.String({ maxLength: 100 })),
  group: Type.Optional(Name),
  tag: Type.Optional(Name),
  presence: Type.Optional(Presence),
  after: Type.Optional(Type.String({ maxLength: 128 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20_000, default: 20_000 })),
});

export const NewDevice = Type.Object({ name: Name, group: Type.Optional(Name) }, { additionalProperties: false });
export type NewDevice = Static<typeof NewDevice>;

/** null drops what was there. `password` is the OTA password; it can be set, never read. */
export const DeviceChange = Type.Object(
  {
    name: Type.Optional(Name),
    group: Type.Optional(Type.Union([Name, Type.Null()])),
    tags: Type.Optional(Type.Array(Name, { maxItems: 32, uniqueItems: true })),
    core: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
    layout: Type.Optional(Type.Union([Type.String({ maxLength: 64 }), Type.Null()])),
    password: Type.Optional(Type.Union([Type.String({ maxLength: 256 }), Type.Null()])),
  },
  { additionalProperties: false },
);
export type DeviceChange = Static<typeof DeviceChange>;

/** Another Blynk server, by name or address. */
export const OtherServer = Type.Object(
  {
    host: Type.String({ minLength: 1, maxLength: 63, pattern: '^[A-Za-z0-9._-]+$' }),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
  },
  { additionalProperties: false },
);

/** A token of 32 letters and digits; whoever has it is this device. */
export const DeviceToken = Type.Object({ token: Type.String() });

/** V virtual, D digital, A analog; `V5`. */
export const PinName = Type.String({ pattern: '^[VDA](25[0-5]|2[0-4]\\d|1?\\d?\\d)$' });
export const Control = Type.Union([
  Type.Literal('switch'),
  Type.Literal('slider'),
  Type.Literal('value'),
  Type.Literal('text'),
]);
export type Control = Static<typeof Control>;

export const Pin = Type.Object({
  pin: PinName,
  name: Type.Optional(Name),
  control: Control,
  min: Type.Number(),
  max: Type.Number(),
  unit: Type.Optional(Type.String({ maxLength: 16 })),
  /** Values as the device wrote them; a virtual pin may carry several. */
  values: Type.Array(Type.String()),
  at: Type.Optional(Time),
});
export type Pin = Static<typeof Pin>;

export const PinChange = Type.Object(
  {
    name: Type.Optional(Type.Union([Name, Type.Null()])),
    control: Type.Optional(Control),
    min: Type.Optional(Type.Number()),
    max: Type.Optional(Type.Number()),
    unit: Type.Optional(Type.Union([Type.String({ maxLength: 16 }), Type.Null()])),
  },
  { additionalProperties: false },
);
export type PinChange = Static<typeof PinChange>;

export const PinWrite = Type.Object(
  { values: Type.Array(Type.String({ maxLength: 1024 }), { minItems: 1, maxItems: 32 }) },
  { additionalProperties: false },
);
/** `delivered`: the device was there. Else the value waits for its next sync. */
export const PinWritten = Type.Object({ delivered: Type.Boolean() });

export const PinPoint = Type.Object({ at: Time, value: Type.Number(), min: Type.Number(), max: Type.Number() });
export const PinHistory = Type.Object({ points: Type.Array(PinPoint) });
export type PinHistory = Static<typeof PinHistory>;
export const HistoryQuery = Type.Object({
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  points: Type.Optional(Type.Integer({ minimum: 2, maximum: 2000, default: 500 })),
});

export const LogLine = Type.Object({
  id: Type.Integer(),
  at: Time,
  kind: Type.Union([
    Type.Literal('online'),
    Type.Literal('offline'),
    Type.Literal('not-answering'),
    Type.Literal('notify'),
    Type.Literal('event'),
    Type.Literal('print'),
    Type.Literal('update'),
    Type.Literal('info'),
    Type.Literal('trouble'),
  ]),
  /** As the device wrote it: never HTML. */
  text: Type.String(),
});
export type LogLine = Static<typeof LogLine>;

/** A device that knocks with a token nobody made here. It is answered only once somebody adopts it (or with --rescue). */
export const Knock = Type.Object({
  id: Id,
  way: Way,
  /** Its first four characters. */
  tokenHint: Type.Optional(Type.String()),
  address: Type.String(),
  mac: Type.Optional(Type.String()),
  what: Type.Optional(Type.String()),
  firstAt: Time,
  lastAt: Time,
  times: Type.Integer(),
});
export type Knock = Static<typeof Knock>;
export const Adoption = Type.Object({ name: Name }, { additionalProperties: false });
