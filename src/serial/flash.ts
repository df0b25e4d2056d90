/** The whole of a first flash over the cable: who is there, is the file for it, write, verify, reset. */
import type { Problem, Result } from '#values/index.ts';
import { type BootLoader, type Cable, type ConnectOptions, connect, type FlashStep, type Found } from './flasher.ts';
import { type Plan, plan, type ToFlash } from './plan.ts';

export type FlashingStep =
  | FlashStep
  /** What will be written where, before the first byte is. */
  | {
      readonly kind: 'planned';
      readonly what: string;
      readonly pieces: readonly { readonly at: number; readonly bytes: number }[];
      readonly notes: readonly string[];
    };

export interface FlashOptions extends Omit<ConnectOptions, 'on'> {
  /** Erase the whole chip first: settings, files and Wi-Fi names are gone too. */
  readonly eraseAll?: boolean;
  readonly on?: (step: FlashingStep) => void;
}

export interface FlashedByCable {
  readonly found: Found;
  readonly plan: Plan;
}

/** Flashes this file to the board on this port. Afterwards the board was reset by RTS, where that is wired; one that is not
 *  stays in its boot loader until somebody resets it. */
export async function flashByCable(
  cable: Cable,
  wish: ToFlash,
  options: FlashOptions,
): Promise<Result<FlashedByCable>> {
  const connected = await connect(cable, options);
  if (!connected.ok) return connected;
  const board = connected.value;
  const failed = await carryOut(board, wish, options);
  await (failed.ok ? board.leave() : board.close());
  return failed;
}

async function carryOut(board: BootLoader, wish: ToFlash, options: FlashOptions): Promise<Result<FlashedByCable>> {
  const planned = await plan(wish, board);
  if (!planned.ok) return planned;
  const { what, pieces, notes } = planned.value;
  options.on?.({ kind: 'planned', what, notes, pieces: pieces.map(({ at, bytes }) => ({ at, bytes: bytes.length })) });
  const problem = (options.eraseAll && problemOf(await board.eraseAll())) || problemOf(await board.write(pieces));
  return problem ? { ok: false, problem } : { ok: true, value: { found: board.found, plan: planned.value } };
}

const problemOf = (result: Result<unknown>): Problem | undefined => (result.ok ? undefined : result.problem);
