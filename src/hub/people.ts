/** Who may do what: the owner, sessions, API tokens; what was done by whom; the few settings. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ApiToken, AuditLine, Scope, Settings } from './contract/index.ts';
import { scopes } from './contract/index.ts';
import { newId, newKey, sha256 } from './ids.ts';
import { type Db, durably } from './store/open.ts';

/** Who asks. */
export interface Who {
  readonly name: string;
  readonly scope: Scope;
  /** Of a browser's session: must come back with every change. */
  readonly csrf?: string;
}

export interface Session {
  /** The cookie's value. */
  readonly key: string;
  readonly csrf: string;
  readonly name: string;
}

export interface People {
  hasOwner(): Promise<boolean>;
  /** A one-time secret that makes the owner, in place of any that is there. The one before ends. */
  newLink(): Promise<string>;
  /** undefined: the link is not, or no longer, the one. */
  makeOwner(link: string, name: string, password: string): Promise<Session | undefined>;
  login(name: string, password: string): Promise<Session | undefined>;
  logout(key: string): Promise<void>;
  bySession(key: string): Promise<Who | undefined>;
  byToken(token: string): Promise<Who | undefined>;
  tokens(): Promise<ApiToken[]>;
  /** The token itself is not kept. */
  makeToken(wanted: Pick<ApiToken, 'name' | 'scope'>): Promise<{ id: string; token: string }>;
  dropToken(id: string): Promise<boolean>;
  audit(who: string, what: string, whom?: string, detail?: string): Promise<void>;
  auditLines(before: number | undefined, limit: number): Promise<AuditLine[]>;
  settings(): Promise<Settings>;
  change(settings: Settings): Promise<Settings>;
}

/** Whether a scope includes another. */
export const includes = (has: Scope, wanted: Scope): boolean => scopes.indexOf(has) >= scopes.indexOf(wanted);

/** A session that nobody used for so long is over. */
const sessionRests = 30 * 24 * 3_600_000;
/** Use is noted this often at most: reading should not write. */
const noteEvery = 3_600_000;
const auditKept = 100_000;
/** OWASP's minimum for scrypt with 16 MiB: a small machine can afford it. */
const cost = { N: 2 ** 14, r: 8, p: 5 };
const defaults: Settings = { keepPins: 30 };

