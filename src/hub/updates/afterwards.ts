/** After the transfer: the board restarts, comes back, and maybe says what it runs. Only its own words confirm an update. */
import { awaitReturn, notBack, oldBuild } from '#upload/index.ts';
import type { Millis, Problem } from '#values/index.ts';
import type { UpdateWay, Way } from '../contract/index.ts';
import type { DeviceRow } from '../store/schema.ts';
import { provenBuild, type Verdict, verdictOf, wordsOf } from './confirm.ts';
import { type Ending, type Ground, wordsBefore } from './ground.ts';
import { unproven } from './problems.ts';
import type { Row } from './store.ts';
import type { Words } from './types.ts';

export interface Transferred extends Pick<Ending, 'transcript'> {
  /** The board said OK. Else only its words can tell whether it stored the update. */
  readonly stored: boolean;
  readonly note?: string;
  /** How the transfer ended, where it did not end well. */
  readonly problem?: Problem;
}

/** Waits for the board that was sent all of an image, and ends the update. */
export async function afterwards(
  ground: Ground,
  row: Row,
  device: DeviceRow,
  { stored, note, problem, transcript }: Transferred,
): Promise<void> {
  const { store, closing } = ground;
  const way = row.way as UpdateWay;
  const { name } = device;
  const more = { ...(transcript ? { transcript } : {}) };
  if (row.state !== 'restarting' && !(await store.step({ id: row.id, way, to: 'restarting', note }))) return;
  ground.begins(row.device);
  const { verdict, words, back } = await saidAfterwards(ground, row, device);
  if (closing.signal.aborted) return;
  const said = words && wordsOf(words);

  if (verdict === 'new' && words)
    await ground.end(row, 'confirmed', { build: provenBuild(words, await ground.marks(row.firmware)), ...more });
  else if (!back && verdict === undefined) await ground.end(row, 'unknown', { problem: notBack(name), ...more });
  else if (verdict === 'old' && stored) {
    const { build = 'what was sent' } = await ground.marks(row.firmware);
    await ground.end(row, 'rolled-back', {
      problem: oldBuild(name, said ?? 'what it ran before', build),
      build: said,
      ...more,
    });
  } else if (stored) await ground.end(row, 'back-unproven', { note: unprovenNote(said), ...more });
  else
    await ground.end(row, 'unknown', {
      problem: verdict === undefined && problem ? problem : unproven(name, said),
      ...more,
    });
}

const unprovenNote = (said: string | undefined): string =>
  said === undefined ? 'it is back and does not say what it runs' : `it is back and says that it runs ${said}`;

interface Said {
  readonly verdict: Verdict;
  readonly words: Words | undefined;
  readonly back: boolean;
}

async function saidAfterwards(ground: Ground, row: Row, device: DeviceRow): Promise<Said> {
  const { setting, spoken, patience, closing } = ground;
  const { world } = setting;
  const marks = await ground.marks(row.firmware);
  const before = wordsBefore(row);
  /** Words that it could say before it restarted are proof only afterwards. */
  const saysNews = verdictOf(before, marks, {}) !== 'new';
  const judge = (words: Words): Verdict => verdictOf(words, marks, before);
  let words = spoken.last(row.device);
  if (words && saysNews && judge(words) === 'new') return { verdict: 'new', words, back: true };

  const returned = await awaitReturn(
    {
      to: { address: device.address ?? '', port: device.port ?? 0 },
      copyBytes: device.family === 'esp32' ? 0 : (row.total ?? 0),
      limit: patience.back,
      news: saysNews ? 'new' : undefined,
      announcements: (on, until) =>
        spoken.listen(
          row.device,
          (heard) => {
            words = heard;
            const verdict = judge(heard);
            if (verdict) on.seen(verdict);
          },
          until,
        ),
    },
    world,
    () => {},
    closing.signal,
  );
  if (!returned) return { verdict: undefined, words, back: false };
  const proven = returned.build as Verdict;
  if (proven || !usuallySays(device, before)) return { verdict: proven, words, back: true };
  const later = await nextProof(ground, row.device, judge, patience.words);
  return { verdict: later && judge(later), words: later ?? words, back: true };
}

/** It has a way to say what it runs, so that waiting for it is worth while. */
const usuallySays = (device: DeviceRow, before: Words): boolean =>
  wordsOf(before) !== undefined || (JSON.parse(device.ways) as Way[]).some((way) => way === 'blynk' || way === 'pull');

async function nextProof(
  { setting, spoken, closing }: Ground,
  device: string,
  judge: (words: Words) => Verdict,
  limit: Millis,
): Promise<Words | undefined> {
  const enough = new AbortController();
  const cancel = (): void => enough.abort();
  closing.signal.addEventListener('abort', cancel, { once: true });
  let proof: Words | undefined;
  spoken.listen(
    device,
    (words) => {
      if (!judge(words)) return;
      proof = words;
      cancel();
    },
    enough.signal,
  );
  await setting.world.clock.sleep(limit, 'words of the board', enough.signal);
  cancel();
  closing.signal.removeEventListener('abort', cancel);
  return proof;
}
