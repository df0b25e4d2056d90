/** Pins: the newest values in memory, written down now and then, so that a small machine's SD card lives long. */
import { type Selectable, sql } from 'kysely';
import type { Pin, PinChange, PinHistory } from './contract/index.ts';
import type { Live } from './live.ts';
import { type Db, together } from './store/open.ts';
import type { PinRow } from './store/schema.ts';

export interface Pins {
  of(device: string): Promise<Pin[]>;
  get(device: string, pin: string): Promise<Pin | undefined>;
  /** A value came, from the device or from a person. It is told at once and written down with the next `flush`. */
  set(device: string, pin: string, values: readonly string[]): void;
  /** The device's own words on a widget: label, min, max. Makes the pin where it is new. */
  change(device: string, pin: string, change: PinChange): Promise<Pin>;
  remove(device: string, pin: string): Promise<boolean>;
  /** Values of former times, for the history alone. */
  record(
    device: string,
    pin: string,
    samples: readonly { readonly at: number; readonly value: number }[],
  ): Promise<void>;
  history(device: string, pin: string, from: number, to: number, points: number): Promise<PinHistory>;
  /** Writes what waits, in one transaction. */
  flush(): Promise<void>;
  /** Turns old samples into hourly means, and drops what is older than two years. */
  tidy(keepDays: number): Promise<void>;
  forget(device: string): void;
}

interface Waiting {
  values: readonly string[];
  at: number;
  /** Mean of the numbers that came since the last flush. */
  sum: number;
  count: number;
}

const hour = 3_600_000;
const day = 24 * hour;
const keepHours = 2 * 365 * day;
/** Pins that one device may have: 256 of each kind. */
const defaults = { min: 0, max: 1023 };

