/** After the transfer: the board restarts, comes back, and maybe says what it runs. Only its own words confirm an update. */
import type { Clock } from '#machine/index.ts';
import { type Attempt, type AttemptEnding, type AttemptEvent, type Recorded, recorder } from '#transcript/index.ts';
import { awaitReturn, notBack, oldBuild, type Plan } from '#upload/index.ts';
import { type Millis, millis, type Problem } from '#values/index.ts';
import type { UpdateState, UpdateWay, Way } from '../contract/index.ts';
import type { DeviceRow } from '../store/schema.ts';
import { provenBuild, type Verdict, verdictOf, wordsOf } from './confirm.ts';
import { type Ending, type Ground, whyItFailed, wordsBefore } from './ground.ts';
import { unproven } from './problems.ts';
import type { Row } from './store.ts';
import type { Words } from './types.ts';

export interface Transferred {
  /** The board said OK. Else only its words can tell whether it stored the update. */
  readonly stored: boolean;
  readonly note?: string;
  /** How the transfer ended, where it did not end well. */
  readonly problem?: Problem;
  /** What the transfer showed; absent after a restart of the hub, which finds what was written down. */
  readonly events?: readonly Recorded[];
  readonly plan?: Plan;
}

/** Waits for the board that was sent all of an image, and ends the update. */
export async function afterwards(ground: Ground, row: Row, device: DeviceRow, transferred: Transferred): Promise<void> {
  const { store, closing, setting } = ground;
  const { stored, note, problem, plan } = transferred;
  const { name } = device;
  const restarting = { id: row.id, way: row.way as UpdateWay, to: 'restarting', note } as const;
  if (row.state !== 'restarting' && !(await store.step(restarting))) return;
  ground.begins(row.device);
  const { attempt, record } = continued(transferred.events ?? JSON.parse(row.transcript ?? '[]'), setting.world.clock);
  record({ kind: 'watching', by: ['datagram'] });
  const { verdict, words, after } = await saidAfterwards(ground, row, device, () => record({ kind: 'went-away' }));
  if (closing.signal.aborted) return;
  const said = words && wordsOf(words);
  const marks = await ground.marks(row.firmware);
  const build = verdict === 'new' && words ? provenBuild(words, marks) : said;
  if (after !== undefined) record({ kind: 'came-back', after, ...(verdict && build ? { proof: build } : {}) });

  const end = async (to: UpdateState, how: AttemptEnding, more: Ending = {}): Promise<void> => {
    record({ kind: 'ended', ending: how });
    const against = 'problem' in how ? how.problem : undefined;
    const { command = 'sketch' } = (await setting.firmwares.get(row.firmware)) ?? {};
    const showed = { attempt, delivery: { kind: 'stored' }, plan, command } as const;
    const diagnosis = against && stored ? await whyItFailed(ground, device, showed) : undefined;
    await ground.end(row, to, {
      build,
      transcript: attempt.events,
      ...(against ? { problem: against } : {}),
      ...(diagnosis ? { diagnosis } : {}),
      ...more,
    });
  };
  const failed = (why: Problem): AttemptEnding => ({ kind: 'failed', problem: why, acknowledged: row.total ?? 0 });

  if (verdict === 'new') return end('confirmed', { kind: 'confirmed', build: build ?? '' });
  if (!stored) return end('unknown', failed(verdict === undefined && problem ? problem : unproven(name, said)));
  if (verdict === 'old')
    return end('rolled-back', failed(oldBuild(name, said ?? 'what it ran before', marks.build ?? 'what was sent')));
  if (after === undefined) return end('unknown', { kind: 'not-back', problem: notBack(name) });
  return end('back-unproven', { kind: 'back' }, { note: unprovenNote(said) });
}

/** The transcript of an attempt that goes on. */
function continued(events: readonly Recorded[], clock: Clock) {
  const { attempt, record } = recorder(clock);
  const begun = events.filter(({ kind }) => kind !== 'ended');
  const offset = begun.at(-1)?.at ?? 0;
  const all = [...begun];
  return {
    attempt: { began: attempt.began - offset, events: all } satisfies Attempt,
    record(event: AttemptEvent): void {
      record(event);
      const { at, ...last } = attempt.events.at(-1)!;
      all.push({ ...last, at: millis(at + offset) });
    },
  };
}

const unprovenNote = (said: string | undefined): string =>
  said === undefined ? 'it is back and does not say what it runs' : `it is back and says that it runs ${said}`;

interface Said {
  readonly verdict: Verdict;
  readonly words: Words | undefined;
  /** When it came back; undefined: it did not. */
  readonly after: Millis | undefined;
}

async function saidAfterwards(ground: Ground, row: Row, device: DeviceRow, onAway: () => void): Promise<Said> {
  const { setting, spoken, patience, closing } = ground;
  const { world } = setting;
  const marks = await ground.marks(row.firmware);
  const before = wordsBefore(row);
  /** Words that it could say before it restarted are proof only afterwards. */
  const saysNews = verdictOf(before, marks, {}) !== 'new';
  const judge = (words: Words): Verdict => verdictOf(words, marks, before);
  let words = spoken.last(row.device);
  if (words && saysNews && judge(words) === 'new') return { verdict: 'new', words, after: millis(0) };

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
    onAway,
    closing.signal,
  );
  if (!returned) return { verdict: undefined, words, after: undefined };
  const { after } = returned;
  const proven = returned.build as Verdict;
  if (proven || !usuallySays(device, before)) return { verdict: proven, words, after };
  const later = await nextProof(ground, row.device, judge, patience.words);
  return { verdict: later && judge(later), words: later ?? words, after };
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
