// The hub's updates: durable steps a second, many boards at once, and how soon a killed hub has taken everything up again.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEsp8266Image } from '#firmware/make.ts';
import { openDevices } from '#hub/devices.ts';
import { openFirmwares } from '#hub/firmwares.ts';
import { openLive } from '#hub/live.ts';
import { openStore } from '#hub/store/open.ts';
import { openUpdates } from '#hub/updates/index.ts';
import { openUpdateStore } from '#hub/updates/store.ts';
import { openVault } from '#hub/vault.ts';
import { realWorld } from '#node/index.ts';
import { median } from './print.ts';

const image = (seed: number): Uint8Array =>
  makeEsp8266Image({ core: '3.1.2', bytes: 200_000, build: `b${seed}`, seed, flashBytes: 4 * 1024 * 1024 });

async function open(folder: string) {
  const store = await openStore(join(folder, 'hub.db'));
  const { db } = store;
  const wall = Date.now;
  const live = openLive(wall);
  const devices = openDevices({ db, live, vault: openVault(join(folder, 'key')), wall });
  const firmwares = openFirmwares({ db, live, wall, folder: join(folder, 'firmware') });
  return { store, db, live, devices, firmwares };
}

async function within<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Steps of many updates side by side, each durable before the next of its update, while somebody looks at the list. */
async function steps(folder: string): Promise<void> {
  const { store, db, devices, firmwares } = await open(folder);
  const added = await firmwares.add(image(1), { name: 'bench', by: 'bench' });
  if (!added.ok) throw new Error(added.problem.what);
  const many = 200;
  const each = 100;
  const updates = openUpdateStore({
    db,
    clock: realWorld().clock,
    stepped: () => {},
    trouble: (what) => console.log(what),
  });
  const ids: string[] = [];
  for (let i = 0; i < many; i++) {
    const device = await devices.sighted({ way: 'espota', name: `lamp-${i}`, address: `10.0.0.${i}` });
    ids.push(`u${i}`);
    await updates.add([
      {
        id: `u${i}`,
        batch: 'b',
        device,
        firmware: added.value.id,
        way: 'push',
        state: 'queued',
        force: 0,
        acknowledged: null,
        total: null,
        all_sent: 0,
        build: null,
        problem: null,
        diagnosis: null,
        transcript: null,
        before: null,
        ordered_by: 'bench',
        created_at: 0,
        changed_at: 0,
      },
    ]);
  }
  let over = false;
  const looks: number[] = [];
  const looking = (async () => {
    while (!over) {
      const began = performance.now();
      await updates.list({ limit: 50 });
      looks.push(performance.now() - began);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  const began = performance.now();
  await Promise.all(
    ids.map(async (id) => {
      for (let i = 0; i < each; i++) await updates.step({ id, way: 'push', to: i % 2 ? 'queued' : 'sending' });
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  over = true;
  await looking;
  looks.sort((a, b) => a - b);
  console.log(
    `${many * each} durable steps (SQLite, full sync) in ${seconds.toFixed(2)} s: ${Math.round((many * each) / seconds)} a second (target 2,000); meanwhile the newest 50 were listed in ${median(looks).toFixed(1)} ms, p99 ${looks[Math.floor(looks.length * 0.99)]!.toFixed(1)} ms (limit 50 ms)`,
  );
  await updates.close();
  await store.close();
}

/** Boards in a process of their own, one image, all at once. */
async function boards(folder: string, count: number): Promise<void> {
  const farm = spawn(process.execPath, ['bench/farm.ts', String(count), '5', '25'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const places = await new Promise<string[]>((resolve, reject) => {
      let out = '';
      farm.stdout.on('data', (bytes) => {
        out += bytes;
        if (out.endsWith('\n')) resolve(JSON.parse(out) as string[]);
      });
      farm.on('close', () => reject(new Error('the virtual boards did not start')));
    });
    const { store, db, live, devices, firmwares } = await open(folder);
    const ids: string[] = [];
    for (const [i, place] of places.entries()) {
      const [address = '', port] = place.split(':');
      ids.push(
        await devices.sighted({ way: 'espota', name: `lamp-${i}`, address, port: Number(port), family: 'esp8266' }),
      );
    }
    const added = await firmwares.add(image(2), { name: 'bench', by: 'bench' });
    if (!added.ok) throw new Error(added.problem.what);
    let asked = 0;
    const read = new Set<Uint8Array>();
    const counted: typeof firmwares = {
      ...firmwares,
      async bytes(id) {
        const bytes = await firmwares.bytes(id);
        asked++;
        if (bytes) read.add(bytes);
        return bytes;
      },
    };
    const { promise: all, resolve: done } = Promise.withResolvers<void>();
    const ends: Record<string, number> = {};
    let ended = 0;
    const updates = openUpdates({
      db,
      devices,
      firmwares: counted,
      live,
      world: realWorld(),
      parallel: count,
      ended({ state }) {
        ends[state] = (ends[state] ?? 0) + 1;
        if (++ended === count) done();
      },
    });
    const began = performance.now();
    const ordered = await updates.order({ firmware: added.value.id, devices: ids }, 'bench');
    if (!ordered.ok) throw new Error(ordered.problem.what);
    await all;
    const seconds = (performance.now() - began) / 1000;
    const listed = Object.entries(ends).map(([state, times]) => `${times} ${state}`);
    console.log(
      `${count} virtual boards flashed at once, 200,000 bytes each, 5 ms round trip, 25 ms a sector: ${listed.join(', ')} in ${seconds.toFixed(1)} s; the image was asked for ${asked} times and read from disk ${read.size} time${read.size === 1 ? '' : 's'}; memory ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB`,
    );
    await updates.close();
    await store.close();
  } finally {
    farm.kill();
  }
}

/** A hub with many updates under way is killed; from the start of the next process to its answers on the network. */
async function recovery(folder: string): Promise<void> {
  const many = 200;
  const { store, db, devices, firmwares, live } = await open(folder);
  const added = await firmwares.add(image(3), { name: 'bench', by: 'bench' });
  if (!added.ok) throw new Error(added.problem.what);
  const ids: string[] = [];
  // Nobody is there: all of them are called again and again.
  for (let i = 0; i < many; i++)
    ids.push(await devices.sighted({ way: 'espota', name: `lamp-${i}`, address: `127.8.9.${i + 1}`, port: 8266 }));
  const updates = openUpdates({ db, devices, firmwares, live, world: realWorld() });
  await updates.order({ firmware: added.value.id, devices: ids }, 'bench');
  await updates.close();
  await store.close();
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const began = performance.now();
    const hub = spawn(process.execPath, ['test/hub-kill.child.fixture.ts', folder, '127.8.33.1', '33081'], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    hub.stdin.write('go\n');
    await new Promise((resolve) => hub.stdout.once('data', resolve));
    times.push(performance.now() - began);
    hub.kill('SIGKILL');
    await new Promise((resolve) => hub.on('close', resolve));
  }
  console.log(
    `after kill -9, ${many} updates under way: from the start of the process to answering, median ${median(times).toFixed(0)} ms, worst ${Math.max(...times).toFixed(0)} ms of ${times.length} (limit 3,000 ms)`,
  );
}

export async function run([count = '200']: readonly string[]): Promise<void> {
  await within(steps);
  await within((folder) => boards(folder, Number(count)));
  await within(recovery);
}
