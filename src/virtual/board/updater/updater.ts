import type { Command, DeviceError } from '#protocols/espota/events.ts';

/** `crash`: the program died in the middle of it (the chip resets). */
export type Outcome = DeviceError | 'crash' | undefined;

/** A core's Update class over real flash bytes. undefined means that it went well. */
export interface Updater {
  begin(command: Command, size: number, md5: string): Outcome;
  write(bytes: Uint8Array): Outcome;
  /** Update.end(): checks what was stored and makes it what runs next. */
  finish(): Outcome;
}

export const failed = (kind: DeviceError['kind'], values?: DeviceError['values']): DeviceError =>
  values ? { kind, values } : { kind };
