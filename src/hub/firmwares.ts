/** The library: files by the SHA-256 of their bytes, each read from disk once for all boards that get it. */
import { mkdirSync } from 'node:fs';
import { readFile, rename, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identify } from '#firmware/index.ts';
import { knowledgeFrom } from '#upload/index.ts';
import { md5Hex, type Problem, type Result } from '#values/index.ts';
import type { Firmware } from './contract/index.ts';
import { sha256 } from './ids.ts';
import type { Live } from './live.ts';
import type { Db } from './store/open.ts';

/** The largest flash that these chips drive is 16 MiB. */
export const largestFirmware = 16 * 1024 * 1024;

export interface Firmwares {
  list(): Promise<Firmware[]>;
  get(id: string): Promise<Firmware | undefined>;
  /** Identifies and keeps it; what no board can run is refused. The same bytes twice are one firmware. */
  add(
    bytes: Uint8Array,
    about: { name: string; version?: string; notes?: string; by: string },
  ): Promise<Result<Firmware>>;
  change(id: string, change: { name?: string; version?: string; notes?: string }): Promise<Firmware | undefined>;
  remove(id: string): Promise<'removed' | 'unknown' | 'in-use'>;
  bytes(id: string): Promise<Uint8Array | undefined>;
}

export function openFirmwares({
  db,
  live,
  wall,
  folder,
}: {
  db: Db;
  live: Live;
  wall: () => number;
  folder: string;
}): Firmwares {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = (id: string): string => join(folder, id);
  const reading = new Map<string, WeakRef<Uint8Array>>();
  const underWay = new Map<string, Promise<Uint8Array | undefined>>();

  const select = () =>
    db
      .selectFrom('firmwares')
      .selectAll()
      .select((e) =>
        e
          .selectFrom('devices')
          .whereRef('devices.firmware_id', '=', 'firmwares.id')
          .select((c) => c.fn.countAll<number>().as('n'))
          .as('runs_on'),
      );
  const of = (row: Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>): Firmware => {
    const { added_at, added_by, runs_on, command, ...rest } = row;
    const there = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) as unknown as Firmware;
    return {
      ...there,
      command: command as Firmware['command'],
      addedAt: added_at,
      addedBy: added_by,
      runsOn: runs_on ?? 0,
    };
  };
  const get = async (id: string): Promise<Firmware | undefined> => {
    const row = await select().where('id', '=', id).executeTakeFirst();
    return row && of(row);
  };
  const tell = async (id: string): Promise<Firmware> => {
    const firmware = (await get(id))!;
    live.tell({ kind: 'firmware', firmware });
    return firmware;
  };

  return {
    async list() {
      return (await select().orderBy('added_at', 'desc').execute()).map(of);
    },
    get,
    async add(bytes, { name, version, notes, by }) {
      const image = identify(bytes);
      const inside = image.kind === 'gzip' ? image.inside : image;
      if (inside.kind === 'wrong') return { ok: false, problem: inside.problem };
      const id = sha256(bytes);
      const known = knowledgeFrom(image, bytes);
      const temporary = `${path(id)}.${process.pid}`;
      await writeFile(temporary, bytes, { mode: 0o600, flush: true });
      await rename(temporary, path(id));
      await db
        .insertInto('firmwares')
        .values({
          id,
          name,
          version: version ?? null,
          notes: notes ?? null,
          bytes: bytes.length,
          md5: md5Hex(bytes),
          what: image.what,
          command: inside.kind === 'filesystem' ? 'filesystem' : 'sketch',
          family: known.family ?? null,
          chip: known.chip ?? null,
          core: known.core ?? null,
          build: known.runningBuild ?? null,
          added_at: wall(),
          added_by: by,
        })
        .onConflict((c) => c.column('id').doNothing())
        .execute();
      return { ok: true, value: await tell(id) };
    },
    async change(id, change) {
      if (Object.keys(change).length) await db.updateTable('firmwares').set(change).where('id', '=', id).execute();
      return (await get(id)) && tell(id);
    },
    async remove(id) {
      const used = await db.selectFrom('updates').select('id').where('firmware', '=', id).limit(1).executeTakeFirst();
      if (used) return 'in-use';
      const { numDeletedRows } = await db.deleteFrom('firmwares').where('id', '=', id).executeTakeFirst();
      if (numDeletedRows === 0n) return 'unknown';
      await unlink(path(id)).catch(() => {});
      live.tell({ kind: 'firmware-gone', id });
      return 'removed';
    },
    bytes(id) {
      const held = reading.get(id)?.deref();
      if (held) return Promise.resolve(held);
      let read = underWay.get(id);
      if (!read) {
        read = readFile(path(id))
          .then((bytes) => {
            if (sha256(bytes) !== id) return undefined;
            reading.set(id, new WeakRef(bytes));
            return bytes;
          })
          .catch(() => undefined)
          .finally(() => underWay.delete(id));
        underWay.set(id, read);
      }
      return read;
    },
  };
}

export const firmwareMissing = (id: string): Problem => ({
  code: 'hub-firmware-missing',
  what: `the library has no firmware ${id.slice(0, 12)}`,
  why: 'it was removed, or its file in the data folder is missing or damaged',
  fix: 'add the file again',
});
