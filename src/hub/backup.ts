/** A backup is one SQLite file: the hub's database with its key and its firmware files in a table of their own. It is made while
 *  the hub runs, and put back while it does not. */
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { copyFile, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import type { Problem, Result } from '#values/index.ts';

export interface BackedUp {
  readonly devices: number;
  readonly firmwares: number;
  /** Files of the library that the backup lacks, because the hub lacks them too. */
  readonly missing: number;
}

const databaseName = 'hub.db';
const keyName = 'key';
const firmwareFolder = 'firmware';
/** A restore that is ready waits here, and is carried on with at the next start if it was cut off. */
const restoring = 'restoring';
const ready = 'ready';

/** Writes the backup beside its place, checks it, and only then gives it its name. */
export async function backUp(data: string, file: string): Promise<Result<BackedUp>> {
  if (!existsSync(join(data, databaseName))) return { ok: false, problem: noHub(data) };
  const part = `${file}.part`;
  try {
    await rm(part, { force: true });
    const source = new DatabaseSync(join(data, databaseName), { readOnly: true, timeout: 5000 });
    try {
      await backup(source, part);
    } finally {
      source.close();
    }
    chmodSync(part, 0o600);
    const copy = new DatabaseSync(part);
    try {
      copy.exec('pragma journal_mode = delete; create table backup_files (name text primary key, bytes blob not null)');
      const insert = copy.prepare('insert into backup_files values (?, ?)');
      insert.run(keyName, readFileSync(join(data, keyName)));
      for (const id of firmwareIds(copy)) {
        const path = join(data, firmwareFolder, id);
        if (existsSync(path)) insert.run(`${firmwareFolder}/${id}`, readFileSync(path));
      }
    } finally {
      copy.close();
    }
    const checked = check(part);
    if (!checked.ok) throw new Error(checked.problem.why);
    await onDisk(part);
    await rename(part, file);
    await onDisk(dirname(file));
    return checked;
  } catch (error) {
    await rm(part, { force: true });
    return { ok: false, problem: notBackedUp(file, error) };
  }
}

/** Puts a backup in the place of what is in the data folder, which is kept beside it. Either all of it is put back, or nothing. */
export async function restore(
  file: string,
  data: string,
): Promise<Result<BackedUp & { readonly before: string | undefined }>> {
  const checked = check(file);
  if (!checked.ok) return checked;
  if (isInUse(join(data, databaseName))) return { ok: false, problem: inUse(data) };
  const folder = join(data, restoring);
  try {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(folder, firmwareFolder), { recursive: true, mode: 0o700 });
    const path = join(folder, databaseName);
    await copyFile(file, path);
    chmodSync(path, 0o600);
    const copy = new DatabaseSync(path);
    try {
      for (const { name, bytes } of filesIn(copy))
        writeFileSync(join(folder, name), bytes, { mode: 0o600, flush: true });
      copy.exec('drop table backup_files; vacuum');
    } finally {
      copy.close();
    }
    await onDisk(path);
    const name = `before-${new Date().toISOString().replace(/[:.]/g, '-')}`;
    writeFileSync(join(folder, ready), name, { flush: true });
    await onDisk(folder);
    return { ok: true, value: { ...checked.value, before: finishRestore(data) } };
  } catch (error) {
    return { ok: false, problem: notRestored(data, error) };
  }
}

/** Moves a restore that is ready to its place, whatever of that has been done already; what was there goes to a folder beside it,
 *  which is told. Called at every start: the power may have failed in the middle. */
export function finishRestore(data: string): string | undefined {
  const folder = join(data, restoring);
  if (!existsSync(join(folder, ready))) return undefined;
  const before = join(data, basename(readFileSync(join(folder, ready), 'utf8')));
  const moveAway = (name: string): void => {
    if (!existsSync(join(data, name))) return;
    mkdirSync(before, { recursive: true, mode: 0o700 });
    renameSync(join(data, name), join(before, name));
  };
  for (const name of [keyName, firmwareFolder, databaseName]) {
    if (!existsSync(join(folder, name))) continue;
    moveAway(name);
    if (name === databaseName) for (const more of ['-wal', '-shm']) moveAway(`${name}${more}`);
    renameSync(join(folder, name), join(data, name));
  }
  rmSync(folder, { recursive: true });
  return existsSync(before) ? before : undefined;
}

