/** Which state of an update may follow which: one machine for all ways, and what a hub that was killed goes on with. Pure. */
import { type UpdateState, type UpdateWay, updateEnds } from '../contract/index.ts';

type Table = Readonly<Record<UpdateState, readonly UpdateState[]>>;

/** An end that only says "nobody knows" gives way to the board's own words, whenever they come. */
const lateProof: Pick<Table, 'confirmed' | 'back-unproven' | 'failed' | 'unknown' | 'rolled-back' | 'cancelled'> = {
  confirmed: [],
  'back-unproven': ['confirmed', 'rolled-back'],
  unknown: ['confirmed'],
  failed: [],
  'rolled-back': [],
  cancelled: [],
};

const push: Table = {
  queued: ['waiting', 'sending', 'failed', 'cancelled'],
  waiting: ['queued', 'sending', 'failed', 'cancelled'],
  // `restarting` without `stored`: all bytes are out and the board's OK was not heard; what it says when it is back decides.
  sending: ['queued', 'waiting', 'stored', 'restarting', 'failed', 'cancelled'],
  stored: ['restarting'],
  restarting: ['confirmed', 'back-unproven', 'rolled-back', 'failed', 'unknown'],
  ...lateProof,
};

/** A board that fetches its update says neither "stored" nor how far it is: it restarts, and asks again. */
const fetched: Table = {
  queued: ['waiting', 'failed', 'cancelled'],
  waiting: ['sending', 'confirmed', 'failed', 'cancelled'],
  sending: ['waiting', 'restarting', 'confirmed', 'failed', 'cancelled'],
  stored: [],
  restarting: ['waiting', 'confirmed', 'back-unproven', 'failed', 'unknown', 'cancelled'],
  ...lateProof,
};

const tables: Readonly<Record<UpdateWay, Table>> = { push, pull: fetched, blynk: fetched };

export const mayFollow = (way: UpdateWay, from: UpdateState, to: UpdateState): boolean =>
  tables[way][from].includes(to);

export const isEnd = (state: UpdateState): boolean => updateEnds.includes(state);

/** What a hub that finds an update in this state at its start must do. `allSent`: the last bytes were let go, so that the
 *  board may have stored it, whoever heard of that. */
export type Resumption =
  /** It stands as it stood. */
  | { readonly go: 'on' }
  /** The board never had all of it, so it can't have stored it: it is sent anew. */
  | { readonly go: 'again'; readonly state: 'queued' | 'waiting'; readonly note: string }
  /** Only the board can say. */
  | { readonly go: 'ask'; readonly note: string };

export function resumption(way: UpdateWay, state: UpdateState, allSent: boolean): Resumption {
  if (state === 'sending' && !allSent)
    return {
      go: 'again',
      state: way === 'push' ? 'queued' : 'waiting',
      note: 'the hub stopped before the board had all of it',
    };
  if (state === 'sending')
    return { go: 'ask', note: 'the hub stopped when the board had all of it, before it said whether it was stored' };
  if (state === 'stored' || (state === 'restarting' && way === 'push'))
    return { go: 'ask', note: 'the hub stopped while the board restarted' };
  return { go: 'on' };
}
