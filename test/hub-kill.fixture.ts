// Kills a hub again and again, at random instants with updates under way, and judges by what the boards themselves counted.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeEsp8266Image } from '#firmware/make.ts';
import { openDevices } from '#hub/devices.ts';
import { openFirmwares } from '#hub/firmwares.ts';
import { openLive } from '#hub/live.ts';
import { openStore } from '#hub/store/open.ts';
import { openVault } from '#hub/vault.ts';
import { rolldown } from 'rolldown';
import { realWorld } from '#node/index.ts';
import { md5Hex, millis, seeded } from '#values/index.ts';
import { type Board, createBoard } from '#virtual/index.ts';
import { hasty } from './hub-kill.clock.fixture.ts';

export interface Verdict {
  readonly kills: number;
  /** Orders that the hub acknowledged. */
  readonly acknowledged: number;
  /** Acknowledged, and in no table afterwards. */
  readonly lost: number;
  /** Updates that never came to an end. */
  readonly forgotten: number;
  /** Images that a board stored more than once. */
  readonly twice: number;
  /** Ends that the boards' own counters contradict: confirmed and never stored, failed and stored. */
  readonly wrong: readonly string[];
  /** How many ended how. */
  readonly ends: Readonly<Record<string, number>>;
  /** How many kills met an update in which state. */
  readonly met: Readonly<Record<string, number>>;
  /** From the start of a process to its answers on the network, everything taken up again, ms; of each restart. */
  readonly recoveries: readonly number[];
}

/** Of the hub. */
const port = 33_080;

const sleep = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

