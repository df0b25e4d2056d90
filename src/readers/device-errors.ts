/** The words with which a board itself says why it refuses: Updater of esp8266/Arduino 2.0.0-3.1.2 and arduino-esp32
 *  1.0.0-3.x, ESPHome's over-the-air component (as its uploader words it), web forms, Tasmota. */
import type { FactValue } from '#values/facts.ts';

type ErrorKind = FactValue<'device.error'>;

/** Text first, numbers never: core 2.0.0 counts otherwise than all later ones. Replies after a password are cut at 32
 *  characters, so the beginnings must do. */
const kinds: readonly (readonly [RegExp, ErrorKind])[] = [
  [
    /not enough space|to+ less space|does not have enough space|OTA partition on the ESP is too small/i,
    'not-enough-space',
  ],
  [/bad size given/i, 'bad-size'],
  [/flash write failed|writing OTA data to flash memory failed/i, 'flash-write'],
  [/flash erase failed/i, 'flash-erase'],
  [/flash read failed/i, 'flash-read'],
  [/stream read timeout/i, 'stream-timeout'],
  [/MD5 (?:check )?failed|MD5 verification failed|MD5 code mismatch|wrong MD5|faulty MD5/i, 'md5'],
  [
    /new flash config wrong|does not have the requested flash size|bin for wrong flash|does not fit flash size|not fits? SPI flash|program flash size is larger than real/i,
    'new-flash-config',
  ],
  [/flash config wrong|flashed with wrong flash size/i, 'flash-config'],
  [/magic byte|verify bin header failed/i, 'magic'],
  [/invalid bootstra|press the reset button on the ESP/i, 'bootstrap'],
  [/signature verification failed|signature invalid/i, 'signature'],
  [/no data supplied/i, 'no-data'],
  [/out of memory/i, 'out-of-memory'],
  [/update (?:is )?already running/i, 'already-running'],
  [/mismatch chip id/i, 'chip-mismatch'],
  [/could not activate the firmware/i, 'could-not-activate'],
  [/partition could not be found|OTA partition on the ESP couldn't be found|no update partition/i, 'no-partition'],
  [/decryption error/i, 'decrypt'],
];

/** What a board's own error text means; undefined when it is not one of the known texts. */
export const errorKindOf = (text: string): ErrorKind | undefined => kinds.find(([words]) => words.test(text))?.[1];
