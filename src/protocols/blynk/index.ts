/** blynk: the hardware protocol of Blynk, legacy and IoT, and the HTTP paths of their servers.
 *  wire.ts: frames.  pins.ts, info.ts: what stands in them.  server.ts: the half that a hub runs.  device.ts: the libraries.
 *  legacy-data.ts: what the legacy server kept of an account. */
export * as blynkDevice from './device.ts';
export { type Info, libraryAtLeast, readInfo } from './info.ts';
export { type LegacyDevice, readLegacyAccount } from './legacy-data.ts';
export { isPinNumber, type PinValues, pinWriteFields, readPinWrite, readSync } from './pins.ts';
export {
  answerBridge,
  answerClock,
  answerLogin,
  answerSync,
  bridged,
  doubt,
  type Ended,
  opened,
  receive,
  redirect,
  type ServerState,
  type ServerWish,
  setUpdating,
  silenceLimit,
  startOta,
  takesInternal,
  tick,
  writePin,
} from './server.ts';
export {
  command,
  decodeText,
  encodeText,
  type Frame,
  fieldsOf,
  headerBytes,
  isBlynk,
  printFrame,
  printResponse,
  status,
  takeFrames,
} from './wire.ts';
