import Type, { type Static } from 'typebox';
import { Id, ProblemBody, Time } from './common.ts';
import { FirmwareId } from './firmware.ts';

/** One state machine whatever the way. queued → waiting (asleep or away) → sending → stored → restarting → an end. */
export const UpdateState = Type.Union([
  Type.Literal('queued'),
  Type.Literal('waiting'),
  Type.Literal('sending'),
  Type.Literal('stored'),
  Type.Literal('restarting'),
  Type.Literal('confirmed'),
  Type.Literal('back-unproven'),
  Type.Literal('failed'),
  /** We can't tell whether it was stored (a kill between two steps, a board that never came back). */
  Type.Literal('unknown'),
  Type.Literal('rolled-back'),
  Type.Literal('cancelled'),
]);
export type UpdateState = Static<typeof UpdateState>;
export const updateEnds: readonly UpdateState[] = [
  'confirmed',
  'back-unproven',
  'failed',
  'unknown',
  'rolled-back',
  'cancelled',
];

export const UpdateWay = Type.Union([Type.Literal('push'), Type.Literal('pull'), Type.Literal('blynk')]);
export type UpdateWay = Static<typeof UpdateWay>;

export const Update = Type.Object({
  id: Id,
  /** Updates that were ordered together share it. */
  batch: Id,
  device: Id,
  deviceName: Type.String(),
  firmware: FirmwareId,
  firmwareName: Type.String(),
  way: UpdateWay,
  state: UpdateState,
  /** Bytes the board has acknowledged, of `total`; of `sending`. */
  acknowledged: Type.Optional(Type.Integer()),
  total: Type.Optional(Type.Integer()),
  /** Of a confirmed one: what the board said it runs. */
  build: Type.Optional(Type.String()),
  problem: Type.Optional(ProblemBody),
  /** Causes of a failed one, most likely first, as `whyota doctor --json` gives them. */
  diagnosis: Type.Optional(Type.Unknown()),
  by: Type.String(),
  createdAt: Time,
  changedAt: Time,
});
export type Update = Static<typeof Update>;
export const UpdateDetail = Type.Intersect([
  Update,
  Type.Object({
    steps: Type.Array(Type.Object({ at: Time, state: UpdateState, note: Type.Optional(Type.String()) })),
    /** The transcript of the attempt: a list of typed events. */
    transcript: Type.Array(Type.Unknown()),
  }),
]);
export type UpdateDetail = Static<typeof UpdateDetail>;

/** Orders one firmware for devices, a group or a tag. */
export const NewUpdates = Type.Object(
  {
    firmware: FirmwareId,
    devices: Type.Optional(Type.Array(Id, { maxItems: 100_000 })),
    group: Type.Optional(Type.String({ maxLength: 64 })),
    tag: Type.Optional(Type.String({ maxLength: 64 })),
    way: Type.Optional(UpdateWay),
    force: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type NewUpdates = Static<typeof NewUpdates>;
export const OrderedUpdates = Type.Object({
  batch: Id,
  updates: Type.Array(Update),
  refused: Type.Array(Type.Object({ device: Id, problem: ProblemBody })),
});
export type OrderedUpdates = Static<typeof OrderedUpdates>;
