import Type, { type Static } from 'typebox';
import { Id, Name, Time } from './common.ts';

/** A file of the library; its id is the SHA-256 of its bytes in hex. */
export const FirmwareId = Type.String({ pattern: '^[0-9a-f]{64}$' });
export const Firmware = Type.Object({
  id: FirmwareId,
  name: Name,
  version: Type.Optional(Type.String({ maxLength: 64 })),
  notes: Type.Optional(Type.String({ maxLength: 4000 })),
  bytes: Type.Integer(),
  md5: Type.String(),
  /** In words: "ESP8266 sketch, core 2.7.4". */
  what: Type.String(),
  command: Type.Union([Type.Literal('sketch'), Type.Literal('filesystem')]),
  family: Type.Optional(Type.String()),
  chip: Type.Optional(Type.String()),
  core: Type.Optional(Type.String()),
  /** What a device that runs it announces, where the file says so. */
  build: Type.Optional(Type.String()),
  addedAt: Time,
  addedBy: Type.String(),
  /** Devices that are confirmed to run it. */
  runsOn: Type.Integer(),
});
export type Firmware = Static<typeof Firmware>;
export const FirmwareUpload = Type.Object({
  name: Name,
  version: Type.Optional(Type.String({ maxLength: 64 })),
  notes: Type.Optional(Type.String({ maxLength: 4000 })),
});
export const FirmwareChange = Type.Object(
  {
    name: Type.Optional(Name),
    version: Type.Optional(Type.String({ maxLength: 64 })),
    notes: Type.Optional(Type.String({ maxLength: 4000 })),
  },
  { additionalProperties: false },
);
/** Whether a firmware fits a device, before anything is sent. */
export const FitAnswer = Type.Object({
  device: Id,
  verdict: Type.Union([Type.Literal('fits'), Type.Literal('does-not-fit'), Type.Literal('unknown')]),
  because: Type.String(),
});
export type FitAnswer = Static<typeof FitAnswer>;