export function openPeople({ db, wall }: { readonly db: Db; readonly wall: () => number }): People {
  const setting = async (name: string): Promise<string | undefined> =>
    (await db.selectFrom('settings').select('value').where('name', '=', name).executeTakeFirst())?.value;
  const set = async (name: string, value: string): Promise<void> => {
    await db
      .insertInto('settings')
      .values({ name, value })
      .onConflict((c) => c.column('name').doUpdateSet({ value }))
      .execute();
  };
  const begin = async (owner: string): Promise<Session> => {
    const session: Session = { key: newKey(), csrf: newKey(), name: owner };
    const now = wall();
    await db
      .deleteFrom('sessions')
      .where('used_at', '<', now - sessionRests)
      .execute();
    await db
      .insertInto('sessions')
      .values({ id: sha256(session.key), owner, csrf: session.csrf, created_at: now, used_at: now })
      .execute();
    return session;
  };

  return {
    async hasOwner() {
      return (await db.selectFrom('owners').select('name').limit(1).executeTakeFirst()) !== undefined;
    },
    async newLink() {
      const link = newKey();
      await set('owner-link', sha256(link));
      return link;
    },
    async makeOwner(link, name, password) {
      const wanted = await setting('owner-link');
      if (wanted === undefined || !same(wanted, sha256(link))) return undefined;
      const hashed = await hashPassword(password);
      const made = await durably(db, async (step) => {
        // Whoever else came with the same link meanwhile was first.
        const { numDeletedRows } = await step
          .deleteFrom('settings')
          .where('name', '=', 'owner-link')
          .where('value', '=', wanted)
          .executeTakeFirst();
        if (numDeletedRows === 0n) return false;
        await step.deleteFrom('owners').execute();
        await step.deleteFrom('sessions').execute();
        await step.insertInto('owners').values({ name, password: hashed, created_at: wall() }).execute();
        return true;
      });
      return made ? begin(name) : undefined;
    },
    async login(name, password) {
      const owner = await db.selectFrom('owners').selectAll().where('name', '=', name).executeTakeFirst();
      // A name that is not there takes as long.
      const good = await isPassword(password, owner?.password ?? nobody);
      return owner && good ? begin(owner.name) : undefined;
    },
    async logout(key) {
      await db.deleteFrom('sessions').where('id', '=', sha256(key)).execute();
    },
    async bySession(key) {
      const id = sha256(key);
      const session = await db.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
      const now = wall();
      if (!session || session.used_at < now - sessionRests) return undefined;
      if (session.used_at < now - noteEvery)
        await db.updateTable('sessions').set({ used_at: now }).where('id', '=', id).execute();
      return { name: session.owner, scope: 'admin', csrf: session.csrf };
    },
    async byToken(token) {
      const found = await db.selectFrom('api_tokens').selectAll().where('hash', '=', sha256(token)).executeTakeFirst();
      if (!found) return undefined;
      const now = wall();
      if ((found.used_at ?? 0) < now - noteEvery)
        await db.updateTable('api_tokens').set({ used_at: now }).where('id', '=', found.id).execute();
      return { name: `token ${found.name}`, scope: found.scope as Scope };
    },
    async tokens() {
      const rows = await db.selectFrom('api_tokens').selectAll().orderBy('created_at', 'desc').execute();
      return rows.map(({ id, name, scope, created_at, used_at }) => ({
        id,
        name,
        scope: scope as Scope,
        createdAt: created_at,
        ...(used_at === null ? {} : { usedAt: used_at }),
      }));
    },
    async makeToken({ name, scope }) {
      const [id, token] = [newId(), newKey()];
      await db
        .insertInto('api_tokens')
        .values({ id, hash: sha256(token), name, scope, created_at: wall() })
        .execute();
      return { id, token };
    },
    async dropToken(id) {
      const { numDeletedRows } = await db.deleteFrom('api_tokens').where('id', '=', id).executeTakeFirst();
      return numDeletedRows > 0n;
    },
    async audit(who, what, whom, detail) {
      const { id } = await db
        .insertInto('audit')
        .values({ at: wall(), who, what, whom: whom ?? null, detail: detail ?? null })
        .returning('id')
        .executeTakeFirstOrThrow();
      if (id % 1000 === 0)
        await db
          .deleteFrom('audit')
          .where('id', '<', id - auditKept)
          .execute();
    },
    async auditLines(before, limit) {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .$if(before !== undefined, (q) => q.where('id', '<', before!))
        .orderBy('id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ whom, detail, ...line }) => ({
        ...line,
        ...(whom === null ? {} : { whom }),
        ...(detail === null ? {} : { detail }),
      }));
    },
    async settings() {
      const kept = await setting('settings');
      return { ...defaults, ...(kept === undefined ? {} : (JSON.parse(kept) as Settings)) };
    },
    async change(change) {
      const all = { ...(await this.settings()), ...change };
      await set('settings', JSON.stringify(all));
      return all;
    },
  };
}

const derive = (password: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, 32, cost, (error, key) => (error ? reject(error) : resolve(key)));
  });

async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return `${salt.toString('base64')} ${(await derive(password, salt)).toString('base64')}`;
}

/** A password that nobody has. */
const nobody = `${Buffer.alloc(16).toString('base64')} ${Buffer.alloc(32).toString('base64')}`;

async function isPassword(password: string, kept: string): Promise<boolean> {
  const [salt = '', hash = ''] = kept.split(' ');
  return timingSafeEqual(await derive(password, Buffer.from(salt, 'base64')), Buffer.from(hash, 'base64'));
}

/** Compares without telling by its time how much was right. */
export const same = (a: string, b: string): boolean => timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