interface BackupFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Whether a file is a whole backup: the database, the key, and each firmware with the digest that its name says. */
function check(file: string): Result<BackedUp> {
  if (!existsSync(file)) return { ok: false, problem: noBackup(file, 'there is no such file') };
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file, { readOnly: true });
    const [whole] = db.prepare('pragma quick_check(1)').all() as { quick_check: string }[];
    if (whole?.quick_check !== 'ok') throw new Error(`it is damaged: ${whole?.quick_check}`);
    const seen = new Set<string>();
    for (const { name, bytes } of filesIn(db)) {
      const id = name.slice(firmwareFolder.length + 1);
      const good =
        name === keyName
          ? bytes.length === 32
          : name === `${firmwareFolder}/${sha256(bytes)}` && /^[0-9a-f]{64}$/.test(id);
      if (!good) throw new Error(`it is damaged: ${basename(name)} is not what it was`);
      seen.add(id || keyName);
    }
    if (!seen.has(keyName)) throw new Error('it has no key');
    const ids = firmwareIds(db);
    const { n } = db.prepare('select count(*) as n from devices').get() as { n: number };
    return {
      ok: true,
      value: { devices: n, firmwares: ids.length, missing: ids.filter((id) => !seen.has(id)).length },
    };
  } catch (error) {
    return { ok: false, problem: noBackup(file, error instanceof Error ? error.message : String(error)) };
  } finally {
    db?.close();
  }
}

const filesIn = (db: DatabaseSync): Iterable<BackupFile> =>
  db.prepare('select name, bytes from backup_files').iterate() as Iterable<unknown> as Iterable<BackupFile>;

const firmwareIds = (db: DatabaseSync): readonly string[] =>
  (db.prepare('select id from firmwares').all() as { id: string }[]).map(({ id }) => id);

/** A hub has it open: SQLite gives nobody the whole file then. */
function isInUse(database: string): boolean {
  if (!existsSync(database)) return false;
  const db = new DatabaseSync(database, { timeout: 0 });
  try {
    db.exec('pragma locking_mode = exclusive; begin immediate; rollback');
    return false;
  } catch (error) {
    // What is damaged can be restored over.
    return /locked|busy/i.test(error instanceof Error ? error.message : '');
  } finally {
    db.close();
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Waits until a file, or a folder's list of files, has left the system's memory. */
async function onDisk(path: string): Promise<void> {
  // Windows opens no folders.
  const handle = await open(path, 'r').catch(() => undefined);
  await handle?.sync().catch(() => {});
  await handle?.close();
}

const words = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const noHub = (data: string): Problem => ({
  code: 'hub-no-data',
  what: `there is no hub's data in ${data}`,
  why: 'no hub has run with this folder yet',
  fix: 'name the folder that the hub prints when it starts: --data <folder>',
  blame: 'person',
});
const notBackedUp = (file: string, error: unknown): Problem => ({
  code: 'hub-backup-failed',
  what: `the backup ${file} was not made`,
  why: words(error),
  fix: 'see whether there is room and whether the folder can be written to; nothing was changed',
});
const noBackup = (file: string, detail: string): Problem => ({
  code: 'hub-not-a-backup',
  what: `${file} is no backup of a hub that could be put back`,
  why: detail,
  fix: 'name a file that `whyota hub backup` made; nothing was changed',
  blame: 'person',
});
const inUse = (data: string): Problem => ({
  code: 'hub-store-locked',
  what: `a hub runs with the data in ${data}`,
  why: 'what is in use can not be replaced',
  fix: 'stop that hub first; nothing was changed',
  blame: 'person',
});
const notRestored = (data: string, error: unknown): Problem => ({
  code: 'hub-restore-failed',
  what: `the backup was not put back into ${data}`,
  why: words(error),
  fix: 'see whether there is room and whether the folder can be written to, and try again',
});
