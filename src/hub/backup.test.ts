import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { backUp, finishRestore, restore } from './backup.ts';
import { openDevices } from './devices.ts';
import { sha256 } from './ids.ts';
import { openLive } from './live.ts';
import { openStore } from './store/open.ts';
import { openVault } from './vault.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'whyota-backup-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const wall = (): number => 1000;
const image = new Uint8Array(5000).fill(7);

async function open(data: string) {
  mkdirSync(join(data, 'firmware'), { recursive: true });
  const vault = openVault(join(data, 'key'));
  const store = await openStore(join(data, 'hub.db'));
  return { store, devices: openDevices({ db: store.db, live: openLive(wall), vault, wall }) };
}

/** A hub with one device that has a password, and one firmware. */
async function seeded(data: string) {
  const hub = await open(data);
  const { id } = await hub.devices.make({ name: 'kitchen' });
  await hub.devices.change(id, { password: 'over the air' });
  writeFileSync(join(data, 'firmware', sha256(image)), image);
  await hub.store.db
    .insertInto('firmwares')
    .values({
      id: sha256(image),
      name: 'a',
      bytes: image.length,
      md5: '',
      what: '',
      command: 'sketch',
      added_at: 1,
      added_by: 'ann',
    })
    .execute();
  return { ...hub, id };
}

const good = <T>(result: { ok: true; value: T } | { ok: false; problem: { what: string; why: string } }): T => {
  if (!result.ok) throw new Error(`${result.problem.what}: ${result.problem.why}`);
  return result.value;
};

describe('a backup', () => {
  it('brings devices, secrets and firmware to an empty folder, made while the hub runs', async () => {
    const { store, id } = await seeded(join(folder, 'one'));
    const file = join(folder, 'backup');
    expect(good(await backUp(join(folder, 'one'), file))).toEqual({ devices: 1, firmwares: 1, missing: 0 });
    await store.close();
    expect(good(await restore(file, join(folder, 'two'))).before).toBe(undefined);
    const { store: back, devices } = await open(join(folder, 'two'));
    expect((await devices.get(id))?.name).toBe('kitchen');
    expect((await devices.password(id))?.reveal()).toBe('over the air');
    expect(new Uint8Array(readFileSync(join(folder, 'two', 'firmware', sha256(image))))).toEqual(image);
    await back.close();
  });

  it('leaves nothing behind beside the file, and can be made over an older one', async () => {
    const { store } = await seeded(join(folder, 'one'));
    good(await backUp(join(folder, 'one'), join(folder, 'backup')));
    good(await backUp(join(folder, 'one'), join(folder, 'backup')));
    await store.close();
    expect(readdirSync(folder).sort()).toEqual(['backup', 'one']);
  });

  it('keeps what was there when it is put back', async () => {
    const { store } = await seeded(join(folder, 'one'));
    good(await backUp(join(folder, 'one'), join(folder, 'backup')));
    await store.close();
    const { store: later, devices } = await open(join(folder, 'one'));
    await devices.make({ name: 'porch' });
    await later.close();
    const { before } = good(await restore(join(folder, 'backup'), join(folder, 'one')));
    const { store: back, devices: now } = await open(join(folder, 'one'));
    expect((await now.list()).map(({ name }) => name)).toEqual(['kitchen']);
    await back.close();
    const { store: old, devices: then } = await open(before!);
    expect((await then.list()).map(({ name }) => name)).toEqual(['kitchen', 'porch']);
    await old.close();
  });

  it('is not put back under a hub that runs', async () => {
    const { store } = await seeded(join(folder, 'one'));
    good(await backUp(join(folder, 'one'), join(folder, 'backup')));
    expect(await restore(join(folder, 'backup'), join(folder, 'one'))).toMatchObject({
      problem: { code: 'hub-store-locked' },
    });
    await store.close();
  });

  it('that is damaged, or is none, is refused and changes nothing', async () => {
    const { store } = await seeded(join(folder, 'one'));
    const file = join(folder, 'backup');
    good(await backUp(join(folder, 'one'), file));
    await store.close();
    const bytes = readFileSync(file);
    bytes[bytes.indexOf(Buffer.from(image.subarray(0, 64)))]! ^= 1;
    writeFileSync(file, bytes);
    const refused = { problem: { code: 'hub-not-a-backup' } };
    expect(await restore(file, join(folder, 'two'))).toMatchObject(refused);
    writeFileSync(file, 'a letter');
    expect(await restore(file, join(folder, 'two'))).toMatchObject(refused);
    expect(await restore(join(folder, 'missing'), join(folder, 'two'))).toMatchObject(refused);
    expect(await restore(join(folder, 'one', 'hub.db'), join(folder, 'two'))).toMatchObject(refused);
    expect(existsSync(join(folder, 'two'))).toBe(false);
  });

  it('of a folder without a hub is refused', async () => {
    expect(await backUp(folder, join(folder, 'backup'))).toMatchObject({ problem: { code: 'hub-no-data' } });
  });

  it.each(['key', 'firmware', 'hub.db'])(
    'is put back to the end at the next start, when it was cut off before %s',
    async (cut) => {
      const { store } = await seeded(join(folder, 'one'));
      good(await backUp(join(folder, 'one'), join(folder, 'backup')));
      await store.close();
      const data = join(folder, 'one');
      const ready = join(data, 'restoring');
      mkdirSync(ready);
      const order = ['key', 'firmware', 'hub.db'];
      for (const name of order) if (order.indexOf(name) >= order.indexOf(cut)) writeFileSync(join(ready, name), 'new');
      writeFileSync(join(ready, 'ready'), 'before-now');
      finishRestore(data);
      expect(readFileSync(join(data, 'hub.db'), 'utf8')).toBe('new');
      expect(existsSync(ready)).toBe(false);
      expect(readdirSync(join(data, 'before-now'))).toContain('hub.db');
    },
  );
});
