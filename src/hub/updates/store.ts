/** The updates' table. A step is durable before it is taken; steps that come together share one transaction, so that one
 *  wait for the disk serves them all. */
import { type Selectable, sql, type Transaction, type Updateable } from 'kysely';
import type { Clock } from '#machine/index.ts';
import { type Millis, millis, seconds } from '#values/index.ts';
import type { Update, UpdateDetail, UpdateState, UpdateWay } from '../contract/index.ts';
import { type Db, durably } from '../store/open.ts';
import type { Tables, UpdateRow } from '../store/schema.ts';
import { isEnd, mayFollow } from './states.ts';

export type Row = Selectable<UpdateRow>;

export interface Step {
  readonly id: string;
  readonly way: UpdateWay;
  /** Absent: the state stays, only `set` is written. */
  readonly to?: UpdateState;
  readonly note?: string | undefined;
  readonly set?: Updateable<UpdateRow>;
}

export interface UpdateStore {
  add(rows: readonly Row[]): Promise<void>;
  /** Durable when it resolves. False: the update is gone, or in a state that this one may not follow. While the disk is full
   *  or the database locked it is tried again, until `close`. */
  step(step: Step): Promise<boolean>;
  /** The same, but rejects at once when it can't be written: for who can't wait. */
  stepNow(step: Step): Promise<boolean>;
  row(id: string): Promise<Row | undefined>;
  /** The newest of a device. */
  newest(device: string): Promise<Row | undefined>;
  open(): Promise<Row[]>;
  /** How often it came into this state. */
  count(id: string, state: UpdateState): Promise<number>;
  /** The newest update of each device, where it is in one of these states. */
  newestIn(states: readonly UpdateState[]): Promise<{ id: string; device: string }[]>;
  /** The firmware that was confirmed last on it, other than this one, and is still in the library. */
  confirmedBefore(device: string, firmware: string | null): Promise<string | undefined>;
  update(id: string): Promise<Update | undefined>;
  detail(id: string): Promise<UpdateDetail | undefined>;
  list(query: {
    readonly device?: string | undefined;
    readonly batch?: string | undefined;
    readonly after?: string | undefined;
    readonly limit?: number | undefined;
  }): Promise<{ items: Update[]; next?: string }>;
  /** Bytes the board has acknowledged; written down only with the next step. */
  progress(id: string, acknowledged: number | undefined, total?: number): void;
  /** Drops the transcripts of ended updates, but for the newest few of each device. */
  tidy(): Promise<void>;
  close(): Promise<void>;
}

export interface StoreSetting {
  readonly db: Db;
  readonly clock: Clock;
  /** A step was written. */
  readonly stepped: (step: Step & { readonly to: UpdateState }) => void;
  /** It could not be written. */
  readonly trouble: (what: string) => void;
}

/** More in one transaction would keep others from the database for too long. */
const mostTogether = 100;
/** Of a device. */
const transcriptsKept = 5;
const retryFirst = millis(250);
const retryMost = seconds(15);
const states: readonly UpdateState[] = [
  'queued',
  'waiting',
  'sending',
  'stored',
  'restarting',
  'confirmed',
  'back-unproven',
  'failed',
  'unknown',
  'rolled-back',
  'cancelled',
];
const openStates = states.filter((state) => !isEnd(state));
export const closed = 'the hub is closing';

const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

interface Waiting {
  readonly step: Step;
  readonly resolve: (written: boolean) => void;
  readonly reject: (error: unknown) => void;
}

