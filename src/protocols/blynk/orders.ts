/** What the hub has to say to a device that is logged in: each order yields what is to be sent, or says why it can't be. */
import { libraryAtLeast } from './info.ts';
import { type PinValues, pinWriteFields } from './pins.ts';
import { none, ownId, respond, type ServerState, type ServerWish, send } from './server.ts';
import { command, printFrame } from './wire.ts';

/** Longest body for a device that has announced none. */
const longestUnannounced = 250;

/** Longest body that this device takes. */
const longestOf = ({ longest }: ServerState): number => longest ?? longestUnannounced;

function fitting(state: ServerState, bytes: Uint8Array): Uint8Array | undefined {
  return bytes.length - 5 <= longestOf(state) ? bytes : undefined;
}

/** Writes a pin at the device; 'too-long' for its buffer, 'not-there' before its login. A physical pin is made an output first. */
export function writePin(state: ServerState, write: PinValues): readonly ServerWish[] | 'too-long' | 'not-there' {
  if (state.phase !== 'in') return 'not-there';
  const bytes = fitting(state, printFrame(command.hardware, ownId(state), ...pinWriteFields(write)));
  if (!bytes) return 'too-long';
  const wishes: ServerWish[] = [];
  if (write.pin[0] !== 'V' && !state.modes?.has(write.pin)) {
    state.modes ??= new Set();
    state.modes.add(write.pin);
    wishes.push(send(printFrame(command.hardware, ownId(state), 'pm', write.pin.slice(1), 'out')));
  }
  wishes.push(send(bytes));
  return wishes;
}

/** Asks for the level of a physical pin (`D4`, `A0`): it comes as a write of the device. undefined: can't be asked. */
export function askPin(state: ServerState, pin: string): readonly ServerWish[] | undefined {
  if (state.phase !== 'in' || pin[0] === 'V') return undefined;
  return [send(printFrame(command.hardware, ownId(state), `${pin[0]!.toLowerCase()}r`, pin.slice(1)))];
}

/** A frame a pin, with the id of the question. */
export const answerSync = (state: ServerState, id: number, pins: readonly PinValues[]): readonly ServerWish[] =>
  state.phase !== 'in'
    ? none
    : pins.flatMap((pin) => {
        const bytes = fitting(state, printFrame(command.hardware, id, ...pinWriteFields(pin)));
        return bytes ? [send(bytes)] : [];
      });

/** `wall`: milliseconds since 1970; `offset`: minutes from UTC to local time; `zone`: its name, `Europe/Berlin`. */
export function answerClock(
  { id, key, name }: { readonly id: number; readonly key: string; readonly name: string },
  wall: number,
  offset: number,
  zone: string,
): readonly ServerWish[] {
  const local = wall + offset * 60_000;
  if (key === 'rtc') return [send(printFrame(command.internal, id, 'rtc', String(Math.floor(local / 1000))))];
  const values: Readonly<Record<string, readonly string[]>> = {
    time: [String(wall)],
    iso: [new Date(wall).toISOString()],
    tz: [String(offset), '0'],
    tz_name: [zone],
  };
  const value = values[name];
  return value ? [send(printFrame(command.internal, id, 'utc', name, ...value))] : none;
}

/** `code`: what stands in the way, `status.deviceNotInNetwork`. */
export const answerBridge = (id: number, code: number): readonly ServerWish[] => [respond(id, code)];

/** What another device wrote over its bridge. */
export function bridged(state: ServerState, fields: readonly string[]): readonly ServerWish[] {
  if (state.phase !== 'in') return none;
  const bytes = fitting(state, printFrame(command.bridge, ownId(state), ...fields));
  return bytes ? [send(bytes)] : none;
}

/** Whether internal messages may be sent: before 0.4.4 they cost the connection. */
const takesInternal = ({ phase, library }: ServerState): boolean => phase === 'in' && libraryAtLeast(library, '0.4.4');

/** Tells the device to fetch a firmware; undefined: its library does not know that. */
export function startOta(state: ServerState, url: string): readonly ServerWish[] | undefined {
  if (!takesInternal(state)) return undefined;
  const bytes = fitting(state, printFrame(command.internal, ownId(state), 'ota', url));
  return bytes && [send(bytes)];
}

/** Sends the device to another server, until it restarts. undefined: its library has no word for that, or no room for the name:
 *  before 1.0.1 it keeps 31 characters. */
export function redirect(state: ServerState, host: string, port: number): readonly ServerWish[] | undefined {
  const { phase, library } = state;
  const room = libraryAtLeast(library, '1.0.1') ? 63 : 31;
  if (phase !== 'in' || !libraryAtLeast(library, '0.4.0') || host.length > room) return undefined;
  return [send(printFrame(command.redirect, ownId(state), host, String(port)))];
}

/** Restarts a device that has Blynk.Edgent's console: sketches with a template, from 1.0 on. undefined: it has none. */
export function restart(state: ServerState): readonly ServerWish[] | undefined {
  if (!takesInternal(state) || !state.hasTemplate || !libraryAtLeast(state.library, '1.0.0')) return undefined;
  return [send(printFrame(command.internal, ownId(state), 'dbg', 'reboot'))];
}
