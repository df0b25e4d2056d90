/** blynk: the hardware protocol of Blynk, legacy and IoT, and the HTTP paths of their servers.
 *  wire.ts: frames.  pins.ts, info.ts: what stands in them.  server.ts, orders.ts: the half that a hub runs.  device.ts: the
 *  libraries.  legacy-data.ts: what the legacy server kept of an account. */
export * as blynkDevice from './device.ts';
export { type Info, readInfo } from './info.ts';
export { type LegacyDevice, readLegacyAccount } from './legacy-data.ts';
export {
  answerBridge,
  answerClock,
  answerSync,
  askPin,
  bridged,
  redirect,
  restart,
  startOta,
  writePin,
} from './orders.ts';
export type { PinValues } from './pins.ts';
export {
  answerLogin,
  doubt,
  type Ended,
  opened,
  receive,
  type ServerState,
  type ServerWish,
  setUpdating,
  tick,
} from './server.ts';
export {
  command,
  decodeText,
  encodeText,
  type Frame,
  fieldsOf,
  printFrame,
  printResponse,
  status,
  takeFrames,
} from './wire.ts';
