/** What each route does. */
import type { Static, TSchema } from 'typebox';
import type { Result } from '#values/index.ts';
import type { DeviceDiagnosis, RouteName, routes, Status } from '../contract/index.ts';
import type { Devices } from '../devices.ts';
import type { Firmwares } from '../firmwares.ts';
import type { Gateways } from '../gateways/types.ts';
import type { People, Session, Who } from '../people.ts';
import type { Pins } from '../pins.ts';
import type { Updates } from '../updates/index.ts';
import { notThere, Refusal, wrongLink, wrongLogin } from './refusal.ts';

/** A request that was let through: its parts have been checked against the contract. */
export interface Asked<Params = Record<string, string>, Query = Record<string, unknown>, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly who: Who;
  readonly address: string;
  /** Value of the session's cookie. */
  readonly session: string | undefined;
  begin(key: string): void;
  end(): void;
}

type Routes = typeof routes;
type Of<R extends RouteName, K extends string, Without> = Routes[R] extends {
  readonly [key in K]: infer S extends TSchema;
}
  ? Static<S>
  : Without;
export type Handlers = {
  readonly [R in RouteName]: (
    asked: Asked<
      Of<R, 'params', Record<string, never>>,
      Of<R, 'query', Record<string, never>>,
      Routes[R] extends { readonly file: true } ? Uint8Array : Of<R, 'body', undefined>
    >,
  ) => Promise<Of<R, 'answer', undefined>>;
};

export interface HandlersSetting {
  readonly version: string;
  readonly people: People;
  readonly devices: Devices;
  readonly pins: Pins;
  readonly firmwares: Firmwares;
  readonly updates: Updates;
  readonly gateways: Gateways;
  diagnose(device: string): Promise<DeviceDiagnosis | undefined>;
}

