import fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Files } from '#machine/index.ts';

// As node:fs/promises has them, which takes longer to load than most starts may last.
const appendFile = promisify(fs.appendFile);
const close = promisify(fs.close);
const fsync = promisify(fs.fsync);
const mkdir = promisify(fs.mkdir);
const open = promisify(fs.open);
const readdir = promisify(fs.readdir);
const readFile = promisify(fs.readFile);
const rename = promisify(fs.rename);
const rm = promisify(fs.rm);
const writeFile = promisify(fs.writeFile);

/** The files of this machine. What is not there, or cannot be reached, reads as undefined; other troubles throw. */
export const files: Files = {
  read: (path) => unlessMissing(async () => new Uint8Array(await readFile(path)), undefined),

  async write(path, bytes, { mode = 0o644 } = {}) {
    await mkdir(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}-${writes++}`;
    try {
      const file = await open(temporary, 'wx', mode);
      try {
        await writeFile(file, bytes);
        await fsync(file);
      } finally {
        await close(file);
      }
      await rename(temporary, path);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  },

  async append(path, bytes, { mode = 0o644 } = {}) {
    await mkdir(dirname(path), { recursive: true });
    await appendFile(path, bytes, { mode, flush: true });
  },

  remove: (path) => rm(path, { force: true }),

  list: (folder) => unlessMissing(async () => (await readdir(folder)).sort(), []),
};

/** Two writes of one process, and two processes, use different temporary files. */
let writes = 0;

async function unlessMissing<T>(work: () => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return otherwise;
    throw error;
  }
}
