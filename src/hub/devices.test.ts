import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Devices, openDevices } from './devices.ts';
import { openLive } from './live.ts';
import { openStore } from './store/open.ts';
import { openVault } from './vault.ts';

async function opened(): Promise<Devices> {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-devices-'));
  const { db, close } = await openStore(join(folder, 'hub.db'));
  onTestFinished(async () => {
    await close();
    rmSync(folder, { recursive: true, force: true });
  });
  const wall = (): number => 1_700_000_000_000;
  return openDevices({ db, live: openLive(wall), vault: openVault(join(folder, 'key')), wall });
}
const seen = { way: 'espota', name: 'esp-3f2a', address: '10.0.0.7', port: 8266, mac: '5ccf7f000001' } as const;

describe('one row a board', () => {
  it('that announces itself where a Blynk device is connected: the rows never were two', async () => {
    const devices = await opened();
    const { id } = await devices.make({ name: 'kitchen' });
    await devices.sighted({ way: 'blynk', address: '10.0.0.7' }, id);
    expect(await devices.sighted(seen)).toBe(id);
    expect(await devices.list()).toMatchObject([{ name: 'kitchen', ways: ['blynk', 'espota'], mac: seen.mac }]);
  });

  it('that logs in where a board was seen: the two become one, with what was known of both', async () => {
    const devices = await opened();
    const before = await devices.sighted(seen);
    await devices.log(before, 'info', 'of before');
    await devices.logOf(before, undefined, 10);
    const { id } = await devices.make({ name: 'kitchen', group: 'house' });
    await devices.sighted({ way: 'blynk', address: '10.0.0.7' }, id);
    expect(await devices.absorb(id)).toBe(before);
    expect(await devices.list()).toMatchObject([
      { id, name: 'kitchen', group: 'house', ways: ['blynk', 'espota'], mac: seen.mac, port: 8266, hasToken: true },
    ]);
    expect(await devices.logOf(id, undefined, 10)).toMatchObject([{ text: 'of before' }]);
    // Its announcements find the one row from now on.
    expect(await devices.sighted(seen)).toBe(id);
  });

  it.each([
    ['has a token of its own', async (devices: Devices) => void (await devices.newToken(await devices.sighted(seen)))],
    [
      'is one of several there',
      async (devices: Devices) => {
        await devices.sighted({ ...seen, mac: '5ccf7f000002' });
        await devices.sighted({ ...seen, mac: '5ccf7f000003', name: 'other' });
      },
    ],
  ])('but two where the one that was seen there %s', async (_, prepare) => {
    const devices = await opened();
    await prepare(devices);
    const { length } = await devices.list();
    const { id } = await devices.make({ name: 'kitchen' });
    await devices.sighted({ way: 'blynk', address: '10.0.0.7' }, id);
    expect(await devices.absorb(id)).toBeUndefined();
    expect(await devices.list()).toHaveLength(length + 1);
  });

  it('a token: two that knock from behind one router are two, and each keeps its own', async () => {
    const devices = await opened();
    const tokens = ['a'.repeat(32), 'b'.repeat(32)];
    for (const [i, token] of tokens.entries()) {
      const { id } = await devices.knocked({ way: 'blynk', address: '10.0.0.1', token });
      await devices.adopt(id, `board ${i}`);
    }
    expect((await devices.byToken(tokens[0]!))?.name).toBe('board 0');
    expect((await devices.byToken(tokens[1]!))?.name).toBe('board 1');
  });
});