export function handlersOf(setting: HandlersSetting): Handlers {
  const { people, devices, pins, firmwares, updates, gateways } = setting;
  const begun = ({ key, csrf, name }: Session, asked: { begin(key: string): void }) => {
    asked.begin(key);
    return { name, scope: 'admin' as const, csrf };
  };
  const device = async (id: string) => {
    const found = await devices.get(id);
    if (!found) throw notThere('device');
    return found;
  };

  return {
    async 'GET /api/status'() {
      const hasOwner = await people.hasOwner();
      return { product: 'whyota', version: setting.version, hasOwner } satisfies Static<typeof Status>;
    },
    async 'POST /api/owner'(asked) {
      const { link, name, password } = asked.body;
      const session = await people.makeOwner(link, name, password);
      if (!session) throw wrongLink();
      await people.audit(name, 'owner.made', undefined, asked.address);
      return begun(session, asked);
    },
    async 'POST /api/session'(asked) {
      const { name, password } = asked.body;
      const session = await people.login(name, password);
      if (!session) {
        await people.audit(name, 'login.refused', undefined, asked.address);
        throw wrongLogin();
      }
      await people.audit(name, 'login', undefined, asked.address);
      return begun(session, asked);
    },
    async 'GET /api/session'({ who }) {
      return { name: who.name, scope: who.scope, ...(who.csrf === undefined ? {} : { csrf: who.csrf }) };
    },
    async 'DELETE /api/session'({ session, end }) {
      if (session !== undefined) await people.logout(session);
      end();
      return undefined;
    },

    async 'GET /api/devices'({ query }) {
      const { search, group, tag, presence, after, limit = 20_000 } = query;
      const word = search?.toLowerCase();
      const all = (await devices.list()).filter(
        (one) =>
          (group === undefined || one.group === group) &&
          (tag === undefined || one.tags.includes(tag)) &&
          (presence === undefined || one.presence === presence) &&
          (word === undefined ||
            [one.name, one.address, one.mac, one.firmware, one.board].some((text) =>
              text?.toLowerCase().includes(word),
            )),
      );
      const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1;
      const items = all.slice(from, from + limit);
      return { items, ...(from + limit < all.length ? { next: items.at(-1)!.id } : {}) };
    },
    async 'POST /api/devices'({ body, who }) {
      const made = await devices.make(body);
      const token = await devices.token(made.id);
      await people.audit(who.name, 'device.made', made.name);
      return { device: made, token: token!.reveal() };
    },
    async 'GET /api/devices/:id'({ params }) {
      return device(params.id);
    },
    async 'PATCH /api/devices/:id'({ params, body, who }) {
      const changed = await devices.change(params.id, body);
      if (!changed) throw notThere('device');
      await people.audit(who.name, 'device.changed', changed.name, Object.keys(body).join(', '));
      return changed;
    },
    async 'DELETE /api/devices/:id'({ params, who }) {
      const { name } = await device(params.id);
      gateways.drop(params.id);
      await devices.forget(params.id);
      pins.forget(params.id);
      await people.audit(who.name, 'device.forgotten', name);
      return undefined;
    },
    async 'POST /api/devices/:id/token'({ params, who }) {
      const { name } = await device(params.id);
      const token = await devices.newToken(params.id);
      gateways.drop(params.id);
      await people.audit(who.name, 'device.token', name);
      return { token: token! };
    },
    async 'POST /api/devices/:id/restart'({ params, who }) {
      const { name } = await device(params.id);
      if (!(await gateways.restart(params.id))) throw new Refusal(409, noRestart(name));
      await people.audit(who.name, 'device.restarted', name);
      return undefined;
    },
    async 'POST /api/devices/:id/redirect'({ params, body: { host, port }, who }) {
      const { name } = await device(params.id);
      if (!gateways.redirect(params.id, host, port)) throw new Refusal(409, noRedirect(name));
      await people.audit(who.name, 'device.redirected', name, `${host}:${port}`);
      return undefined;
    },
    async 'POST /api/devices/:id/diagnose'({ params }) {
      const diagnosis = await setting.diagnose(params.id);
      if (!diagnosis) throw notThere('device');
      return diagnosis;
    },
    async 'POST /api/devices/:id/rollback'({ params, who }) {
      return good(await updates.rollback(params.id, who.name));
    },
    async 'GET /api/devices/:id/log'({ params, query }) {
      const { before, limit = 200 } = query;
      return { items: await devices.logOf(params.id, before, limit) };
    },
    async 'GET /api/devices/:id/pins'({ params }) {
      const items = await pins.of(params.id);
      // A sketch does not report its physical pins by itself.
      gateways.ask(
        params.id,
        items.map(({ pin }) => pin),
      );
      return { items };
    },
    async 'PUT /api/devices/:id/pins/:pin'({ params, body }) {
      const { name } = await device(params.id);
      const written = gateways.write(params.id, params.pin, body.values);
      if (written === 'too-long') throw new Refusal(409, tooLongFor(name));
      pins.set(params.id, params.pin, body.values);
      return { delivered: written };
    },
    async 'PATCH /api/devices/:id/pins/:pin'({ params, body }) {
      await device(params.id);
      return pins.change(params.id, params.pin, body);
    },
    async 'DELETE /api/devices/:id/pins/:pin'({ params }) {
      if (!(await pins.remove(params.id, params.pin))) throw notThere('pin');
      return undefined;
    },
    async 'GET /api/devices/:id/pins/:pin/history'({ params, query }) {
      const { from = 0, to = Number.MAX_SAFE_INTEGER, points = 500 } = query;
      return pins.history(params.id, params.pin, from, to, points);
    },

    async 'GET /api/knocks'() {
      return { items: await devices.knocks() };
    },
    async 'POST /api/knocks/:id/adopt'({ params, body, who }) {
      const adopted = await devices.adopt(params.id, body.name);
      if (!adopted) throw notThere('knock');
      await people.audit(who.name, 'device.adopted', adopted.name);
      return adopted;
    },
    async 'DELETE /api/knocks/:id'({ params }) {
      if (!(await devices.turnAway(params.id))) throw notThere('knock');
      return undefined;
    },

    async 'GET /api/firmware'() {
      return { items: await firmwares.list() };
    },
    async 'POST /api/firmware'({ query, body, who }) {
      const added = good(await firmwares.add(body, { ...query, by: who.name }), 422);
      await people.audit(who.name, 'firmware.added', added.name, added.id);
      return added;
    },
    async 'PATCH /api/firmware/:id'({ params, body }) {
      const changed = await firmwares.change(params.id, body);
      if (!changed) throw notThere('firmware');
      return changed;
    },
    async 'DELETE /api/firmware/:id'({ params, who }) {
      const firmware = await firmwares.get(params.id);
      const outcome = await firmwares.remove(params.id);
      if (outcome === 'unknown') throw notThere('firmware');
      if (outcome === 'in-use') throw new Refusal(409, firmwareInUse);
      await people.audit(who.name, 'firmware.removed', firmware?.name, params.id);
      return undefined;
    },
    async 'POST /api/firmware/:id/fits'({ params, body }) {
      return { items: good(await updates.fits(params.id, body.devices)) };
    },

    async 'GET /api/updates'({ query }) {
      return updates.list(query);
    },
    async 'POST /api/updates'({ body, who }) {
      const ordered = good(await updates.order(body, who.name));
      const names = ordered.updates.map(({ deviceName }) => deviceName);
      await people.audit(who.name, 'update.ordered', names.slice(0, 20).join(', '), body.firmware);
      return ordered;
    },
    async 'GET /api/updates/:id'({ params }) {
      const update = await updates.get(params.id);
      if (!update) throw notThere('update');
      return update;
    },
    async 'POST /api/updates/:id/cancel'({ params, who }) {
      return good(await updates.cancel(params.id, who.name));
    },
    async 'POST /api/updates/:id/retry'({ params, who }) {
      return good(await updates.retry(params.id, who.name));
    },

    async 'GET /api/audit'({ query }) {
      const { after, limit = 100 } = query;
      const before = after === undefined ? undefined : Number(after) || 0;
      const items = await people.auditLines(before, limit);
      return { items, ...(items.length === limit ? { next: String(items.at(-1)!.id) } : {}) };
    },
    'GET /api/settings': () => people.settings(),
    async 'PATCH /api/settings'({ body, who }) {
      await people.audit(who.name, 'settings.changed', undefined, Object.keys(body).join(', '));
      return people.change(body);
    },
    async 'GET /api/tokens'() {
      return { items: await people.tokens() };
    },
    async 'POST /api/tokens'({ body, who }) {
      const made = await people.makeToken(body);
      await people.audit(who.name, 'token.made', body.name, body.scope);
      return made;
    },
    async 'DELETE /api/tokens/:id'({ params, who }) {
      if (!(await people.dropToken(params.id))) throw notThere('token');
      await people.audit(who.name, 'token.ended', params.id);
      return undefined;
    },
  };
}

