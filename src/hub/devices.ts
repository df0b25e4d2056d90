/** One row a board, however many ways it is known. */
import { type Insertable, type Selectable, sql, type Updateable } from 'kysely';
import type { Secret } from '#values/index.ts';
import {
  type Device,
  type DeviceChange,
  type Knock,
  type LogLine,
  type NewDevice,
  type Presence,
  updateEnds,
  type Way,
} from './contract/index.ts';
import { openDeviceLog, plainText } from './device-log.ts';
import { newDeviceToken, newId, sha256 } from './ids.ts';
import type { Live } from './live.ts';
import type { Db } from './store/open.ts';
import type { DeviceRow, KnockRow } from './store/schema.ts';
import type { Vault } from './vault.ts';

/** What one way of knowing a board says of it now. Absent: it does not say. */
export interface Sighting {
  readonly way: Way;
  readonly name?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: number | undefined;
  /** Twelve lower-case hex digits. */
  readonly mac?: string | undefined;
  readonly family?: string | undefined;
  readonly chip?: string | undefined;
  readonly board?: string | undefined;
  readonly core?: string | undefined;
  readonly firmware?: string | undefined;
  readonly build?: string | undefined;
  readonly runningBytes?: number | undefined;
  readonly signal?: number | undefined;
}

export interface Devices {
  list(): Promise<Device[]>;
  get(id: string): Promise<Device | undefined>;
  row(id: string): Promise<DeviceRow | undefined>;
  make(wanted: NewDevice & { readonly token?: string }): Promise<Device>;
  change(id: string, change: DeviceChange): Promise<Device | undefined>;
  /** What the board itself or an update taught. */
  learn(id: string, facts: Partial<DeviceRow>): Promise<void>;
  forget(id: string): Promise<boolean>;
  /** The device with this Blynk token. */
  byToken(token: string): Promise<DeviceRow | undefined>;
  byMac(mac: string): Promise<DeviceRow | undefined>;
  token(id: string): Promise<Secret | undefined>;
  /** A new token, and the end of the one before. */
  newToken(id: string): Promise<string | undefined>;
  password(id: string): Promise<Secret | undefined>;
  /** Finds the row of a board that was seen, or makes it, and writes down what is new. `id`: where the way itself tells. */
  sighted(sighting: Sighting, id?: string): Promise<string>;
  /** A row without a token that was seen at this device's address by other ways is the same board: it becomes part of this one.
   *  Resolves to the id that is no more. */
  absorb(id: string): Promise<string | undefined>;
  /** True when it changed. */
  presence(id: string, presence: Presence): boolean;
  log(id: string, kind: LogLine['kind'], text: string): Promise<void>;
  logOf(id: string, before: number | undefined, limit: number): Promise<LogLine[]>;
  /** Tells who watches that something about it changed. */
  changed(id: string): void;

  knocked(
    knock: Pick<Knock, 'way' | 'address'> & { readonly token?: string; readonly mac?: string; readonly what?: string },
  ): Promise<Knock>;
  knocks(): Promise<Knock[]>;
  /** Makes the one who knocks a device of ours, or joins it with the one seen at its address. */
  adopt(knock: string, name: string): Promise<Device | undefined>;
  turnAway(knock: string): Promise<boolean>;
  /** Writes when devices were last seen; called now and then and at the end. */
  flush(): Promise<void>;
}

/** Changes of one device are told together. */
const gatherFor = 100;

export interface DevicesSetting {
  readonly db: Db;
  readonly live: Live;
  readonly vault: Vault;
  readonly wall: () => number;
  /** Told of each line of a device's log. */
  readonly logged?: (device: string, kind: LogLine['kind'], text: string) => void;
}

