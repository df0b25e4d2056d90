import { concat, writeU32 } from '#values/index.ts';
import { filler } from './filler.ts';

/** The image with a trailer in the form of ESP8266 and arduino-pico behind it. The signature itself is noise: no board
 *  that verifies will take it. */
export function signedTrailer(image: Uint8Array, signatureBytes = 256): Uint8Array {
  const length = new Uint8Array(4);
  writeU32(length, 0, signatureBytes);
  return concat(image, filler(signatureBytes, { seed: 0x51, compressibility: 1 }), length);
}
