import { concat, readU16, readU32, writeU16, writeU32 } from '#values/index.ts';

/** Commands of ROM and stub (espressif/esptool `esptool/loader.py` @ v5.3.1, ESP_CMDS). */
export const op = {
  flashBegin: 0x02,
  flashData: 0x03,
  flashEnd: 0x04,
  memBegin: 0x05,
  memEnd: 0x06,
  memData: 0x07,
  sync: 0x08,
  writeRegister: 0x09,
  readRegister: 0x0a,
  spiAttach: 0x0d,
  changeSpeed: 0x0f,
  deflateBegin: 0x10,
  deflateData: 0x11,
  deflateEnd: 0x12,
  flashMd5: 0x13,
  securityInfo: 0x14,
  // Of the stub alone:
  eraseFlash: 0xd0,
  eraseRegion: 0xd1,
  readFlash: 0xd2,
  runUserCode: 0xd3,
} as const;
export type Op = (typeof op)[keyof typeof op];

export interface Request {
  readonly op: number;
  readonly data: Uint8Array;
  /** Checksum over the payload of a data block. */
  readonly check: number;
}

/** A request out of one packet; undefined when it is none. */
export function parseRequest(packet: Uint8Array): Request | undefined {
  if (packet.length < 8 || packet[0] !== 0) return undefined;
  const data = packet.subarray(8);
  return readU16(packet, 2) === data.length ? { op: packet[1]!, data, check: readU32(packet, 4) } : undefined;
}

/** An answer: a number, some bytes, and two bytes of status (0 0: done; else failed, and the reason). */
export function answer(
  to: number,
  { value = 0, data = new Uint8Array(), failed = 0 }: { value?: number; data?: Uint8Array; failed?: number } = {},
): Uint8Array {
  const head = new Uint8Array(8);
  head[0] = 1;
  head[1] = to;
  writeU16(head, 2, data.length + 2);
  writeU32(head, 4, value);
  return concat(head, data, Uint8Array.of(failed ? 1 : 0, failed));
}

/** Over the payload of a data block. */
export function checksum(data: Uint8Array): number {
  let sum = 0xef;
  for (const byte of data) sum ^= byte;
  return sum;
}
