import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openDevices } from './devices.ts';
import { importLegacy } from './import.ts';
import { openLive } from './live.ts';
import { openPins } from './pins.ts';
import { openStore } from './store/open.ts';
import { openVault } from './vault.ts';

const legacy = 'test/fixtures/blynk/legacy-data';
const wall = (): number => 1_700_000_000_000;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'whyota-import-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
async function parts(data: string) {
  const store = await openStore(join(data, 'hub.db'));
  onTestFinished(() => store.close().catch(() => {}));
  const live = openLive(wall);
  return {
    store,
    devices: openDevices({ db: store.db, live, vault: openVault(join(data, 'key')), wall }),
    pins: openPins({ db: store.db, live, wall }),
  };
}

describe('the data of a legacy server', () => {
  it('becomes devices that are known by their tokens, with their pins', async () => {
    const data = folder();
    const imported = await importLegacy(legacy, data, wall);
    expect(imported).toMatchObject({ ok: true, value: { accounts: 2, known: 0 } });
    const { devices, pins } = await parts(data);
    const list = await devices.list();
    expect(list.map(({ name, group, board, hasToken }) => [name, group, board, hasToken])).toEqual([
      ['Greenhouse', undefined, 'ESP8266', true],
      ['House', undefined, 'NodeMCU', true],
      ['Porch', 'House', 'ESP32 Dev Board', true],
    ]);
    const porch = await devices.byToken('kpM0w-2f3KpzLlRkHc8Ff0pQ7bN1yZ_x');
    expect(porch?.name).toBe('Porch');
    expect(await pins.get(porch!.id, 'V5')).toMatchObject({
      name: 'Porch temperature',
      control: 'value',
      unit: '°C',
      values: ['21.5'],
    });
  });
  it('is taken over once, also while the hub has its database open; what could not be read is named', async () => {
    const data = folder();
    const { devices } = await parts(data);
    await importLegacy(legacy, data, wall);
    const again = await importLegacy(legacy, data, wall);
    expect(again).toMatchObject({
      ok: true,
      value: { devices: [], known: 3, unreadable: ['cut@example.com.Blynk.user'] },
    });
    expect((await devices.list()).length).toBe(3);
  });
  it('is taken over whole or not at all, and the next attempt finds nothing half done', async () => {
    const data = folder();
    const { devices, store } = await parts(data);
    store.raw.exec(
      `create trigger full before insert on pins when new.pin = 'V5' begin select raise(abort, 'disk full'); end`,
    );
    expect(await importLegacy(legacy, data, wall)).toMatchObject({ ok: false, problem: { code: 'hub-not-written' } });
    expect(await devices.list()).toEqual([]);
    store.raw.exec('drop trigger full');
    expect(await importLegacy(legacy, data, wall)).toMatchObject({ ok: true, value: { known: 0 } });
    expect((await devices.list()).length).toBe(3);
  });
  it('that is not there, or broken throughout, changes nothing', async () => {
    const [data, empty] = [folder(), folder()];
    expect(await importLegacy(empty, data, wall)).toMatchObject({ ok: false, problem: { code: 'hub-no-legacy-data' } });
    expect(await importLegacy(join(empty, 'nowhere'), data, wall)).toMatchObject({ ok: false });
    writeFileSync(join(empty, 'a.Blynk.user'), '{"prof');
    expect(await importLegacy(empty, data, wall)).toMatchObject({
      ok: false,
      problem: { code: 'hub-legacy-data-damaged' },
    });
  });
});
