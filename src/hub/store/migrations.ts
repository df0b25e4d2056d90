/** How the tables came to be, in order. A migration that was released is never changed: the next one changes the tables. */
import { type Kysely, sql } from 'kysely';
import type { Migration, MigrationProvider } from 'kysely/migration';

type Db = Kysely<unknown>;

const first: Migration = {
  async up(db: Db) {
    await db.schema
      .createTable('devices')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('ways', 'text', (c) => c.notNull())
      .addColumn('address', 'text')
      .addColumn('port', 'integer')
      .addColumn('mac', 'text')
      .addColumn('family', 'text')
      .addColumn('chip', 'text')
      .addColumn('board', 'text')
      .addColumn('core', 'text')
      .addColumn('layout', 'text')
      .addColumn('firmware', 'text')
      .addColumn('build', 'text')
      .addColumn('firmware_id', 'text')
      .addColumn('running_since', 'integer')
      .addColumn('running_bytes', 'integer')
      .addColumn('signal', 'real')
      .addColumn('last_seen', 'integer')
      .addColumn('group_name', 'text')
      .addColumn('tags', 'text', (c) => c.notNull())
      .addColumn('token_hash', 'text', (c) => c.unique())
      .addColumn('token_sealed', 'text')
      .addColumn('password_sealed', 'text')
      .addColumn('created_at', 'integer', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('devices_mac').on('devices').column('mac').execute();

    await db.schema
      .createTable('pins')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('device', 'text', (c) => c.notNull().references('devices.id').onDelete('cascade'))
      .addColumn('pin', 'text', (c) => c.notNull())
      .addColumn('name', 'text')
      .addColumn('control', 'text', (c) => c.notNull())
      .addColumn('min', 'real', (c) => c.notNull())
      .addColumn('max', 'real', (c) => c.notNull())
      .addColumn('unit', 'text')
      .addColumn('value', 'text', (c) => c.notNull())
      .addColumn('at', 'integer')
      .addUniqueConstraint('pins_of_a_device', ['device', 'pin'])
      .execute();
    // Without a row id the key is the row: 24 bytes a sample.
    await sql`create table pin_samples (pin integer not null references pins(id) on delete cascade, at integer not null,
      value real not null, primary key (pin, at)) without rowid`.execute(db);
    await sql`create table pin_hours (pin integer not null references pins(id) on delete cascade, at integer not null,
      mean real not null, min real not null, max real not null, primary key (pin, at)) without rowid`.execute(db);

    await db.schema
      .createTable('device_log')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('device', 'text', (c) => c.notNull().references('devices.id').onDelete('cascade'))
      .addColumn('at', 'integer', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('text', 'text', (c) => c.notNull())
      .execute();
    await db.schema.createIndex('device_log_of_a_device').on('device_log').columns(['device', 'id']).execute();

    await db.schema
      .createTable('knocks')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('way', 'text', (c) => c.notNull())
      .addColumn('token_hash', 'text', (c) => c.unique())
      .addColumn('token_sealed', 'text')
      .addColumn('token_hint', 'text')
      .addColumn('address', 'text', (c) => c.notNull())
      .addColumn('mac', 'text')
      .addColumn('what', 'text')
      .addColumn('first_at', 'integer', (c) => c.notNull())
      .addColumn('last_at', 'integer', (c) => c.notNull())
      .addColumn('times', 'integer', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('firmwares')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('version', 'text')
      .addColumn('notes', 'text')
      .addColumn('bytes', 'integer', (c) => c.notNull())
      .addColumn('md5', 'text', (c) => c.notNull())
      .addColumn('what', 'text', (c) => c.notNull())
      .addColumn('command', 'text', (c) => c.notNull())
      .addColumn('family', 'text')
      .addColumn('chip', 'text')
      .addColumn('core', 'text')
      .addColumn('build', 'text')
      .addColumn('added_at', 'integer', (c) => c.notNull())
      .addColumn('added_by', 'text', (c) => c.notNull())
      .execute();

    await db.schema
      .createTable('updates')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('batch', 'text', (c) => c.notNull())
      .addColumn('device', 'text', (c) => c.notNull().references('devices.id').onDelete('cascade'))
      .addColumn('firmware', 'text', (c) => c.notNull().references('firmwares.id'))
      .addColumn('way', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('force', 'integer', (c) => c.notNull())
      .addColumn('acknowledged', 'integer')
      .addColumn('total', 'integer')
      .addColumn('all_sent', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('build', 'text')
      .addColumn('problem', 'text')
      .addColumn('diagnosis', 'text')
      .addColumn('transcript', 'text')
      .addColumn('before', 'text')
      .addColumn('ordered_by', 'text', (c) => c.notNull())
      .addColumn('created_at', 'integer', (c) => c.notNull())
      .addColumn('changed_at', 'integer', (c) => c.notNull())
      .execute();
    // Newest by row id, which every index carries: a wall clock may jump.
    await db.schema.createIndex('updates_of_a_device').on('updates').column('device').execute();
    await db.schema.createIndex('updates_of_a_batch').on('updates').column('batch').execute();
    await db.schema.createIndex('updates_of_a_firmware').on('updates').column('firmware').execute();
    // Updates under way are few; ended ones are many.
    await sql`create index updates_open on updates (state) where state in
      ('queued', 'waiting', 'sending', 'stored', 'restarting')`.execute(db);
    await db.schema
      .createTable('update_steps')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('update_id', 'text', (c) => c.notNull().references('updates.id').onDelete('cascade'))
      .addColumn('at', 'integer', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('note', 'text')
      .execute();
    await db.schema.createIndex('update_steps_of_one').on('update_steps').column('update_id').execute();

    await db.schema
      .createTable('owners')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('password', 'text', (c) => c.notNull())
      .addColumn('created_at', 'integer', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('sessions')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('owner', 'text', (c) => c.notNull().references('owners.name').onDelete('cascade'))
      .addColumn('csrf', 'text', (c) => c.notNull())
      .addColumn('created_at', 'integer', (c) => c.notNull())
      .addColumn('used_at', 'integer', (c) => c.notNull())
      .execute();
    await db.schema
      .createTable('api_tokens')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('hash', 'text', (c) => c.notNull().unique())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('scope', 'text', (c) => c.notNull())
      .addColumn('created_at', 'integer', (c) => c.notNull())
      .addColumn('used_at', 'integer')
      .execute();
    await db.schema
      .createTable('audit')
      .addColumn('id', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('at', 'integer', (c) => c.notNull())
      .addColumn('who', 'text', (c) => c.notNull())
      .addColumn('what', 'text', (c) => c.notNull())
      .addColumn('whom', 'text')
      .addColumn('detail', 'text')
      .execute();
    await db.schema
      .createTable('settings')
      .addColumn('name', 'text', (c) => c.primaryKey())
      .addColumn('value', 'text', (c) => c.notNull())
      .execute();
  },
};

const addresses: Migration = {
  async up(db) {
    await db.schema.createIndex('devices_address').on('devices').column('address').execute();
  },
};

export const migrations: MigrationProvider = {
  getMigrations: () => Promise.resolve({ '2026-11-first': first, '2026-11-second': addresses }),
};
