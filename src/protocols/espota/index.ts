/** espota: how Arduino cores take an update. An invitation by datagram, a call back by TCP, the image, a verdict.
 *  wire.ts and errors.ts: what travels.  host.ts: our half.  device.ts: the board's half, as profiles.ts says it differs.
 *  events.ts: what both halves hear, wish for and end with. */
export { responseTo, type Scheme, storedHash } from './authentication.ts';
export type { Family } from './cores.ts';
export { type DeviceOptions, type DeviceState, device, deviceIsBusy, stepDevice } from './device.ts';
export { type ErrorText, errorTexts, parseError, printError } from './errors.ts';
export type {
  BoardError,
  BoardErrorKind,
  Command,
  DeviceEffect,
  DeviceError,
  DeviceEvent,
  HostEffect,
  HostEnding,
  HostEvent,
  HostOptions,
  HostTelling,
} from './events.ts';
export { type HostState, hosting, stepHost } from './host.ts';
export { type Profile, profileIds, profileOf } from './profiles.ts';
export {
  type ChallengeAnswer,
  commandNumbers,
  type Invitation,
  inertDatagram,
  type ParserRules,
  parseChallengeAnswer,
  parseInvitation,
  parseReply,
  printChallengeAnswer,
  printInvitation,
  printReply,
  type Reply,
  type ToBoard,
} from './wire.ts';
