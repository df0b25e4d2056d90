import { chmodSync, statSync } from 'node:fs';
import type { Files, Secrets } from '#machine/index.ts';
import { ascii, Secret } from '#values/index.ts';

/** Passwords in one JSON file that only this user can read. Where others could (a copied folder, a careless chmod), it is
 *  closed to them before it is used. */
export function secretsIn(files: Files, path: string): Secrets {
  const load = async (): Promise<Record<string, string>> => {
    closeToOthers(path);
    const bytes = await files.read(path);
    return bytes ? entriesOf(new TextDecoder().decode(bytes)) : {};
  };
  const save = (all: Record<string, string>): Promise<void> =>
    files.write(path, ascii(`${JSON.stringify(all, undefined, 2)}\n`), { mode: 0o600 });

  return {
    async get(name) {
      const words = (await load())[name];
      return words === undefined ? undefined : new Secret(words);
    },
    async set(name, secret) {
      const all = await load();
      all[name] = secret.reveal();
      await save(all);
    },
    async remove(name) {
      const all = await load();
      if (all[name] === undefined) return false;
      delete all[name];
      await save(all);
      return true;
    },
    names: async () => Object.keys(await load()).sort(),
  };
}

/** The names and passwords of the file; whatever else is in it is dropped. Without a prototype, so that no name is
 *  special. */
function entriesOf(json: string): Record<string, string> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw new Error('the password file is not valid JSON; repair it or delete it');
  }
  const all: Record<string, string> = Object.create(null);
  if (typeof parsed !== 'object' || parsed === null) return all;
  for (const [name, words] of Object.entries(parsed)) if (typeof words === 'string') all[name] = words;
  return all;
}

function closeToOthers(path: string): void {
  if (process.platform === 'win32') return;
  try {
    const { mode } = statSync(path);
    if (mode & 0o077) chmodSync(path, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
