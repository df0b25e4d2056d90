/** The database file: opened, checked, and brought up to date. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Problem } from '#values/index.ts';
import { migrations } from './migrations.ts';
import type { Tables } from './schema.ts';

export type Db = Kysely<Tables>;

export interface OpenStore {
  readonly db: Db;
  /** For what Kysely has no words for: pragmas, the backup. */
  readonly raw: DatabaseSync;
  close(): Promise<void>;
}

/** Opens (or makes) the database, with a write-ahead log. Rejects with a StoreTrouble when it can't be used. */
export async function openStore(path: string): Promise<OpenStore> {
  let raw: DatabaseSync;
  try {
    raw = new DatabaseSync(path, { timeout: 2000 });
    // full: a committed step of an update survives a power cut. The cache is small: a hub runs on a small machine.
    raw.exec(
      'pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on; pragma cache_size = -4000; pragma temp_store = memory',
    );
    const [check] = raw.prepare('pragma quick_check(1)').all() as { quick_check: string }[];
    if (check?.quick_check !== 'ok') throw new Error(`damaged: ${check?.quick_check}`);
  } catch (error) {
    throw new StoreTrouble(path, error);
  }
  const db: Db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyWants(raw) }) });
  const { error } = await new Migrator({ db, provider: migrations }).migrateToLatest();
  if (error) {
    await db.destroy();
    throw new StoreTrouble(path, error);
  }
  return { db, raw, close: () => db.destroy() };
}

export class StoreTrouble extends Error {
  readonly problem: Problem;
  constructor(path: string, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(detail, { cause });
    this.problem = {
      code: /locked|busy/i.test(detail) ? 'hub-store-locked' : 'hub-store-damaged',
      what: `the hub's database ${path} can't be used`,
      why: detail,
      fix: /locked|busy/i.test(detail)
        ? 'another hub uses it: stop that one, or give this one a folder of its own with --data'
        : 'put a backup back with `whyota hub restore <file>`; the damaged file is kept beside it',
    };
  }
}

const nothingDone = { changes: 0, lastInsertRowid: 0 };

/** Kysely's SQLite dialect speaks to better-sqlite3; Node's own SQLite differs only in how parameters are passed. Statements
 *  are kept: preparing costs more than running. */
function asKyselyWants(raw: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, StatementSync>();
  const mostKept = 200;
  return {
    close: () => raw.close(),
    prepare(text) {
      let statement = kept.get(text);
      if (!statement) {
        statement = raw.prepare(text);
        if (kept.size >= mostKept) kept.delete(kept.keys().next().value!);
        kept.set(text, statement);
      }
      const ready = statement;
      const values = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
      return {
        reader: ready.columns().length > 0,
        all: (parameters) => ready.all(...values(parameters)),
        // A full disk ends the transaction by itself; to say so once more would hide what went wrong.
        run: (parameters) =>
          text === 'rollback' && !raw.isTransaction ? nothingDone : ready.run(...values(parameters)),
        iterate: (parameters) => ready.iterate(...values(parameters)),
      };
    },
  };
}
