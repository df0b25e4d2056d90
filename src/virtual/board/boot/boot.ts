import type { Millis } from '#values/index.ts';
import type { Flash } from '../flash.ts';

/** Why the chip starts. */
export type ResetCause = 'power' | 'pin' | 'software' | 'watchdog';

/** What a boot loader ends with. */
export type Booted =
  /** `at` and `bytes`: where the program that runs lies in flash. */
  | { readonly runs: true; readonly at: number; readonly bytes: number }
  | {
      readonly runs: false;
      /** `serial-download`: waits in the ROM for a cable, until pins are sampled again. Else: bricked. */
      readonly why: 'serial-download' | 'no-boot-loader' | 'no-application' | 'crashes';
    };

/** A boot in steps: each step yields the time that it took, so that the power can go between any two of them. When it goes
 *  within one, `flash.powered` is false afterwards, and whoever steps must stop. */
export type Boot = Generator<Millis, Booted, void>;

/** What survives a reset and a loss of power besides the flash's own bytes. */
export interface Installed {
  /** Length of the file that was last put in place whole (its bytes need not tell: a signature may follow the image); 0
   *  when that was broken off. */
  bytes: number;
}

export interface BootParts {
  readonly flash: Flash;
  readonly installed: Installed;
  /** Text on the serial port. */
  readonly print: (text: string) => void;
}
