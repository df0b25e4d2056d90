/** The database file: opened, checked, and brought up to date. */
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { Kysely, type SqliteDatabase, SqliteDialect, sql, type Transaction } from 'kysely';
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
    // normal: a power cut costs the newest moments, never the file; see `durably`. The cache is small, as the machine may be.
    raw.exec(
      'pragma journal_mode = wal; pragma synchronous = normal; pragma foreign_keys = on; pragma cache_size = -4000; pragma temp_store = memory',
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

/** All of it or nothing; inside a transaction it is a part of that. */
export const together = <T>(db: Db, work: (step: Db) => Promise<T>): Promise<T> =>
  db.isTransaction ? work(db) : db.transaction().execute(work);

/** A transaction that survives a power cut, and with it all that was written before. */
export const durably = <T>(db: Db, work: (step: Transaction<Tables>) => Promise<T>): Promise<T> =>
  db.connection().execute(async (connection) => {
    await sql`pragma synchronous = full`.execute(connection);
    try {
      return await connection.transaction().execute(work);
    } finally {
      await sql`pragma synchronous = normal`.execute(connection);
    }
  });

export class StoreTrouble extends Error {
  readonly problem: Problem;
  constructor(path: string, cause: unknown) {
    const detail = cause instanceof Error ? cause.message : String(cause);
    super(detail, { cause });
    this.problem = { ...kindOf(detail), what: `the hub's database ${path} can't be used`, why: detail };
  }
}

const nothingDone = { changes: 0, lastInsertRowid: 0 };

function kindOf(detail: string): Pick<Problem, 'code' | 'fix'> {
  if (/locked|busy/i.test(detail))
    return {
      code: 'hub-store-locked',
      fix: 'another hub uses it: stop that one, or give this one a folder of its own with --data',
    };
  if (/previously executed migration/i.test(detail))
    return {
      code: 'hub-store-newer',
      fix: 'a later version of WhyOTA has used it: run that one, or put a backup of this version back with `whyota hub restore <file>`',
    };
  return {
    code: 'hub-store-damaged',
    fix: 'put a backup back with `whyota hub restore <file>`; what is there is kept beside it',
  };
}

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
