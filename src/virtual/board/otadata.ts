import type { Partition, Scheme } from '#firmware/index.ts';
import { crc32, readU32, sectorBytes, writeU32 } from '#values/index.ts';
import type { Flash } from './flash.ts';

/** otadata of ESP-IDF (esp_flash_partitions.h): two sectors with a record each; the higher valid sequence number says which
 *  slot starts: (seq - 1) mod number of slots. */
const recordBytes = 32;
const blank = 0xffffffff;

const otadataOf = (scheme: Scheme): Partition | undefined =>
  scheme.partitions.find((partition) => !partition.app && partition.subtype === 'ota');

/** The CRC covers the sequence number alone; the ROM's CRC-32 is called with 0xFFFFFFFF (seq 1: 0x4743989A). */
const crcOf = (record: Uint8Array): number => crc32(record.subarray(0, 4), 0xffffffff);

function sequences(flash: Flash, otadata: Partition): [number, number] {
  const at = (sector: number): number => {
    const record = flash.read(otadata.offset + sector * sectorBytes, recordBytes);
    const seq = readU32(record, 0);
    return seq !== blank && readU32(record, 28) === crcOf(record) ? seq : 0;
  };
  return [at(0), at(1)];
}

/** The application partition that the boot loader would try first; undefined when the table holds none. */
export function chosenSlot(flash: Flash, scheme: Scheme): Partition | undefined {
  const otadata = otadataOf(scheme);
  const seq = otadata ? Math.max(...sequences(flash, otadata)) : 0;
  if (seq === 0 || scheme.slots.length === 0) return scheme.factory ?? scheme.slots[0];
  return scheme.slots[(seq - 1) % scheme.slots.length];
}

/** The slot after the running one, wrapping; the first when the factory application runs (esp_ota_get_next_update_partition). */
export function nextSlot(scheme: Scheme, running: Partition | undefined): Partition | undefined {
  if (scheme.slots.length === 0) return undefined;
  const at = scheme.slots.findIndex((slot) => slot.offset === running?.offset);
  return scheme.slots[(at + 1) % scheme.slots.length];
}

/** Makes this slot the one that starts next: the record that is not in use is replaced. False when the flash refused. */
export function choose(flash: Flash, scheme: Scheme, slot: Partition): boolean {
  const otadata = otadataOf(scheme);
  if (!otadata) return false;
  const both = sequences(flash, otadata);
  const wanted = scheme.slots.findIndex((one) => one.offset === slot.offset);
  let seq = Math.max(...both) + 1;
  while ((seq - 1) % scheme.slots.length !== wanted) seq++;
  const record = new Uint8Array(recordBytes).fill(0xff);
  writeU32(record, 0, seq);
  writeU32(record, 28, crcOf(record));
  const at = otadata.offset + (both[0] > both[1] ? 1 : 0) * sectorBytes;
  return flash.erase(at) === undefined && flash.write(at, record) === undefined;
}
