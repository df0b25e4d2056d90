/** values: the floor everything stands on. Bytes, units, digests, problems, secrets, seeded randomness.
 *  Pure: no sockets, no clock, nothing of Node or the browser. */
export { ascii, concat, fromHex, readU16, readU32, readU32be, text, toHex, writeU16, writeU32 } from './bytes.ts';
export { crc32, crc32Mpeg2 } from './crc.ts';
export { md5, md5Hex, pbkdf2Sha256, sha256, sha256Hex } from './digests.ts';
export { type Code, isProblem, type Problem, type Result } from './problem.ts';
export { type Random, seeded } from './random.ts';
export { Secret } from './secret.ts';
export {
  formatBytes,
  formatDuration,
  formatNumber,
  type Millis,
  millis,
  minutes,
  seconds,
  sectorBytes,
  sectors,
} from './units.ts';