/** Problems of the hub's other parts: what is not there is 404, the rest is a conflict with how things are. */
function good<T>(result: Result<T>, status = 409): T {
  if (result.ok) return result.value;
  throw new Refusal(/-unknown$|-missing$/.test(result.problem.code) ? 404 : status, result.problem);
}

const noRestart = (name: string) => ({
  code: 'hub-no-restart',
  what: `${name} can't be restarted from here`,
  why: 'only a device that is connected by the Blynk protocol, and whose library knows the message, can be told to',
  fix: 'power-cycle the board',
});
const noRedirect = (name: string) => ({
  code: 'hub-no-redirect',
  what: `${name} can't be sent to another server from here`,
  why: 'only a device that is connected by the Blynk protocol can, with a library from 0.4.0 on; before 1.0.1 the name may have 31 characters',
  fix: 'give its sketch the other server, or let the name in it lead there',
});
const tooLongFor = (name: string) => ({
  code: 'hub-value-too-long',
  what: `the value is longer than ${name} takes`,
  why: 'a Blynk library has room for 256 bytes up to 0.4.3, and for 1,024 after that; what is longer would end its connection',
  fix: 'send less at a time, or several shorter values one after the other',
});
const firmwareInUse = {
  code: 'hub-firmware-in-use',
  what: 'this firmware can not be removed',
  why: 'an update in the history of a device names it, and it may be rolled back to',
  fix: 'forget the devices that it was sent to first, or leave it: it takes no more room than its own file',
};
