/** States and times in plain words. */
import type { Device, Firmware, Presence, UpdateState } from '#hub/contract/index.ts';

/** What the colour says: all is well, something happens, look at it, it is bad, nothing is known. */
export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'quiet';

export const presences: Readonly<Record<Presence, { readonly words: string; readonly tone: Tone }>> = {
  online: { words: 'Online', tone: 'good' },
  'not-answering': { words: 'Not answering', tone: 'warn' },
  offline: { words: 'Offline', tone: 'bad' },
  updating: { words: 'Updating', tone: 'busy' },
  unknown: { words: 'Not heard yet', tone: 'quiet' },
};

interface UpdateWords {
  readonly words: string;
  readonly tone: Tone;
  /** Nothing more will happen. */
  readonly over?: true;
}
const updateStates: Readonly<Record<UpdateState, UpdateWords>> = {
  queued: { words: 'Queued', tone: 'quiet' },
  waiting: { words: 'Waiting for the board', tone: 'quiet' },
  sending: { words: 'Sending', tone: 'busy' },
  stored: { words: 'Stored', tone: 'busy' },
  restarting: { words: 'Restarting', tone: 'busy' },
  confirmed: { words: 'Confirmed', tone: 'good', over: true },
  'back-unproven': { words: 'Back, version unknown', tone: 'good', over: true },
  failed: { words: 'Failed', tone: 'bad', over: true },
  unknown: { words: 'Outcome not known', tone: 'warn', over: true },
  'rolled-back': { words: 'Back with the old firmware', tone: 'bad', over: true },
  cancelled: { words: 'Cancelled', tone: 'quiet', over: true },
};

export const stateOf = (state: string): UpdateWords =>
  updateStates[state as UpdateState] ?? { words: state, tone: 'quiet' };

/** How a device is known. */
export const wayNames: Readonly<Record<Device['ways'][number], string>> = {
  blynk: 'Blynk',
  espota: 'Arduino OTA',
  pull: 'fetches updates',
  esphome: 'ESPHome',
  wled: 'WLED',
  tasmota: 'Tasmota',
  http: 'HTTP',
};

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** `just now`, `5 min ago`, `3 h ago`, `2 days ago`, then the date. */
export function ago(at: number, now: number): string {
  const past = Math.max(0, now - at);
  if (past < minute) return 'just now';
  if (past < hour) return `${Math.floor(past / minute)} min ago`;
  if (past < day) return `${Math.floor(past / hour)} h ago`;
  if (past < 2 * day) return 'yesterday';
  if (past < 30 * day) return `${Math.floor(past / day)} days ago`;
  return new Date(at).toLocaleDateString();
}

export const exactly = (at: number): string => new Date(at).toLocaleString();

/** A sentence: first letter large, full stop. */
export const sentence = (text: string): string => {
  const whole = text.trim();
  return `${whole.charAt(0).toUpperCase()}${whole.slice(1)}${/[.!?…:]$/.test(whole) ? '' : '.'}`;
};

export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

/** Where boards find this hub, as a sketch's Blynk.begin takes it. */
export const serverWords = (): string => {
  const { hostname, port } = location;
  // A board's own localhost is another.
  const host = /^(?:localhost|127\.|\[::1\])/.test(hostname) ? 'address-of-this-computer' : hostname;
  return `"${host}", ${port || '8080'}`;
};

/** What it runs, as short as it can be said. */
export const runs = ({ firmware, build }: Pick<Device, 'firmware' | 'build'>): string | undefined =>
  firmware && build && !firmware.includes(build) ? `${firmware} ${build}` : (firmware ?? build);

/** A file of the library. */
export const fileWords = ({ name, version }: Pick<Firmware, 'name' | 'version'>): string =>
  [name, version].filter(Boolean).join(' ');

/** `5c:cf:7f:0a:1b:2c`, however it was written. */
export const macWords = (mac: string): string =>
  (mac.toLowerCase().match(/[0-9a-f]/g) ?? []).join('').match(/../g)?.join(':') ?? mac;
