/** What a build puts beside an ESP32's application: its boot loader and its partition table. */
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ToFlash } from '#serial/index.ts';

/** Arduino: `kitchen.ino.bin`, `kitchen.ino.bootloader.bin`; PlatformIO: `bootloader.bin`; ESP-IDF: folders of their own. */
export async function besideOf(file: string): Promise<Pick<ToFlash, 'bootloader' | 'partitions'>> {
  const folder = dirname(file);
  const base = file.replace(/\.bin$/i, '');
  const first = async (...paths: readonly string[]): Promise<Uint8Array | undefined> => {
    for (const path of paths) {
      const bytes = await readFile(path).catch(() => undefined);
      if (bytes) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    }
    return undefined;
  };
  const [bootloader, partitions] = await Promise.all([
    first(`${base}.bootloader.bin`, join(folder, 'bootloader.bin'), join(folder, 'bootloader', 'bootloader.bin')),
    first(
      `${base}.partitions.bin`,
      join(folder, 'partitions.bin'),
      join(folder, 'partition_table', 'partition-table.bin'),
    ),
  ]);
  return { bootloader, partitions };
}