export function openUpdateStore({ db, clock, stepped, trouble }: StoreSetting): UpdateStore {
  const progress = new Map<string, { acknowledged: number; total: number | undefined }>();
  const closing = new AbortController();
  let waiting: Waiting[] = [];
  let writing: Promise<void> | undefined;

  const acknowledgedOf = (id: string): Updateable<UpdateRow> => {
    const under = progress.get(id);
    return under ? { acknowledged: under.acknowledged } : {};
  };
  const write = async (on: Transaction<Tables>, { id, way, to, note, set }: Step): Promise<boolean> => {
    const at = clock.wall();
    const from = states.filter((state) => (to === undefined ? !isEnd(state) : mayFollow(way, state, to)));
    const { numUpdatedRows } = await on
      .updateTable('updates')
      .set({ ...set, ...(to === undefined ? {} : { state: to, changed_at: at, ...acknowledgedOf(id) }) })
      .where('id', '=', id)
      .where('state', 'in', from)
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return false;
    if (to !== undefined)
      await on
        .insertInto('update_steps')
        .values({ update_id: id, at, state: to, note: note ?? null })
        .execute();
    return true;
  };

  /** One transaction after the other, each with all that waited for the one before. */
  const writeAll = async (): Promise<void> => {
    // Between two transactions others get their turn, and what they bring joins the next one.
    for (await turn(); waiting.length; await turn()) {
      const batch = waiting.slice(0, mostTogether);
      waiting = waiting.slice(mostTogether);
      try {
        const written = await durably(db, async (on) => {
          const all: boolean[] = [];
          for (const { step } of batch) all.push(await write(on, step));
          return all;
        });
        for (const [i, { step, resolve }] of batch.entries()) {
          if (written[i] && step.to !== undefined) stepped({ ...step, to: step.to });
          resolve(written[i]!);
        }
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    writing = undefined;
  };
  const stepNow = (step: Step): Promise<boolean> =>
    new Promise((resolve, reject) => {
      waiting.push({ step, resolve, reject });
      writing ??= writeAll();
    });

  const select = () =>
    db
      .selectFrom('updates')
      .innerJoin('devices', 'devices.id', 'updates.device')
      .innerJoin('firmwares', 'firmwares.id', 'updates.firmware')
      .selectAll('updates')
      .select(['devices.name as device_name', 'firmwares.name as firmware_name', 'firmwares.bytes as firmware_bytes'])
      .select(sql<number>`updates.rowid`.as('place'));
  type Joined = Awaited<ReturnType<ReturnType<typeof select>['executeTakeFirstOrThrow']>>;
  const updateOf = (row: Joined): Update => {
    const under = progress.get(row.id);
    const acknowledged = under?.acknowledged ?? row.acknowledged;
    return {
      id: row.id,
      batch: row.batch,
      device: row.device,
      deviceName: row.device_name,
      firmware: row.firmware,
      firmwareName: row.firmware_name,
      way: row.way as UpdateWay,
      state: row.state as UpdateState,
      ...(acknowledged === null ? {} : { acknowledged }),
      total: under?.total ?? row.total ?? row.firmware_bytes,
      ...(row.build === null ? {} : { build: row.build }),
      ...(row.problem === null ? {} : { problem: JSON.parse(row.problem) }),
      ...(row.diagnosis === null ? {} : { diagnosis: JSON.parse(row.diagnosis) }),
      by: row.ordered_by,
      createdAt: row.created_at,
      changedAt: row.changed_at,
    };
  };
  const joined = (id: string) => select().where('updates.id', '=', id).executeTakeFirst();

  return {
    async add(rows) {
      await durably(db, async (on) => {
        for (const row of rows) {
          await on.insertInto('updates').values(row).execute();
          await on
            .insertInto('update_steps')
            .values({ update_id: row.id, at: row.created_at, state: row.state })
            .execute();
        }
      });
    },
    stepNow,
    async step(step) {
      let wait: Millis = retryFirst;
      for (;;) {
        try {
          return await stepNow(step);
        } catch (error) {
          trouble(error instanceof Error ? error.message : String(error));
          await clock.sleep(wait, 'the disk', closing.signal);
          if (closing.signal.aborted) throw new Error(closed);
          wait = millis(Math.min(2 * wait, retryMost));
        }
      }
    },
    row: (id) => db.selectFrom('updates').selectAll().where('id', '=', id).executeTakeFirst(),
    newest: (device) =>
      db
        .selectFrom('updates')
        .selectAll()
        .where('device', '=', device)
        .orderBy(sql`rowid`, 'desc')
        .limit(1)
        .executeTakeFirst(),
    open: () => db.selectFrom('updates').selectAll().where('state', 'in', openStates).orderBy(sql`rowid`).execute(),
    newestIn: async (wanted) =>
      (
        await db
          .selectFrom('updates')
          .select(['id', 'device', 'state', sql`max(rowid)`.as('newest')])
          .groupBy('device')
          .execute()
      ).filter(({ state }) => wanted.includes(state as UpdateState)),
    async count(id, state) {
      const { count } = await db
        .selectFrom('update_steps')
        .select((e) => e.fn.countAll<number>().as('count'))
        .where('update_id', '=', id)
        .where('state', '=', state)
        .executeTakeFirstOrThrow();
      return count;
    },
    async confirmedBefore(device, firmware) {
      const before = await db
        .selectFrom('updates')
        .innerJoin('firmwares', 'firmwares.id', 'updates.firmware')
        .select('firmware')
        .where('device', '=', device)
        .where('state', '=', 'confirmed')
        .where('firmware', '!=', firmware ?? '')
        .where('firmwares.command', '=', 'sketch')
        .orderBy(sql`updates.rowid`, 'desc')
        .limit(1)
        .executeTakeFirst();
      return before?.firmware;
    },
    async update(id) {
      const row = await joined(id);
      return row && updateOf(row);
    },
    async detail(id) {
      const row = await joined(id);
      if (!row) return undefined;
      const steps = await db
        .selectFrom('update_steps')
        .select(['at', 'state', 'note'])
        .where('update_id', '=', id)
        .orderBy('id')
        .execute();
      return {
        ...updateOf(row),
        steps: steps.map(({ at, state, note }) => ({
          at,
          state: state as UpdateState,
          ...(note === null ? {} : { note }),
        })),
        transcript: row.transcript === null ? [] : JSON.parse(row.transcript),
      };
    },
    async list({ device, batch, after, limit = 100 }) {
      const place = after === undefined ? undefined : Number(after);
      let query = select()
        .orderBy(sql`updates.rowid`, 'desc')
        .limit(limit + 1);
      if (device !== undefined) query = query.where('updates.device', '=', device);
      if (batch !== undefined) query = query.where('updates.batch', '=', batch);
      if (place !== undefined)
        query = query.where(sql<boolean>`updates.rowid < ${Number.isSafeInteger(place) ? place : 0}`);
      const rows = await query.execute();
      const items = rows.slice(0, limit);
      return { items: items.map(updateOf), ...(rows.length > limit ? { next: String(items.at(-1)!.place) } : {}) };
    },
    progress(id, acknowledged, total) {
      if (acknowledged === undefined) progress.delete(id);
      else progress.set(id, { acknowledged, total });
    },
    async tidy() {
      await sql`update updates set transcript = null where transcript is not null and rowid not in (
        select place from (select rowid as place, row_number() over (partition by device order by rowid desc) as age
        from updates) where age <= ${transcriptsKept})`.execute(db);
    },
    async close() {
      closing.abort();
      while (writing) await writing;
    },
  };
}
