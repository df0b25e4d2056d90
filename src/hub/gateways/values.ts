/** Pins and values in the words of scripts. */
import type { Pins } from '../pins.ts';
import type { Written } from './types.ts';

/** What a device may write in one go is far less. */
const longestValue = 1024;
const mostValues = 32;
/** Clocks of devices are not to the second. */
const day = 86_400_000;
const pinWord = /^([dav])(25[0-5]|2[0-4]\d|1?\d?\d)$/i;

/** `v5` as `V5`; undefined: that is no pin. */
export function pinOf(word: string | undefined): string | undefined {
  const [, kind, number] = pinWord.exec(word ?? '') ?? [];
  return kind && `${kind.toUpperCase()}${Number(number)}`;
}

/** One value or several; undefined: none, or more than a pin holds. */
export function valuesOf(said: unknown): string[] | undefined {
  const values = (Array.isArray(said) ? said : [said]).map((value) =>
    typeof value === 'number' ? String(value) : value,
  );
  const good =
    values.length > 0 &&
    values.length <= mostValues &&
    values.every((value) => typeof value === 'string' && value.length <= longestValue);
  return good ? values : undefined;
}

/** Keeps a value and sends it to the device, where that is there. False: it has no room for it, and nothing is kept. */
export function put(
  { pins, write }: { pins: Pins; write(device: string, pin: string, values: readonly string[]): Written },
  device: string,
  pin: string,
  values: readonly string[],
): boolean {
  if (write(device, pin, values) === 'too-long') return false;
  pins.set(device, pin, values);
  return true;
}

/** Values of former times: `[milliseconds, number]` each. undefined: something else is among them, or a time to come. */
export function samplesOf(
  said: readonly (readonly [unknown, unknown])[],
  now: number,
): { at: number; value: number }[] | undefined {
  const samples = said.map(([at, value]) => ({ at: Number(at), value: Number(value) }));
  const good = samples.every(
    ({ at, value }) => Number.isSafeInteger(at) && at > 0 && at <= now + day && Number.isFinite(value),
  );
  return good ? samples : undefined;
}
