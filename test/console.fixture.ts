/** A hub of this process with the console built for it, and devices that it knows already. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Devices, openDevices, type Sighting } from '#hub/devices.ts';
import { type Firmwares, openFirmwares } from '#hub/firmwares.ts';
import { type Hub, openHub } from '#hub/index.ts';
import { openLive } from '#hub/live.ts';
import { openPins, type Pins } from '#hub/pins.ts';
import { type Db, openStore } from '#hub/store/open.ts';
import { openVault } from '#hub/vault.ts';
import { commands, environment, realWorld } from '#node/index.ts';

/** What is in the hub before it starts. */
export interface Before {
  readonly db: Db;
  /** From here on it is this time, until the hub starts. */
  at(time: number): void;
  readonly devices: Devices;
  readonly pins: Pins;
  readonly firmwares: Firmwares;
  /** A device as an announcement makes it known. */
  known(sighting: Omit<Sighting, 'way'> & { readonly name: string }): Promise<string>;
}

export interface RunningHub {
  readonly hub: Hub;
  readonly url: string;
  /** The one-time link of the first start. */
  readonly ownerLink: string;
  close(): Promise<void>;
}

export async function runHub(
  address: string,
  consoleFolder: string,
  before: (given: Before) => Promise<void> = async () => {},
): Promise<RunningHub> {
  const data = mkdtempSync(join(tmpdir(), 'whyota-hub-'));
  await fill(data, before);
  const hub = await openHub({
    version: '0.0.0',
    data,
    address,
    port: 0,
    console: consoleFolder,
    world: realWorld(),
    host: { commands, environment },
    limits: { requests: 100_000, logins: 1000 },
    trouble: (error) => console.error(error),
  });
  const url = `http://${address}:${hub.port}`;
  return {
    hub,
    url,
    ownerLink: `${url}${hub.ownerPath}`,
    async close() {
      await hub.close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

async function fill(data: string, before: (given: Before) => Promise<void>): Promise<void> {
  mkdirSync(data, { recursive: true });
  let now: number | undefined;
  const wall = (): number => now ?? Date.now();
  const vault = openVault(join(data, 'key'));
  const store = await openStore(join(data, 'hub.db'));
  const { db } = store;
  const live = openLive(wall);
  const devices = openDevices({ db, live, vault, wall });
  const pins = openPins({ db, live, wall });
  const firmwares = openFirmwares({ db, live, wall, folder: join(data, 'firmware') });
  const at = (time: number): void => {
    now = time;
  };
  await before({ db, at, devices, pins, firmwares, known: (sighting) => devices.sighted({ way: 'espota', ...sighting }) });
  await pins.flush();
  await devices.flush();
  await store.close();
}
