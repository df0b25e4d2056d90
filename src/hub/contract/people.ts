import Type, { type Static } from 'typebox';
import { Id, Name, Time } from './common.ts';

export const FirstOwner = Type.Object(
  { link: Type.String({ maxLength: 128 }), name: Name, password: Type.String({ minLength: 10, maxLength: 256 }) },
  { additionalProperties: false },
);
export const Login = Type.Object(
  { name: Name, password: Type.String({ maxLength: 256 }) },
  { additionalProperties: false },
);
/** read: see all; control: move pins, restart; flash: firmware and updates; admin: all else. Each includes those before it. */
export const Scope = Type.Union([
  Type.Literal('read'),
  Type.Literal('control'),
  Type.Literal('flash'),
  Type.Literal('admin'),
]);
export type Scope = Static<typeof Scope>;
export const scopes: readonly Scope[] = ['read', 'control', 'flash', 'admin'];

export const Me = Type.Object({
  name: Type.String(),
  scope: Scope,
  /** Sent back as `x-csrf` with everything that changes something, by a browser that has a session. */
  csrf: Type.Optional(Type.String()),
});
export type Me = Static<typeof Me>;
/** Asked before login: is there an owner yet, and what is this. */
export const Status = Type.Object({
  product: Type.Literal('whyota'),
  version: Type.String(),
  hasOwner: Type.Boolean(),
});

export const ApiToken = Type.Object({ id: Id, name: Name, scope: Scope, createdAt: Time, usedAt: Type.Optional(Time) });
export type ApiToken = Static<typeof ApiToken>;
export const NewApiToken = Type.Object({ name: Name, scope: Scope }, { additionalProperties: false });
/** The only time the token is shown. */
export const MadeApiToken = Type.Object({ id: Id, token: Type.String() });

export const AuditLine = Type.Object({
  id: Type.Integer(),
  at: Time,
  who: Type.String(),
  /** `update.ordered`, `device.forgotten`, `token.made`, … */
  what: Type.String(),
  whom: Type.Optional(Type.String()),
  detail: Type.Optional(Type.String()),
});
export type AuditLine = Static<typeof AuditLine>;

export const Settings = Type.Object({
  /** Told of notify, event, offline, flapping and ended updates, as JSON by POST. */
  webhook: Type.Optional(
    Type.Union([Type.String({ format: 'uri', pattern: '^https?://', maxLength: 2048 }), Type.Null()]),
  ),
  /** Days that raw pin values are kept; hourly means are kept for two years. */
  keepPins: Type.Optional(Type.Integer({ minimum: 1, maximum: 3650 })),
});
export type Settings = Static<typeof Settings>;
