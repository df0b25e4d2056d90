/** What the parts of the updates share: the store, the patience, what boards said, and how an update ends. */
import { identify, innerSketch } from '#firmware/index.ts';
import { type Knowledge, knowledgeFrom, returnLimit } from '#upload/index.ts';
import { md5Hex, minutes, type Problem, seconds } from '#values/index.ts';
import type { Presence, UpdateState, UpdateWay } from '../contract/index.ts';
import type { DeviceRow } from '../store/schema.ts';
import type { Marks } from './confirm.ts';
import type { diagnose } from './diagnosis.ts';
import { atTheHub } from './problems.ts';
import { openSpoken, type Spoken } from './spoken.ts';
import { openUpdateStore, type Row, type UpdateStore } from './store.ts';
import type { Patience, UpdatesSetting, Words } from './types.ts';

/** A board is sent one image so often by itself, whatever goes wrong: Blynk's own server went on for ever. */
export const mostSendings = 3;
export const usuallyParallel = 16;

const usualPatience: Patience = {
  back: returnLimit,
  words: seconds(20),
  retry: seconds(15),
  retryMost: minutes(5),
  asleep: minutes(7 * 24 * 60),
  fetch: seconds(60),
};

export interface Ending {
  readonly note?: string;
  readonly problem?: Problem;
  readonly diagnosis?: Record<string, unknown>;
  readonly transcript?: readonly unknown[];
  /** The board's own words. */
  readonly build?: string | undefined;
}

export interface Ground {
  readonly setting: UpdatesSetting;
  readonly store: UpdateStore;
  readonly patience: Patience;
  readonly spoken: Spoken;
  /** Ends all that is under way. */
  readonly closing: AbortController;
  marks(firmware: string): Promise<Marks>;
  /** The device shows as updating until `over`. */
  begins(device: string): void;
  over(device: string, presence?: Presence): void;
  underWay(device: string): boolean;
  /** Writes the end down, and tells everybody. */
  end(row: Row, to: UpdateState, ending: Ending): Promise<void>;
  /** Tells who watches how it stands. */
  tell(id: string): void;
  onEnd(then: (id: string, device: string, to: UpdateState) => void): void;
  /** What nobody expected; at the hub's end nobody wonders. */
  readonly failed: (error: unknown) => void;
}

