import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDevices } from '../devices.ts';
import { openLive } from '../live.ts';
import { openPins } from '../pins.ts';
import { openVault } from '../vault.ts';
import { openStore } from './open.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whyota-upgrade-'));
  path = join(folder, 'hub.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** The database as a version left it. */
function leftBy(version: string): DatabaseSync {
  const db = new DatabaseSync(path);
  db.exec(`begin; ${readFileSync(`test/fixtures/hub/${version}.sql`, 'utf8')} commit`);
  return db;
}

const tablesOf = (db: DatabaseSync): string[] =>
  (
    db.prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'").all() as {
      name: string;
    }[]
  )
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('kysely_'));

describe('the database of an earlier version', () => {
  // One line a released schema, for ever.
  it.each(['first-schema'])('%s keeps all that was in it', async (version) => {
    const before = leftBy(version);
    const kept = tablesOf(before).map(
      (name) => [name, before.prepare(`select * from ${name}`).all() as object[]] as const,
    );
    before.close();
    const { raw, close } = await openStore(path);
    for (const [name, rows] of kept) {
      expect(rows.length, name).toBe(1);
      const now = raw.prepare(`select * from ${name}`).all();
      expect(now.length, name).toBe(1);
      expect(now[0], name).toMatchObject(rows[0]!);
    }
    await close();
  });

  it.each(['first-schema'])('%s is used as one of its own', async (version) => {
    leftBy(version).close();
    const { db, close } = await openStore(path);
    const wall = (): number => 1_764_000_001_000;
    const live = openLive(wall);
    const devices = openDevices({ db, live, vault: openVault(join(folder, 'key')), wall });
    expect(await devices.get('d1')).toMatchObject({
      name: 'kitchen',
      core: '2.3.0',
      tags: ['light'],
      lastUpdate: { state: 'confirmed' },
    });
    expect(await openPins({ db, live, wall }).of('d1')).toMatchObject([{ pin: 'V5', name: 'lamp', values: ['1'] }]);
    await close();
  });

  it('is left alone when a later version wrote it, and that is said', async () => {
    const db = leftBy('first-schema');
    db.exec("insert into kysely_migration (name, timestamp) values ('2199-01-later', '2199-01-01')");
    db.close();
    await expect(openStore(path)).rejects.toMatchObject({ problem: { code: 'hub-store-newer' } });
  });

  it('that is damaged, or is none, is said to be so and not touched', async () => {
    writeFileSync(path, 'this is no database, and never was one, however long one looks at it'.repeat(20));
    await expect(openStore(path)).rejects.toMatchObject({ problem: { code: 'hub-store-damaged' } });
    expect(readFileSync(path, 'utf8')).toContain('never was one');
  });
});
