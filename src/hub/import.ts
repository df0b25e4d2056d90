/** Takes over what a legacy Blynk server kept: devices with their tokens and names, and their pins. Boards go on with the token that
 *  is in their sketch; only the server's address changes. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { type LegacyDevice, readLegacyAccount } from '#protocols/blynk/index.ts';
import type { Problem, Result } from '#values/index.ts';
import { type Devices, openDevices } from './devices.ts';
import { openLive } from './live.ts';
import { openPins, type Pins } from './pins.ts';
import { openStore, StoreTrouble } from './store/open.ts';
import { notWritten } from './updates/problems.ts';
import { openVault } from './vault.ts';

export interface Imported {
  readonly accounts: number;
  readonly devices: readonly { readonly name: string; readonly group: string; readonly pins: number }[];
  /** Devices whose token the hub has already: they stay as they are. */
  readonly known: number;
  /** What has no counterpart here, and how many there were. */
  readonly left: readonly { readonly what: string; readonly count: number }[];
  /** Files that could not be read as an account. */
  readonly unreadable: readonly string[];
}

/** A profile is limited to 256 KB by the legacy server; owners raise that. */
const largestAccount = 32 * 1024 * 1024;

/** Reads the folder that the legacy server was started with (`-dataFolder`), and puts its devices into the hub's data folder. The
 *  hub may be running meanwhile. */
export async function importLegacy(folder: string, data: string, wall: () => number): Promise<Result<Imported>> {
  const files = accountFiles(folder);
  if (files.length === 0) return { ok: false, problem: noAccounts(folder) };
  const left = new Map<string, number>();
  const unreadable: string[] = [];
  const wanted = new Map<string, LegacyDevice>();
  for (const file of files) {
    const account = readAccount(join(folder, file));
    if (!account) {
      unreadable.push(file);
      continue;
    }
    for (const device of account.devices) if (!wanted.has(device.token)) wanted.set(device.token, device);
    for (const [what, count] of account.left) left.set(what, (left.get(what) ?? 0) + count);
  }
  if (unreadable.length === files.length) return { ok: false, problem: noneReadable(folder, unreadable) };
  if (readdirSync(folder).includes('data')) left.set('histories of pins', 1);
  try {
    const { devices, known } = await putIn(data, wall, [...wanted.values()]);
    return {
      ok: true,
      value: {
        accounts: files.length - unreadable.length,
        devices,
        known,
        left: [...left].map(([what, count]) => ({ what, count })),
        unreadable,
      },
    };
  } catch (error) {
    if (error instanceof StoreTrouble) return { ok: false, problem: error.problem };
    // What the system or SQLite says has a code; what has none is a mistake of ours.
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return { ok: false, problem: notWritten(message) };
  }
}

function accountFiles(folder: string): string[] {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.user') && statSync(join(folder, name)).isFile())
    .sort();
}

function readAccount(path: string): ReturnType<typeof readLegacyAccount> {
  try {
    return statSync(path).size > largestAccount ? undefined : readLegacyAccount(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

async function putIn(
  data: string,
  wall: () => number,
  wanted: readonly LegacyDevice[],
): Promise<Pick<Imported, 'devices' | 'known'>> {
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const vault = openVault(join(data, 'key'));
  const store = await openStore(join(data, 'hub.db'));
  try {
    // All of it or nothing: a device that is half there would count as known the next time.
    return await store.db.transaction().execute(async (db) => {
      // The right to write, before anything is read: a hub that runs might write in between.
      await sql`delete from devices where false`.execute(db);
      const live = openLive(wall);
      const devices = openDevices({ db, live, vault, wall });
      const pins = openPins({ db, live, wall });
      const made: Imported['devices'][number][] = [];
      let known = 0;
      for (const device of wanted) {
        if (await devices.byToken(device.token)) known++;
        else made.push(await takeOver(devices, pins, device));
      }
      return { devices: made, known };
    });
  } finally {
    await store.close();
  }
}

async function takeOver(devices: Devices, pins: Pins, device: LegacyDevice): Promise<Imported['devices'][number]> {
  const { token, name, project, board } = device;
  const group = project === name ? undefined : project;
  const { id } = await devices.make({ name, token, ...(group ? { group } : {}) });
  if (board) await devices.learn(id, { board });
  for (const { pin, values, ...looks } of device.pins) {
    if (values.length) pins.set(id, pin, values);
    await pins.change(id, pin, looks);
  }
  await pins.flush();
  return { name, group: project, pins: device.pins.length };
}

const noAccounts = (folder: string): Problem => ({
  code: 'hub-no-legacy-data',
  what: `no accounts of a legacy Blynk server are in ${folder}`,
  why: 'that server keeps each account in a file whose name ends in .user, and there is none',
  fix: 'name the folder that the server was started with (-dataFolder), or a copy of it; nothing was changed',
  blame: 'person',
});
const noneReadable = (folder: string, files: readonly string[]): Problem => ({
  code: 'hub-legacy-data-damaged',
  what: `none of the accounts in ${folder} can be read`,
  why: `${files.join(', ')}: that is no whole account; the legacy server rewrites such files in place, so that a power cut leaves half of one`,
  fix: 'take the copy of a day before from its folder `backup`; nothing was changed',
  blame: 'person',
});