export function openGround(setting: UpdatesSetting): Ground {
  const { db, devices, firmwares, live, world } = setting;
  const trouble = setting.trouble ?? (() => {});
  const closing = new AbortController();
  const failed = (error: unknown): void => {
    if (!closing.signal.aborted) trouble(error instanceof Error ? error.message : String(error));
  };
  const tell = (id: string): void => {
    if (!live.watched) return;
    store.update(id).then((update) => {
      if (!update) return;
      live.tell({ kind: 'update', update });
      devices.changed(update.device);
    }, failed);
  };
  const endHooks: ((id: string, device: string, to: UpdateState) => void)[] = [];
  const store = openUpdateStore({
    db,
    clock: world.clock,
    stepped: ({ id }) => tell(id),
    trouble,
  });
  const marks = new Map<string, Promise<Marks>>();
  const before = new Map<string, Presence>();

  /** What the board is now, as far as the file and its own words tell. */
  const learn = async (row: Row, to: UpdateState, build: string | undefined): Promise<void> => {
    const firmware = await firmwares.get(row.firmware);
    const file = await firmwares.bytes(row.firmware);
    if (firmware?.command !== 'sketch' || !file) return;
    const { family, chip, core, runningBytes } = knowledgeFrom(identify(file), file);
    const known: Partial<DeviceRow> = { firmware_id: to === 'confirmed' ? row.firmware : null };
    if (family) Object.assign(known, { family, ...(chip ? { chip } : {}), ...(core ? { core } : {}) });
    if (runningBytes !== undefined) known.running_bytes = runningBytes;
    if (to === 'confirmed') known.running_since = world.clock.wall();
    if (build !== undefined && build === firmware.build) known.build = build;
    await devices.learn(row.device, known);
  };

  const ground: Ground = {
    setting,
    store,
    spoken: openSpoken(),
    patience: { ...usualPatience, ...setting.patience },
    closing,
    failed,
    tell,
    onEnd: (then) => void endHooks.push(then),
    marks(id) {
      let known = marks.get(id);
      if (!known) {
        known = marksOf(setting, id);
        if (marks.size > 100) marks.clear();
        marks.set(id, known);
      }
      return known;
    },
    begins(device) {
      if (before.has(device)) return;
      before.set(device, live.presence(device));
      devices.presence(device, 'updating');
    },
    over(device, presence) {
      const was = before.get(device);
      before.delete(device);
      if (was !== undefined && live.presence(device) === 'updating') devices.presence(device, presence ?? was);
    },
    underWay: (device) => before.has(device),
    async end(row, to, { note, problem, diagnosis, transcript, build }) {
      const written = await store.step({
        id: row.id,
        way: row.way as UpdateWay,
        to,
        note: note ?? problem?.what,
        set: {
          problem: problem ? JSON.stringify(plain(atTheHub(problem))) : null,
          ...(diagnosis ? { diagnosis: JSON.stringify(diagnosis) } : {}),
          ...(transcript ? { transcript: JSON.stringify(transcript) } : {}),
          ...(build === undefined ? {} : { build }),
        },
      });
      store.progress(row.id, undefined);
      for (const then of endHooks) then(row.id, row.device, to);
      if (!written) return;
      const isBack = to === 'confirmed' || to === 'back-unproven';
      ground.over(
        row.device,
        isBack || to === 'rolled-back' ? 'online' : problem?.code === 'not-back' ? 'offline' : undefined,
      );
      if (isBack) await learn(row, to, build);
      const update = await store.update(row.id);
      if (!update) return;
      const how = problem ? `${to}: ${problem.what}` : build === undefined ? to : `${to}: runs ${build}`;
      await devices.log(row.device, 'update', `${update.firmwareName} ${how}`);
      setting.ended?.(update);
    },
  };
  return ground;
}

async function marksOf({ firmwares }: UpdatesSetting, id: string): Promise<Marks> {
  const firmware = await firmwares.get(id);
  if (!firmware) return { md5s: [] };
  const file = firmware.command === 'sketch' ? await firmwares.bytes(id) : undefined;
  const inner = file && innerSketch(file, identify(file));
  return {
    build: firmware.build,
    version: firmware.version,
    // A file system's digest says nothing of the sketch that runs.
    md5s: firmware.command === 'sketch' ? [firmware.md5, ...(inner ? [md5Hex(inner)] : [])] : [],
  };
}

/** What the board ran when the sending began, as the row keeps it. */
export const wordsBefore = (row: Row): Words => (row.before === null ? {} : (JSON.parse(row.before) as Words));

export const wordsNow = (ground: Ground, device: DeviceRow): Words => ({
  ...(device.build === null ? {} : { build: device.build }),
  ...ground.spoken.last(device.id),
});

export const knowledgeOf = (row: DeviceRow): Knowledge => ({
  family: (row.family ?? undefined) as Knowledge['family'],
  chip: row.chip ?? undefined,
  core: row.core ?? undefined,
  layout: row.layout ?? undefined,
  runningBytes: row.running_bytes ?? undefined,
  runningBuild: row.build ?? undefined,
});

const plain = ({ code, what, why, fix, details }: Problem): Problem => ({
  code,
  what,
  why,
  fix,
  ...(details ? { details } : {}),
});

/** ArduinoOTA's own port, where the board never said another. */
const usualPorts: Readonly<Record<string, number>> = { esp8266: 8266, esp32: 3232, rp2040: 2040 };

export const portOf = ({ port, family }: DeviceRow, fileFamily?: string): number | undefined =>
  port ?? usualPorts[family ?? fileFamily ?? ''];

/** The doctor is large, and most hubs never need it. */
export const whyItFailed: typeof diagnose = async (...words) => (await import('./diagnosis.ts')).diagnose(...words);
