// A hub's updates over a simulated network in virtual time, with boards that can be asked what they run.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
// Loaded beforehand: the hub loads it when it needs it, and virtual time does not wait for files.
import '#doctor/probes/index.ts';
import { makeEsp8266Image } from '#firmware/make.ts';
import { settle } from '#node/index.ts';
import { type Millis, millis, minutes, Secret, seeded } from '#values/index.ts';
import {
  type Board,
  type BoardOptions,
  createBoard,
  type VirtualNode,
  virtualClock,
  virtualNetwork,
  type Weather,
} from '#virtual/index.ts';
import type { Update, UpdateState } from '../contract/index.ts';
import { openDevices } from '../devices.ts';
import { openFirmwares } from '../firmwares.ts';
import { openLive } from '../live.ts';
import { openStore } from '../store/open.ts';
import { openVault } from '../vault.ts';
// Loaded when an update fails, which takes real time.
import './diagnosis.ts';
import { openUpdates, type Updates, type UpdatesSetting } from './index.ts';

export interface HubWish {
  readonly boards?: number;
  readonly core?: string;
  /** Of every board, or of each. */
  readonly board?: Partial<BoardOptions> | ((i: number) => Partial<BoardOptions>);
  readonly weather?: Weather;
  readonly seed?: number;
  readonly setting?: Partial<UpdatesSetting>;
  readonly password?: string;
}

export const image = (build: string, { bytes = 60_000, seed = 7 } = {}): Uint8Array =>
  makeEsp8266Image({ core: '3.1.2', bytes, build, seed, flashBytes: 4 * 1024 * 1024 });

/** A hub with boards that run the build `old`; each is a device of the hub, by espota. */
export async function hubScene(wish: HubWish = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-hub-'));
  const clock = virtualClock({ settle });
  const network = virtualNetwork({
    clock,
    random: seeded(wish.seed ?? 1),
    weather: wish.weather ?? { latency: millis(2) },
  });
  const host = network.host({ name: 'hub', interfaces: [{ address: '192.168.1.2' }] });
  const boards: Board[] = [];
  const places: VirtualNode[] = [];
  for (let i = 0; i < (wish.boards ?? 1); i++) {
    const address = `192.168.1.${50 + i}`;
    const place = network.board({ name: `board-${i}`, interfaces: [{ address }] });
    const { sketch, ...more } = typeof wish.board === 'function' ? wish.board(i) : (wish.board ?? {});
    const made = createBoard(
      {
        core: wish.core ?? 'esp8266@3.1.2',
        build: 'old',
        runningBytes: 50_000,
        seed: i + 1,
        ...more,
        address,
        sketch: {
          mdns: false,
          ...(wish.password === undefined ? {} : { password: new Secret(wish.password) }),
          ...sketch,
        },
      },
      place,
    );
    if (!made.ok) throw new Error(made.problem.what);
    await clock.run(made.value.start());
    boards.push(made.value);
    places.push(place);
  }
  /** Drives time until the work is done. The store takes turns of the real event loop, in which time must not end. */
  const drive = async <T>(work: Promise<T>, limit?: Millis): Promise<T> => {
    let over = false;
    const tick = (): void => void (over || clock.after(millis(100), 'tick', tick));
    tick();
    return clock.run(work, limit).finally(() => {
      over = true;
    });
  };
  const wall = () => clock.wall();
  const store = await openStore(join(folder, 'hub.db'));
  const live = openLive(wall);
  const vault = openVault(join(folder, 'key'));
  const devices = openDevices({ db: store.db, live, vault, wall });
  const stored = openFirmwares({ db: store.db, live, wall, folder: join(folder, 'firmware') });
  const files = new Map<string, Uint8Array>();
  const reads: string[] = [];
  // Real files take real time, which a virtual clock does not wait for.
  const firmwares: typeof stored = {
    ...stored,
    bytes(id) {
      reads.push(id);
      return Promise.resolve(files.get(id));
    },
  };
  const ids: string[] = [];
  for (const [i, board] of boards.entries()) {
    const id = await devices.sighted({
      way: 'espota',
      name: `lamp-${i + 1}`,
      address: board.address,
      port: board.port,
      family: board.core.split('@')[0],
      core: board.core.split('@')[1],
    });
    await devices.change(id, {
      layout: '4M2M',
      ...(wish.password === undefined ? {} : { password: wish.password }),
    });
    ids.push(id);
  }
  const told: Update[] = [];
  live.watch((event) => event.kind === 'update' && told.push(event.update));
  const setting: UpdatesSetting = {
    db: store.db,
    devices,
    firmwares,
    live,
    world: host,
    ended: (update) => void ended.push(update),
    audit: (...words) => void audit.push(words),
    trouble: (what) => void troubles.push(what),
    ...wish.setting,
  };
  const ended: Update[] = [];
  const audit: unknown[][] = [];
  const troubles: string[] = [];
  let updates: Updates = openUpdates(setting);
  onTestFinished(async () => {
    await drive(updates.close());
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const scene = {
    clock,
    drive,
    pass: (time: Millis) => drive(clock.sleep(time, 'a while')),
    network,
    host,
    boards,
    places,
    store,
    live,
    devices,
    firmwares,
    ids,
    told,
    ended,
    audit,
    troubles,
    reads,
    setting,
    get updates() {
      return updates;
    },
    /** Ends this hub's updates and opens them anew, as a restart does. */
    async restart(): Promise<void> {
      await drive(updates.close());
      updates = openUpdates(setting);
    },
    async add(bytes: Uint8Array, name = 'firmware', version?: string): Promise<string> {
      const added = await stored.add(bytes, { name, by: 'ann', ...(version === undefined ? {} : { version }) });
      if (!added.ok) throw new Error(added.problem.what);
      files.set(added.value.id, bytes);
      return added.value.id;
    },
    async order(firmware: string, more: Partial<Parameters<Updates['order']>[0]> = {}): Promise<Update[]> {
      const ordered = await drive(updates.order({ firmware, devices: ids, ...more }, 'ann'));
      if (!ordered.ok) throw new Error(ordered.problem.what);
      if (ordered.value.refused[0]) throw new Error(ordered.value.refused[0].problem.what);
      return ordered.value.updates;
    },
    /** The board says what it runs, as a gateway tells it. */
    says(i: number): void {
      updates.heard(ids[i]!, { build: boards[i]!.program?.build });
    },
    /** Says what it runs each time its sketch starts. */
    talkative(i: number): void {
      let was = 'running';
      const look = (): void => {
        const { state } = boards[i]!;
        if (state === 'running' && was !== 'running') scene.says(i);
        was = state;
        clock.after(millis(50), 'words', look);
      };
      look();
    },
    async until(id: string, states: readonly UpdateState[], limit: Millis = minutes(10)) {
      const came = async () => {
        const state = store.raw.prepare('select state from updates where id = ?');
        for (;;) {
          const row = state.get(id) as { state: UpdateState } | undefined;
          if (!row || states.includes(row.state)) return updates.get(id);
          await clock.sleep(millis(100), 'the end of the update');
        }
      };
      return (await drive(came(), limit))!;
    },
    ends: (id: string, limit?: Millis) =>
      scene.until(id, ['confirmed', 'back-unproven', 'failed', 'unknown', 'rolled-back', 'cancelled'], limit),
  };
  return scene;
}

export type HubScene = Awaited<ReturnType<typeof hubScene>>;
