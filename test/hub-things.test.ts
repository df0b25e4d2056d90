// What the hub keeps, over its HTTP API: devices, pins, firmware, and who did what.
import { describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { sha256Hex } from '#values/index.ts';
import { ownedHub } from './hub.fixture.ts';

const address = '127.0.34.11';
const image = makeEsp8266Image({ core: '2.7.4', bytes: 40_000, flashBytes: 1024 * 1024, build: 'lamp-1', seed: 1 });

describe('a device', () => {
  it('is made, named, grouped, found and forgotten; its password goes in and never comes out', async () => {
    const { admin, ask, tokens } = await ownedHub(address);
    const { device, token } = (await admin('POST /api/devices', { name: 'kitchen', group: 'house' })).body;
    expect(token).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(device).toMatchObject({
      name: 'kitchen',
      group: 'house',
      hasToken: true,
      hasPassword: false,
      presence: 'unknown',
    });
    const changed = await admin(`PATCH /api/devices/${device.id}`, {
      name: 'Küche',
      tags: ['light'],
      password: 'over-the-air',
      core: '2.3.0',
    });
    expect(changed.body).toMatchObject({ name: 'Küche', tags: ['light'], hasPassword: true, core: '2.3.0' });
    await admin('POST /api/devices', { name: 'porch' });
    const names = async (query: string) =>
      (await ask(`GET /api/devices?${query}`, { token: tokens.read })).body.items.map(
        ({ name }: { name: string }) => name,
      );
    expect(await names('search=küc')).toEqual(['Küche']);
    expect(await names('group=house')).toEqual(['Küche']);
    expect(await names('tag=light')).toEqual(['Küche']);
    expect(await names('presence=online')).toEqual([]);
    expect((await names('')).length).toBe(2);
    const again = (await admin(`POST /api/devices/${device.id}/token`)).body.token;
    expect(again).not.toBe(token);
    for (const route of ['GET /api/devices', `GET /api/devices/${device.id}`, 'GET /api/audit'])
      expect(JSON.stringify((await admin(route)).body)).not.toMatch(new RegExp(`over-the-air|${token}|${again}`));
    expect((await admin(`PATCH /api/devices/${device.id}`, { group: null, password: null })).body).toMatchObject({
      hasPassword: false,
    });
    expect((await admin(`DELETE /api/devices/${device.id}`)).status).toBe(204);
    expect((await admin(`DELETE /api/devices/${device.id}`)).body.code).toBe('hub-not-there');
  });

  it('has pins that are written, shaped, and remembered over time', async () => {
    const { admin } = await ownedHub(address);
    const { id } = (await admin('POST /api/devices', { name: 'lamp' })).body.device;
    const pin = `/api/devices/${id}/pins/V5`;
    expect((await admin(`PUT ${pin}`, { values: ['1'] })).body).toEqual({ delivered: false });
    await admin(`PATCH ${pin}`, { name: 'Lamp', control: 'slider', min: 0, max: 10, unit: 'lx' });
    await admin(`PUT ${pin}`, { values: ['3'] });
    expect((await admin(`GET /api/devices/${id}/pins`)).body.items).toMatchObject([
      { pin: 'V5', name: 'Lamp', control: 'slider', min: 0, max: 10, unit: 'lx', values: ['3'] },
    ]);
    expect((await admin(`GET ${pin}/history`)).body.points.length).toBeGreaterThan(0);
    expect((await admin(`DELETE ${pin}`)).status).toBe(204);
    for (const odd of ['V256', 'X1', 'V-1', 'V01x'])
      expect((await admin(`PUT /api/devices/${id}/pins/${odd}`, { values: ['1'] })).status).toBe(400);
    expect((await admin('PUT /api/devices/nobody/pins/V1', { values: ['1'] })).status).toBe(404);
  });

  it('that has never been seen restarts for nobody, and the doctor asks what can be asked', async () => {
    const { admin } = await ownedHub(address);
    const { id } = (await admin('POST /api/devices', { name: 'lamp' })).body.device;
    expect((await admin(`POST /api/devices/${id}/restart`)).body.code).toBe('hub-no-restart');
    expect((await admin(`POST /api/devices/${id}/diagnose`)).body).toMatchObject({
      at: expect.any(Number),
      diagnosis: { causes: [] },
    });
    expect((await admin(`POST /api/devices/${id}/rollback`)).status).toBe(409);
  });
});

describe('the library', () => {
  it('keeps a file once, by its digest, says what it is, and gives it back as it was', async () => {
    const { admin, ask, url, tokens } = await ownedHub(address);
    const first = (await admin('POST /api/firmware?name=lamp&version=1&notes=calm', image)).body;
    expect(first).toMatchObject({
      id: sha256Hex(image),
      name: 'lamp',
      version: '1',
      family: 'esp8266',
      bytes: image.length,
      runsOn: 0,
    });
    expect((await admin('POST /api/firmware?name=again', image)).body.id).toBe(first.id);
    expect((await admin('GET /api/firmware')).body.items.length).toBe(1);
    expect((await admin(`PATCH /api/firmware/${first.id}`, { notes: 'calmer' })).body.notes).toBe('calmer');
    const bytes = await fetch(`${url}/api/firmware/${first.id}/bytes`, {
      headers: { authorization: `Bearer ${tokens.read}` },
    });
    expect(new Uint8Array(await bytes.arrayBuffer())).toEqual(image);
    expect(bytes.headers.get('content-type')).toBe('application/octet-stream');
    const { id } = (await admin('POST /api/devices', { name: 'lamp' })).body.device;
    const fits = await ask(`POST /api/firmware/${first.id}/fits`, { token: tokens.read, body: { devices: [id] } });
    expect(fits.body.items).toMatchObject([{ device: id, verdict: expect.any(String), because: expect.any(String) }]);
    expect((await admin(`DELETE /api/firmware/${first.id}`)).status).toBe(204);
    expect((await admin(`DELETE /api/firmware/${first.id}`)).status).toBe(404);
  });

  it('refuses what no board can run, and says why as `whyota inspect` does', async () => {
    const { admin } = await ownedHub(address);
    const refused = await admin(
      'POST /api/firmware?name=page',
      new TextEncoder().encode('<html>not found</html>'.repeat(100)),
    );
    expect([refused.status, refused.body.code]).toEqual([422, expect.stringMatching(/^(img|tool)-/)]);
    const cut = await admin('POST /api/firmware?name=cut', image.subarray(0, 20_000));
    expect(cut.status).toBe(422);
    expect((await admin('POST /api/firmware', image)).status).toBe(400);
  });

  it('orders no update for a device that can not have it, and says so for each', async () => {
    const { admin } = await ownedHub(address);
    const { id: firmware } = (await admin('POST /api/firmware?name=lamp', image)).body;
    const { id } = (await admin('POST /api/devices', { name: 'lamp' })).body.device;
    const ordered = await admin('POST /api/updates', { firmware, devices: [id, 'nobody'] });
    const refused = ordered.body.refused as { device: string; problem: { code: string } }[];
    expect(refused.map(({ device }) => device)).toContain('nobody');
    expect((await admin('POST /api/updates', { firmware: '0'.repeat(64), devices: [id] })).body.code).toBe(
      'hub-firmware-missing',
    );
    expect((await admin('POST /api/updates', { firmware, group: 'nobody is in it' })).status).toBe(409);
  });
});

describe('the audit log', () => {
  it('says who did what to whom, newest first, page by page', async () => {
    const { admin, ask, session } = await ownedHub(address);
    await ask('POST /api/devices', { headers: session, body: { name: 'lamp' } });
    const first = (await admin('GET /api/audit?limit=2')).body;
    expect(first.items[0]).toMatchObject({ who: 'ann', what: 'device.made', whom: 'lamp' });
    const rest = (await admin(`GET /api/audit?limit=100&after=${first.next}`)).body;
    expect(rest.items.at(-1)).toMatchObject({ what: 'owner.made', who: 'ann' });
    expect(rest.next).toBe(undefined);
  });
});
