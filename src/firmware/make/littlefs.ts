import { ascii, crc32, writeU32 } from '#values/index.ts';

/** An empty LittleFS of so many bytes: the superblock in both blocks of the root pair, the rest erased.
 *  Version 2.0 on disk, which every core can mount (littlefs-project/littlefs SPEC.md). */
export function makeLittleFs(bytes: number, blockBytes = 4096): Uint8Array {
  if (bytes < 2 * blockBytes || bytes % blockBytes !== 0)
    throw new RangeError('a LittleFS is two or more whole blocks');
  const out = new Uint8Array(bytes).fill(0xff);
  out.set(superblock(1, blockBytes, bytes / blockBytes), 0);
  out.set(superblock(2, blockBytes, bytes / blockBytes), blockBytes);
  return out;
}

function superblock(revision: number, blockBytes: number, blocks: number): Uint8Array {
  const out = new Uint8Array(64).fill(0xff);
  writeU32(out, 0, revision);
  // Tags are big-endian and XORed with the one before: superblock name, its fields as an inline struct, the commit's CRC.
  let before = 0xffffffff;
  const tag = (at: number, value: number) => {
    new DataView(out.buffer).setUint32(at, value ^ before);
    before = value;
  };
  tag(4, 0x0ff00008);
  out.set(ascii('littlefs'), 8);
  tag(16, 0x20100018);
  for (const [i, field] of [0x00020000, blockBytes, blocks, 32, 0x7fffffff, 1022].entries())
    writeU32(out, 20 + 4 * i, field);
  tag(44, 0x500ffc10);
  writeU32(out, 48, ~crc32(out.subarray(0, 48)) >>> 0);
  return out;
}
