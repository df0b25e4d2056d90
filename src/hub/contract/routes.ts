import Type, { type Static } from 'typebox';
import { Id, Page, PageQuery, Time } from './common.ts';
import {
  Adoption,
  Device,
  DeviceChange,
  DeviceQuery,
  DeviceToken,
  HistoryQuery,
  Knock,
  LogLine,
  NewDevice,
  OtherServer,
  Pin,
  PinChange,
  PinHistory,
  PinName,
  PinWrite,
  PinWritten,
} from './devices.ts';
import { Firmware, FirmwareChange, FirmwareId, FirmwareUpload, FitAnswer } from './firmware.ts';
import {
  ApiToken,
  AuditLine,
  FirstOwner,
  Login,
  MadeApiToken,
  Me,
  NewApiToken,
  type Scope,
  Settings,
  Status,
} from './people.ts';
import { NewUpdates, OrderedUpdates, Update, UpdateDetail } from './updates.ts';

/** A device that was made, with its token: the only time it is shown. */
export const MadeDevice = Type.Object({ device: Device, token: Type.String() });
export const LogQuery = Type.Object({
  /** Lines older than this one's id. */
  before: Type.Optional(Type.Integer({ minimum: 1 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
});
export const UpdateQuery = Type.Object({
  device: Type.Optional(Id),
  batch: Type.Optional(Id),
  after: Type.Optional(Type.String({ maxLength: 128 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 100 })),
});
export const FitsQuery = Type.Object(
  { devices: Type.Array(Id, { maxItems: 20_000 }) },
  { additionalProperties: false },
);
/** What the doctor found by probing it now, as `whyota doctor --json` gives it. */
export const DeviceDiagnosis = Type.Object({ at: Time, diagnosis: Type.Unknown() });
export type DeviceDiagnosis = Static<typeof DeviceDiagnosis>;

const One = Type.Object({ id: Id });
const OnePin = Type.Object({ id: Id, pin: PinName });
const OneFirmware = Type.Object({ id: FirmwareId });

interface Route {
  /** Absent: asked before login. */
  readonly scope?: Scope;
  readonly params?: Type.TObject;
  readonly query?: Type.TObject;
  readonly body?: Type.TSchema;
  /** The body is the file itself, `application/octet-stream`. */
  readonly file?: true;
  /** Absent: 204. */
  readonly answer?: Type.TSchema;
}

/** Every route of the HTTP API but `GET /api/events` (server-sent events), `/api/openapi.json` and a firmware's bytes. */
export const routes = {
  'GET /api/status': { answer: Status },
  /** The one-time link of the first start makes the owner and logs in. */
  'POST /api/owner': { body: FirstOwner, answer: Me },
  'POST /api/session': { body: Login, answer: Me },
  'GET /api/session': { scope: 'read', answer: Me },
  'DELETE /api/session': { scope: 'read' },

  'GET /api/devices': { scope: 'read', query: DeviceQuery, answer: Page(Device) },
  'POST /api/devices': { scope: 'admin', body: NewDevice, answer: MadeDevice },
  'GET /api/devices/:id': { scope: 'read', params: One, answer: Device },
  'PATCH /api/devices/:id': { scope: 'admin', params: One, body: DeviceChange, answer: Device },
  'DELETE /api/devices/:id': { scope: 'admin', params: One },
  /** A new token; the one before ends. */
  'POST /api/devices/:id/token': { scope: 'admin', params: One, answer: DeviceToken },
  'POST /api/devices/:id/restart': { scope: 'control', params: One },
  /** To another Blynk server, until it restarts. */
  'POST /api/devices/:id/redirect': { scope: 'admin', params: One, body: OtherServer },
  'POST /api/devices/:id/diagnose': { scope: 'control', params: One, answer: DeviceDiagnosis },
  /** To the firmware that was confirmed before the one that runs. */
  'POST /api/devices/:id/rollback': { scope: 'flash', params: One, answer: Update },
  'GET /api/devices/:id/log': { scope: 'read', params: One, query: LogQuery, answer: Page(LogLine) },
  'GET /api/devices/:id/pins': { scope: 'read', params: One, answer: Page(Pin) },
  'PUT /api/devices/:id/pins/:pin': { scope: 'control', params: OnePin, body: PinWrite, answer: PinWritten },
  'PATCH /api/devices/:id/pins/:pin': { scope: 'control', params: OnePin, body: PinChange, answer: Pin },
  'DELETE /api/devices/:id/pins/:pin': { scope: 'control', params: OnePin },
  'GET /api/devices/:id/pins/:pin/history': { scope: 'read', params: OnePin, query: HistoryQuery, answer: PinHistory },

  'GET /api/knocks': { scope: 'read', answer: Page(Knock) },
  'POST /api/knocks/:id/adopt': { scope: 'admin', params: One, body: Adoption, answer: Device },
  'DELETE /api/knocks/:id': { scope: 'admin', params: One },

  'GET /api/firmware': { scope: 'read', answer: Page(Firmware) },
  'POST /api/firmware': { scope: 'flash', query: FirmwareUpload, file: true, answer: Firmware },
  'PATCH /api/firmware/:id': { scope: 'flash', params: OneFirmware, body: FirmwareChange, answer: Firmware },
  'DELETE /api/firmware/:id': { scope: 'flash', params: OneFirmware },
  'POST /api/firmware/:id/fits': { scope: 'read', params: OneFirmware, body: FitsQuery, answer: Page(FitAnswer) },

  'GET /api/updates': { scope: 'read', query: UpdateQuery, answer: Page(Update) },
  'POST /api/updates': { scope: 'flash', body: NewUpdates, answer: OrderedUpdates },
  'GET /api/updates/:id': { scope: 'read', params: One, answer: UpdateDetail },
  'POST /api/updates/:id/cancel': { scope: 'flash', params: One, answer: Update },
  'POST /api/updates/:id/retry': { scope: 'flash', params: One, answer: Update },

  'GET /api/audit': { scope: 'admin', query: PageQuery, answer: Page(AuditLine) },
  'GET /api/settings': { scope: 'admin', answer: Settings },
  'PATCH /api/settings': { scope: 'admin', body: Settings, answer: Settings },
  'GET /api/tokens': { scope: 'admin', answer: Page(ApiToken) },
  'POST /api/tokens': { scope: 'admin', body: NewApiToken, answer: MadeApiToken },
  'DELETE /api/tokens/:id': { scope: 'admin', params: One },
} as const satisfies Record<string, Route>;
export type RouteName = keyof typeof routes;

/** Where the one-time link leads: the secret stands in the fragment, which no server and no log sees. */
export const ownerLink = (address: string, secret: string): string => `${address}/#/start/${secret}`;

/** The Content-Security-Policy that the console is made for: nothing inline, nothing from elsewhere. */
export const consolePolicy = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
