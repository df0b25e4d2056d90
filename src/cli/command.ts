/** What a command is: words in, an ending out. It prints through the desk and never ends the process. */
import type { Problem } from '#values/index.ts';
import type { Desk } from './desk.ts';

/** 0 done; 1 the upload or the board failed, or it did not come back; 2 wrong usage, missing or unreadable file;
 *  3 refused because it could not have worked; 130 interrupted. */
export type Exit = 0 | 1 | 2 | 3 | 130;

export interface Ending {
  readonly exit: Exit;
  readonly problem?: Problem;
  /** Said to people after all else. */
  readonly epilogue?: () => void;
  /** More fields for the result line of --json. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface Setting {
  readonly desk: Desk;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
}

export const done: Ending = { exit: 0 };
export const interrupted: Ending = {
  exit: 130,
  problem: { code: 'interrupted', what: 'interrupted', why: 'you stopped it', fix: 'run it again when you like' },
};

export const usage = (
  what: string,
  fix: string,
  why = "the command line can't be carried out as it stands",
): Ending => ({
  exit: 2,
  problem: { code: 'wrong-usage', what, why, fix, blame: 'person' },
});