export function openDevices({ db, live, vault, wall, logged }: DevicesSetting): Devices {
  const lines = openDeviceLog({ db, live, wall, logged });
  const deviceOf = (row: Selectable<DeviceRow>, last?: { id: string; state: string; changed_at: number }): Device => {
    const ways = JSON.parse(row.ways) as Way[];
    const lastSeen = Math.max(row.last_seen ?? 0, live.lastSeen(row.id) ?? 0);
    return {
      id: row.id,
      name: row.name,
      presence: live.presence(row.id),
      flapping: live.flapping(row.id),
      ways,
      flashable: ways.includes('espota') || ways.includes('pull'),
      ...present({
        address: row.address,
        port: row.port,
        mac: row.mac,
        family: row.family,
        chip: row.chip,
        board: row.board,
        core: row.core,
        layout: row.layout,
        firmware: row.firmware,
        build: row.build,
        firmwareId: row.firmware_id,
        runningSince: row.running_since,
        runningBytes: row.running_bytes,
        signal: row.signal,
        lastSeen: lastSeen || null,
        group: row.group_name,
      }),
      tags: JSON.parse(row.tags) as string[],
      hasToken: row.token_hash !== null,
      hasPassword: row.password_sealed !== null,
      ...(last ? { lastUpdate: { id: last.id, state: last.state, at: last.changed_at } } : {}),
      createdAt: row.created_at,
    };
  };
  const row = (id: string) => db.selectFrom('devices').selectAll().where('id', '=', id).executeTakeFirst();
  const lastUpdate = (id: string) =>
    db
      .selectFrom('updates')
      .select(['id', 'state', 'changed_at'])
      .where('device', '=', id)
      .orderBy(sql`rowid`, 'desc')
      .limit(1)
      .executeTakeFirst();
  const get = async (id: string): Promise<Device | undefined> => {
    const found = await row(id);
    return found && deviceOf(found, await lastUpdate(id));
  };

  const dirty = new Set<string>();
  const changed = (id: string): void => {
    if (!live.watched) return;
    if (dirty.size === 0) setTimeout(tellChanges, gatherFor).unref();
    dirty.add(id);
  };
  const tellChanges = async (): Promise<void> => {
    const ids = [...dirty];
    dirty.clear();
    for (const id of ids) {
      const device = await get(id).catch(() => undefined);
      if (device) live.tell({ kind: 'device', device });
    }
  };

  const insert = async (values: Updateable<DeviceRow> & { name: string }): Promise<string> => {
    const id = newId();
    await db
      .insertInto('devices')
      .values({ id, ways: '[]', tags: '[]', created_at: wall(), ...values } as Insertable<DeviceRow>)
      .execute();
    changed(id);
    return id;
  };
  const update = async (id: string, values: Updateable<DeviceRow>): Promise<boolean> => {
    const { numUpdatedRows } = await db.updateTable('devices').set(values).where('id', '=', id).executeTakeFirst();
    if (numUpdatedRows > 0n) changed(id);
    return numUpdatedRows > 0n;
  };
  const byMac = (mac: string) => db.selectFrom('devices').selectAll().where('mac', '=', mac).executeTakeFirst();

  /** The row that a sighting is of: same MAC; else the same address, where the row does not know another MAC. */
  const rowOf = async ({ way, mac, address, name }: Sighting): Promise<DeviceRow | undefined> => {
    const same = mac === undefined ? undefined : await byMac(mac);
    if (same || address === undefined) return same;
    const there = await db.selectFrom('devices').selectAll().where('address', '=', address).execute();
    const possible = there.filter((one) => !mac || !one.mac || one.mac === mac);
    // A board has one token: who comes with another is another, behind the same router.
    const free = way === 'blynk' ? possible.filter((one) => one.token_hash === null) : possible;
    // Two of one way at one address are two boards behind it, unless they have one name.
    return free.find((one) => one.name === name) ?? free.find((one) => !(JSON.parse(one.ways) as Way[]).includes(way));
  };

  const sighted = async (sighting: Sighting, id?: string): Promise<string> => {
    const { way, ...facts } = sighting;
    const found = id === undefined ? await rowOf(sighting) : await row(id);
    const news: Updateable<DeviceRow> = {};
    const values = {
      address: facts.address,
      port: facts.port,
      mac: facts.mac,
      family: facts.family,
      chip: facts.chip,
      board: facts.board,
      core: facts.core,
      firmware: facts.firmware,
      build: facts.build,
      running_bytes: facts.runningBytes,
      signal: facts.signal,
    };
    for (const [name, value] of Object.entries(values))
      if (value !== undefined && value !== found?.[name as keyof DeviceRow]) Object.assign(news, { [name]: value });
    if (!found)
      return insert({ ...news, name: plainText(facts.name ?? facts.address ?? 'board'), ways: JSON.stringify([way]) });
    const ways = JSON.parse(found.ways) as Way[];
    if (!ways.includes(way)) news.ways = JSON.stringify([...ways, way]);
    if (news.build !== undefined || news.firmware !== undefined) news.running_since = wall();
    live.heard(found.id);
    if (Object.keys(news).length) await update(found.id, news);
    return found.id;
  };

  const absorb = async (id: string): Promise<string | undefined> => {
    const into = await row(id);
    if (!into?.address) return undefined;
    const waysOf = (one: DeviceRow) => JSON.parse(one.ways) as Way[];
    const there = await db
      .selectFrom('devices')
      .selectAll()
      .where('address', '=', into.address)
      .where('id', '!=', id)
      .limit(2)
      .execute();
    const [other] = there;
    // Several at one address are boards behind a router, or virtual ones.
    if (!other || there.length > 1 || other.token_hash !== null) return undefined;
    if (other.mac && into.mac && other.mac !== into.mac) return undefined;
    if (waysOf(other).some((way) => waysOf(into).includes(way))) return undefined;
    const running = await db
      .selectFrom('updates')
      .select('id')
      .where('device', '=', other.id)
      .where('state', 'not in', updateEnds)
      .executeTakeFirst();
    if (running) return undefined;
    const { id: gone, ways, tags, name, ...facts } = other;
    const missing = Object.fromEntries(
      Object.entries(facts).filter(([key, value]) => value !== null && into[key as keyof DeviceRow] === null),
    );
    await db.transaction().execute(async (step) => {
      await step.updateTable('updates').set({ device: id }).where('device', '=', gone).execute();
      await step.updateTable('device_log').set({ device: id }).where('device', '=', gone).execute();
      await step.deleteFrom('devices').where('id', '=', gone).execute();
      const all = [...new Set([...waysOf(into), ...waysOf(other)])];
      await step
        .updateTable('devices')
        .set({ ...missing, ways: JSON.stringify(all), ...(into.tags === '[]' ? { tags } : {}) })
        .where('id', '=', id)
        .execute();
    });
    live.forget(gone);
    live.tell({ kind: 'device-gone', id: gone });
    changed(id);
    return gone;
  };

  const knockOf = (one: Selectable<KnockRow>): Knock => ({
    id: one.id,
    way: one.way as Way,
    address: one.address,
    ...present({ tokenHint: one.token_hint, mac: one.mac, what: one.what }),
    firstAt: one.first_at,
    lastAt: one.last_at,
    times: one.times,
  });
  const dropKnock = async (id: string): Promise<boolean> => {
    const { numDeletedRows } = await db.deleteFrom('knocks').where('id', '=', id).executeTakeFirst();
    if (numDeletedRows > 0n) live.tell({ kind: 'knock-gone', id });
    return numDeletedRows > 0n;
  };

  return {
    async list() {
      const rows = await db.selectFrom('devices').selectAll().orderBy('name').execute();
      const last = await db
        .selectFrom('updates')
        .select(['device', 'id', 'state', 'changed_at'])
        .select(sql`max(rowid)`.as('newest'))
        .groupBy('device')
        .execute();
      const lastOf = new Map(last.map((one) => [one.device, one]));
      return rows.map((one) => deviceOf(one, lastOf.get(one.id)));
    },
    get,
    row,
    async make({ name, group, token = newDeviceToken() }) {
      const id = await insert({
        name,
        group_name: group ?? null,
        token_hash: sha256(token),
        token_sealed: vault.seal(token),
      });
      return (await get(id))!;
    },
    async change(id, change) {
      const { group, tags, password, ...plain } = change;
      const values = { ...plain } as Updateable<DeviceRow>;
      if (group !== undefined) values.group_name = group;
      if (tags) values.tags = JSON.stringify(tags);
      if (password !== undefined) values.password_sealed = password === null ? null : vault.seal(password);
      if (Object.keys(values).length && !(await update(id, values))) return undefined;
      return get(id);
    },
    async learn(id, facts) {
      await update(id, facts);
    },
    async forget(id) {
      const { numDeletedRows } = await db.deleteFrom('devices').where('id', '=', id).executeTakeFirst();
      live.forget(id);
      if (numDeletedRows > 0n) live.tell({ kind: 'device-gone', id });
      return numDeletedRows > 0n;
    },
    byToken: (token) => db.selectFrom('devices').selectAll().where('token_hash', '=', sha256(token)).executeTakeFirst(),
    byMac,
    async token(id) {
      const sealed = (await row(id))?.token_sealed;
      return sealed ? vault.open(sealed) : undefined;
    },
    async newToken(id) {
      const token = newDeviceToken();
      return (await update(id, { token_hash: sha256(token), token_sealed: vault.seal(token) })) ? token : undefined;
    },
    async password(id) {
      const sealed = (await row(id))?.password_sealed;
      return sealed ? vault.open(sealed) : undefined;
    },
    sighted,
    absorb,
    presence(id, presence) {
      const news = live.set(id, presence);
      if (news) changed(id);
      return news;
    },
    log: lines.add,
    logOf: lines.of,
    changed,
    async knocked({ way, address, token, mac, what }) {
      const hash = token === undefined ? sha256(`${way} ${mac ?? address}`) : sha256(token);
      const now = wall();
      const known = await db.selectFrom('knocks').selectAll().where('token_hash', '=', hash).executeTakeFirst();
      const values = {
        address,
        mac: mac ?? known?.mac ?? null,
        what: what ?? known?.what ?? null,
        last_at: now,
        times: (known?.times ?? 0) + 1,
      };
      const saved: Selectable<KnockRow> = known
        ? { ...known, ...values }
        : {
            id: newId(),
            way,
            token_hash: hash,
            token_sealed: token === undefined ? null : vault.seal(token),
            token_hint: token?.slice(0, 4) ?? null,
            first_at: now,
            ...values,
          };
      if (known) await db.updateTable('knocks').set(values).where('id', '=', known.id).execute();
      else await db.insertInto('knocks').values(saved).execute();
      const knock = knockOf(saved);
      live.tell({ kind: 'knock', knock });
      return knock;
    },
    async knocks() {
      return (await db.selectFrom('knocks').selectAll().orderBy('last_at', 'desc').limit(500).execute()).map(knockOf);
    },
    async adopt(id, name) {
      const knock = await db.selectFrom('knocks').selectAll().where('id', '=', id).executeTakeFirst();
      if (!knock) return undefined;
      const way = knock.way as Way;
      const device = await sighted({ way, name, address: knock.address, mac: knock.mac ?? undefined });
      const token = knock.token_sealed ? vault.open(knock.token_sealed) : undefined;
      await update(device, {
        name,
        ...(token ? { token_hash: knock.token_hash, token_sealed: knock.token_sealed } : {}),
      });
      await dropKnock(id);
      return get(device);
    },
    turnAway: dropKnock,
    async flush() {
      await lines.flush();
      await db.transaction().execute(async (step) => {
        for (const { id, last_seen } of await step.selectFrom('devices').select(['id', 'last_seen']).execute()) {
          const seen = live.lastSeen(id);
          if (seen && seen > (last_seen ?? 0))
            await step.updateTable('devices').set({ last_seen: seen }).where('id', '=', id).execute();
        }
      });
    },
  };
}

/** The fields that are there: rows say null, the contract leaves them out. */
function present<T extends Record<string, unknown>>(fields: T): { [K in keyof T]?: Exclude<T[K], null> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    [K in keyof T]?: Exclude<T[K], null>;
  };
}
