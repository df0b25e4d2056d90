/** make: valid images of every kind, byte for byte as the tool chains build them (the code inside is noise), for tests,
 *  virtual boards and the demo. A wish that cannot be built is a mistake of the caller and throws RangeError. */
export { type Esp32Wish, makeEsp32Bootloader, makeEsp32Image, makeMerged, makePartitionTable } from './make/esp32.ts';
export { type Esp8266Wish, makeEsp8266Image } from './make/esp8266.ts';
export { makeLittleFs } from './make/littlefs.ts';
export { makeRp2040Image, makeUf2, type Rp2Wish } from './make/rp2040.ts';
export { signedTrailer } from './make/signed.ts';
