import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry, Folders } from '#machine/index.ts';

/** The folders of this machine. */
export const folders: Folders = {
  async entries(folder) {
    const names = await readdir(folder).catch(() => []);
    const entries = await Promise.all(
      names.sort().map(async (name): Promise<Entry | undefined> => {
        const about = await stat(join(folder, name)).catch(() => undefined);
        return about && { name, folder: about.isDirectory(), bytes: about.size, changed: about.mtimeMs };
      }),
    );
    return entries.filter((entry) => entry !== undefined);
  },
};
