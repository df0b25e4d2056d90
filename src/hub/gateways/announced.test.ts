import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { settle } from '#node/index.ts';
import { type Announced, arduinoService } from '#protocols/mdns/index.ts';
import { seconds, seeded } from '#values/index.ts';
import { virtualClock, virtualNetwork } from '#virtual/index.ts';
import { announce } from '../../discovery/announcer.fixture.ts';
import { openDevices } from '../devices.ts';
import { openLive } from '../live.ts';
import { openStore } from '../store/open.ts';
import { openVault } from '../vault.ts';
import { openAnnounced } from './announced.ts';

/** A house whose hub listens, in virtual time. */
async function house() {
  const clock = virtualClock({ settle });
  const network = virtualNetwork({ clock, random: seeded(7) });
  const world = network.host({ name: 'hub', interfaces: [{ address: '10.0.0.2', name: 'eth0' }] });
  const folder = mkdtempSync(join(tmpdir(), 'whyota-announced-'));
  const store = await openStore(join(folder, 'hub.db'));
  const wall = (): number => 1_700_000_000_000;
  const live = openLive(wall);
  const devices = openDevices({ db: store.db, live, vault: openVault(join(folder, 'key')), wall });
  const heard: { device: string; build?: string | undefined; version?: string | undefined }[] = [];
  const troubles: unknown[] = [];
  const connected = new Set<string>();
  const announced = await clock.run(
    openAnnounced({
      world,
      devices,
      updates: { heard: (device, words) => void heard.push({ device, ...words }), underWay: () => false },
      connected: (device) => connected.has(device),
      trouble: (error) => void troubles.push(error),
    }),
  );
  onTestFinished(async () => {
    await announced.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
    expect(troubles).toEqual([]);
  });
  return {
    devices,
    heard,
    connected,
    pass: (time: number) => clock.run(clock.sleep(seconds(time), 'test')),
    board(host: string, address: string, services: Announced['services']) {
      const node = network.board({ name: host, interfaces: [{ address }] });
      return clock.run(announce(node, { host: `${host}.local`, addresses: [address], services }));
    },
  };
}
const ota = (name: string, more: readonly string[] = []) => {
  const service = arduinoService({ name, port: 8266, board: 'd1_mini', password: false });
  return [{ ...service, txt: [...service.txt, ...more] }];
};
const service = (type: string, name: string, port: number, txt: readonly string[]) => ({ type, name, port, txt });

describe('boards that announce themselves', () => {
  it('become rows, of every firmware, with what they say of themselves', async () => {
    const { devices, board, pass } = await house();
    await board('kitchen', '10.0.0.11', ota('kitchen'));
    await board('lamp', '10.0.0.12', [
      service('_esphomelib._tcp', 'lamp', 6053, ['version=2024.10.2', 'platform=ESP32', 'board=esp32dev']),
    ]);
    await board('wled-strip', '10.0.0.13', [service('_wled._tcp', 'strip', 80, ['mac=5ccf7f112233'])]);
    await pass(8);
    const rows = await devices.list();
    expect(rows.map(({ name, ways, presence, flashable }) => [name, ways, presence, flashable])).toEqual([
      ['kitchen', ['espota'], 'online', true],
      ['lamp', ['esphome'], 'online', false],
      ['strip', ['wled'], 'online', false],
    ]);
    expect(rows[1]).toMatchObject({ firmware: 'ESPHome 2024.10.2', address: '10.0.0.12' });
    expect(rows[2]).toMatchObject({ mac: '5ccf7f112233' });
  });

  it('are offline once they say goodbye, but not while they are connected another way', async () => {
    const { devices, board, pass, connected } = await house();
    const [one, two] = [await board('one', '10.0.0.11', ota('one')), await board('two', '10.0.0.12', ota('two'))];
    await pass(8);
    const idOf = async (name: string) => (await devices.list()).find((row) => row.name === name)!.id;
    connected.add(await idOf('two'));
    one.stop();
    two.stop();
    await pass(5);
    expect((await devices.list()).map(({ name, presence }) => [name, presence])).toEqual([
      ['one', 'offline'],
      ['two', 'online'],
    ]);
  });

  it('say which build they run, where their sketch announces it', async () => {
    const { devices, heard, board, pass } = await house();
    await board('kitchen', '10.0.0.11', ota('kitchen', ['build=42']));
    await pass(8);
    expect(await devices.list()).toMatchObject([{ name: 'kitchen', build: '42' }]);
    expect(heard).toMatchObject([{ build: '42' }]);
  });
});