export function openPins({ db, live, wall }: { db: Db; live: Live; wall: () => number }): Pins {
  const waiting = new Map<string, Map<string, Waiting>>();

  const pinOf = (row: Selectable<PinRow>, fresh: Waiting | undefined): Pin => {
    const at = fresh?.at ?? row.at;
    return {
      pin: row.pin,
      ...(row.name === null ? {} : { name: row.name }),
      control: row.control as Pin['control'],
      min: row.min,
      max: row.max,
      ...(row.unit === null ? {} : { unit: row.unit }),
      values: fresh ? [...fresh.values] : (JSON.parse(row.value) as string[]),
      ...(at === null ? {} : { at }),
    };
  };
  const unseen = (pin: string, values: readonly string[]): Selectable<PinRow> => ({
    id: 0,
    device: '',
    pin,
    name: null,
    control: fitting(pin, values),
    ...(pin[0] === 'D' ? { min: 0, max: 1 } : defaults),
    unit: null,
    value: JSON.stringify(values),
    at: null,
  });
  const row = (device: string, pin: string) =>
    db.selectFrom('pins').selectAll().where('device', '=', device).where('pin', '=', pin).executeTakeFirst();
  const get = async (device: string, pin: string): Promise<Pin | undefined> => {
    const fresh = waiting.get(device)?.get(pin);
    const known = await row(device, pin);
    if (!known && !fresh) return undefined;
    return pinOf(known ?? unseen(pin, fresh!.values), fresh);
  };
  const tell = async (device: string, pin: string): Promise<void> => {
    const found = await get(device, pin);
    if (found) live.tell({ kind: 'pin', device, pin: found });
  };

  const flush = async (): Promise<void> => {
    if (waiting.size === 0) return;
    const writes = [...waiting].flatMap(([device, pins]) => [...pins].map(([pin, what]) => ({ device, pin, ...what })));
    waiting.clear();
    await together(db, async (step) => {
      for (const { device, pin, values, at, sum, count } of writes) {
        const there = await step.selectFrom('devices').select('id').where('id', '=', device).executeTakeFirst();
        if (!there) continue;
        const fresh = unseen(pin, values);
        const { id } = await step
          .insertInto('pins')
          .values({ device, pin, control: fresh.control, min: fresh.min, max: fresh.max, value: fresh.value, at })
          .onConflict((c) => c.columns(['device', 'pin']).doUpdateSet({ value: fresh.value, at }))
          .returning('id')
          .executeTakeFirstOrThrow();
        if (count)
          await step
            .insertInto('pin_samples')
            .values({ pin: id, at, value: sum / count })
            .onConflict((c) => c.columns(['pin', 'at']).doUpdateSet({ value: sum / count }))
            .execute();
      }
    });
  };

  const change = async (device: string, pin: string, looks: PinChange): Promise<Pin> => {
    await flush();
    const fresh = unseen(pin, []);
    await db
      .insertInto('pins')
      .values({ device, pin, control: fresh.control, min: fresh.min, max: fresh.max, value: '[]', ...looks })
      .onConflict((c) => c.columns(['device', 'pin']).doUpdateSet({ pin, ...looks }))
      .execute();
    await tell(device, pin);
    return (await get(device, pin))!;
  };

  return {
    async of(device) {
      const rows = await db.selectFrom('pins').selectAll().where('device', '=', device).execute();
      const fresh = new Map(waiting.get(device));
      const known = rows.map((one) => {
        const news = fresh.get(one.pin);
        fresh.delete(one.pin);
        return pinOf(one, news);
      });
      const all = [...known, ...[...fresh].map(([pin, news]) => pinOf(unseen(pin, news.values), news))];
      const order = (pin: string): number => 'VDA'.indexOf(pin[0]!) * 256 + Number(pin.slice(1));
      return all.sort((a, b) => order(a.pin) - order(b.pin));
    },
    get,
    set(device, pin, values) {
      let pins = waiting.get(device);
      if (!pins) {
        pins = new Map();
        waiting.set(device, pins);
      }
      const before = pins.get(pin);
      const number = values.length === 1 && values[0]!.trim() !== '' ? Number(values[0]) : Number.NaN;
      const counts = Number.isFinite(number);
      pins.set(pin, {
        values,
        at: wall(),
        sum: (before?.sum ?? 0) + (counts ? number : 0),
        count: (before?.count ?? 0) + (counts ? 1 : 0),
      });
      if (live.watched) void tell(device, pin);
    },
    change,
    async remove(device, pin) {
      waiting.get(device)?.delete(pin);
      const { numDeletedRows } = await db
        .deleteFrom('pins')
        .where('device', '=', device)
        .where('pin', '=', pin)
        .executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async record(device, pin, samples) {
      await flush();
      const known = await row(device, pin);
      if (!known) await change(device, pin, {});
      const { id } = known ?? (await row(device, pin))!;
      await db.transaction().execute(async (step) => {
        for (let i = 0; i < samples.length; i += 1000)
          await step
            .insertInto('pin_samples')
            .values(samples.slice(i, i + 1000).map(({ at, value }) => ({ pin: id, at, value })))
            .onConflict((c) => c.columns(['pin', 'at']).doUpdateSet((old) => ({ value: old.ref('excluded.value') })))
            .execute();
      });
    },
    async history(device, pin, from, to, points) {
      await flush();
      const known = await row(device, pin);
      if (!known) return { points: [] };
      const width = Math.max(1, Math.ceil((to - from) / points));
      const samples = await sql<{ at: number; value: number; min: number; max: number }>`
        select min(at) as at, avg(mean) as value, min(low) as min, max(high) as max from (
          select at, mean, min as low, max as high from pin_hours where pin = ${known.id} and at between ${from} and ${to}
          union all
          select at, value, value, value from pin_samples where pin = ${known.id} and at between ${from} and ${to}
        ) group by (at - ${from}) / ${width} order by at`.execute(db);
      return { points: samples.rows.map(({ at, value, min, max }) => ({ at, value, min, max })) };
    },
    flush,
    async tidy(keepDays) {
      const border = Math.floor((wall() - keepDays * day) / hour) * hour;
      await db.transaction().execute(async (step) => {
        await sql`insert or ignore into pin_hours (pin, at, mean, min, max)
          select pin, at / ${hour} * ${hour}, avg(value), min(value), max(value) from pin_samples where at < ${border}
          group by pin, at / ${hour}`.execute(step);
        await step.deleteFrom('pin_samples').where('at', '<', border).execute();
        await step
          .deleteFrom('pin_hours')
          .where('at', '<', wall() - keepHours)
          .execute();
      });
    },
    forget: (device) => void waiting.delete(device),
  };
}

/** The control that suits a pin nobody has named yet. */
function fitting(pin: string, values: readonly string[]): Pin['control'] {
  if (pin[0] === 'D') return 'switch';
  const [value = ''] = values;
  return values.length === 1 && value.trim() !== '' && Number.isFinite(Number(value)) ? 'value' : 'text';
}
