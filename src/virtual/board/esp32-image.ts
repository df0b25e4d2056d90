import type { Partition } from '#firmware/index.ts';
import { readU16, sha256Hex, toHex } from '#values/index.ts';
import type { Flash } from './flash.ts';
import { walkImage } from './image.ts';

const hashBytes = 32;

/** esp_image_verify of ESP-IDF, as far as it looks at bytes: magic, chip, segments, checksum, hash, length. Gives the
 *  image's length; undefined when it would not be started. */
export function verifiesOnEsp32(flash: Flash, slot: Partition, chipId: number): number | undefined {
  const header = flash.read(slot.offset, 24);
  const image = walkImage(flash, slot.offset, 'esp32');
  if (!image?.checksumGood || readU16(header, 12) !== chipId) return undefined;
  const length = image.end - slot.offset;
  if (header[23] !== 1) return length <= slot.bytes ? length : undefined;
  const hash = toHex(flash.read(image.end, hashBytes));
  const good = hash === sha256Hex(flash.read(slot.offset, length));
  return good && length + hashBytes <= slot.bytes ? length + hashBytes : undefined;
}