export async function killMany({ kills, seed, boards: count = 8, network = '127.0.33' }: {
  readonly kills: number;
  readonly seed: number;
  readonly boards?: number;
  /** The first three numbers of loopback addresses that nobody else uses. */
  readonly network?: string;
}): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-kill-'));
  const dice = seeded(seed);
  const below = (most: number): number => dice() * most;
  const boards = await makeBoards(count, network);
  const digests = await prepare(folder, boards, Math.max(12, kills));
  await bundle(folder);
  const children = new Set<ChildProcess>();
  const acknowledged = new Set<string>();
  const met: Record<string, number> = {};
  const recoveries: number[] = [];

  const hub = () => {
    const child = spawn(process.execPath, [join(folder, 'hub/main.mjs'), folder, `${network}.1`, String(port)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled') },
    });
    children.add(child);
    let out = '';
    let seenReady: () => void = () => {};
    const ready = new Promise<void>((resolve) => {
      seenReady = resolve;
    });
    const gone = new Promise<void>((resolve) => {
      child.on('close', () => {
        children.delete(child);
        seenReady();
        resolve();
      });
    });
    child.stdin.on('error', () => {});
    child.stdout.on('data', (bytes) => {
      out += bytes;
      if (out.startsWith('ready')) seenReady();
      // A line that was cut off by the kill was read by nobody.
      for (const [, id = ''] of out.matchAll(/^ordered (\w+)\n/gm)) acknowledged.add(id);
    });
    return { go: (word: string) => void child.stdin.write(`${word}\n`), kill: () => child.kill('SIGKILL'), ready, gone, out: () => out };
  };
  const stored = (): number => boards.reduce((sum, { updates }) => sum + updates.length, 0);

  try {
    // One that ends in peace leaves its compiled code for those that follow.
    const first = hub();
    first.go('finish');
    await first.gone;
    let next = hub();
    for (let i = 0; i < kills; i++) {
      const now = next;
      const began = performance.now();
      now.go('go');
      next = hub();
      await now.ready;
      recoveries.push(performance.now() - began);
      // Half of them at any instant, half of them just when a board has stored its update and nobody was told yet.
      if (below(1) < 0.5) await sleep(below(150));
      else {
        const before = stored();
        for (let waited = 0; waited < 120 && stored() === before; waited++) await sleep(1);
        await sleep(below(40));
      }
      now.kill();
      await now.gone;
      for (const state of await statesIn(folder)) met[state] = (met[state] ?? 0) + 1;
    }
    next.go('finish');
    await next.gone;
    if (!next.out().endsWith('over\n')) throw new Error('the last hub did not come to an end');
    return { kills, ...(await judge(folder, boards, digests, acknowledged)), met, recoveries };
  } finally {
    for (const child of children) child.kill('SIGKILL');
    for (const board of boards) board.powerOff();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The hub as the release has it, in one piece: it starts in a third of the time. */
async function bundle(folder: string): Promise<void> {
  const build = await rolldown({ input: { main: 'test/hub-kill.child.fixture.ts' }, platform: 'node', logLevel: 'silent' });
  await build.write({ dir: join(folder, 'hub'), entryFileNames: '[name].mjs', minify: true });
}

async function makeBoards(count: number, network: string): Promise<readonly Board[]> {
  const world = realWorld();
  const boards: Board[] = [];
  for (let i = 0; i < count; i++) {
    const made = createBoard(
      {
        core: 'esp8266@3.1.2',
        build: 'first',
        runningBytes: 12_000,
        seed: 1000 + i,
        address: `${network}.${10 + i}`,
        mac: macOf(i).match(/../g)!.join(':'),
        sectorTime: millis(20),
        bootTime: millis(500),
        sketch: { mdns: false, pull: { address: `${network}.1`, port, path: '/', every: millis(1500) } },
      },
      // Much faster than real ones.
      { ...world, clock: hasty(world.clock, 40) },
    );
    if (!made.ok) throw new Error(made.problem.what);
    const trouble = await made.value.start();
    if (trouble) throw new Error(`${made.value.address}: ${trouble.detail}`);
    boards.push(made.value);
  }
  return boards;
}

const macOf = (i: number): string => `5ccf7f0000${(16 + i).toString(16)}`;

/** The hub's data: its devices, and images that each device gets once. Gives the images' ids by digest. */
async function prepare(folder: string, boards: readonly Board[], images: number): Promise<ReadonlyMap<string, string>> {
  const { db, devices, firmwares, store } = await open(folder);
  for (const [i, { address, port }] of boards.entries()) {
    const known = { mac: macOf(i), family: 'esp8266', core: '3.1.2' };
    const id = await devices.sighted({ way: 'espota', name: `lamp-${i}`, address, port, ...known });
    await devices.sighted({ way: 'pull', mac: macOf(i) }, id);
    await devices.change(id, { layout: '4M2M' });
  }
  const digests = new Map<string, string>();
  for (let i = 0; i < images; i++) {
    const name = String(i).padStart(6, '0');
    const bytes = makeEsp8266Image({ core: '3.1.2', bytes: 12_000, build: name, seed: i, flashBytes: 4 * 1024 * 1024 });
    const added = await firmwares.add(bytes, { name, by: 'test' });
    if (!added.ok) throw new Error(added.problem.what);
    digests.set(md5Hex(bytes), added.value.id);
  }
  void db;
  await store.close();
  return digests;
}

async function open(folder: string) {
  const store = await openStore(join(folder, 'hub.db'));
  const { db } = store;
  const wall = Date.now;
  const live = openLive(wall);
  const devices = openDevices({ db, live, vault: openVault(join(folder, 'key')), wall });
  const firmwares = openFirmwares({ db, live, wall, folder: join(folder, 'firmware') });
  return { store, db, devices, firmwares };
}

async function statesIn(folder: string): Promise<readonly string[]> {
  const store = await openStore(join(folder, 'hub.db'));
  const rows = await store.db
    .selectFrom('updates')
    .select(['state', 'all_sent'])
    .where('state', 'in', ['queued', 'waiting', 'sending', 'stored', 'restarting'])
    .execute();
  await store.close();
  return rows.map(({ state, all_sent }) => (state === 'sending' && all_sent ? 'sending, all out' : state));
}

async function judge(
  folder: string,
  boards: readonly Board[],
  digests: ReadonlyMap<string, string>,
  acknowledged: ReadonlySet<string>,
) {
  const { db, devices, store } = await open(folder);
  const rows = await db.selectFrom('updates').select(['id', 'device', 'firmware', 'state']).execute();
  const known = new Set(rows.map(({ id }) => id));
  const wrong: string[] = [];
  const ends: Record<string, number> = {};
  let twice = 0;
  let forgotten = 0;
  for (const [i, board] of boards.entries()) {
    const device = (await devices.byMac(macOf(i)))!.id;
    const counted = new Map<string, number>();
    for (const { md5 } of board.updates) {
      const firmware = digests.get(md5) ?? md5;
      counted.set(firmware, (counted.get(firmware) ?? 0) + 1);
    }
    for (const times of counted.values()) twice += times - 1;
    for (const { id, firmware, state } of rows.filter((row) => row.device === device)) {
      const times = counted.get(firmware) ?? 0;
      ends[state] = (ends[state] ?? 0) + 1;
      if (['queued', 'waiting', 'sending', 'stored', 'restarting'].includes(state)) forgotten++;
      const never = ['confirmed', 'back-unproven', 'rolled-back'].includes(state) && times === 0;
      if (never || (['failed', 'cancelled'].includes(state) && times > 0)) wrong.push(`${id} ${state}, stored ${times} times`);
    }
  }
  await store.close();
  const lost = [...acknowledged].filter((id) => !known.has(id)).length;
  return { acknowledged: acknowledged.size, lost, forgotten, twice, wrong, ends };
}
