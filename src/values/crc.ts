/** The two CRC-32 the boards use. */

const zlib = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc >>> 0;
});
const mpeg2 = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  return crc >>> 0;
});

/** CRC-32 as in zlib, gzip and PNG (reflected, final XOR). */
export function crc32(bytes: Uint8Array, start = 0): number {
  let crc = ~start >>> 0;
  for (const byte of bytes) crc = (crc >>> 8) ^ zlib[(crc ^ byte) & 0xff]!;
  return ~crc >>> 0;
}

/** CRC-32/MPEG-2 (not reflected, start 0xFFFFFFFF, no final XOR): the ESP8266 core's and the RP2040 boot ROM's. */
export function crc32Mpeg2(bytes: Uint8Array, start = 0xffffffff): number {
  let crc = start >>> 0;
  for (const byte of bytes) crc = ((crc << 8) ^ mpeg2[(crc >>> 24) ^ byte]!) >>> 0;
  return crc;
}
