/** Virtual boards on this machine's own loopback addresses. */
import { millis, type Result, seconds } from '#values/index.ts';
import { type Board, type BoardOptions, createBoard } from '#virtual/index.ts';
import { hostWorld } from './world.ts';

export interface Fleet {
  readonly boards: readonly Board[];
  /** Ends all of them. */
  stop(): void;
}

/** What a board said or did since the last look. */
export type BoardNews =
  | { readonly kind: 'serial'; readonly board: Board; readonly line: string }
  | { readonly kind: 'restarted'; readonly board: Board };

/** Starts one board after the other; the first that can't start ends all. */
export async function startBoards(options: readonly BoardOptions[]): Promise<Result<Fleet>> {
  const boards: Board[] = [];
  const stop = (): void => {
    for (const board of boards) board.powerOff();
  };
  for (const one of options) {
    const made = createBoard(one, hostWorld());
    if (!made.ok) {
      stop();
      return made;
    }
    const trouble = await made.value.start();
    boards.push(made.value);
    if (trouble) {
      stop();
      const place = `${one.address}:${made.value.port}`;
      return {
        ok: false,
        problem: {
          code: trouble.kind === 'in-use' ? 'port-in-use' : 'address-not-usable',
          what: `a virtual board can't be put on ${place}`,
          why:
            trouble.kind === 'in-use'
              ? 'another program on this computer uses that UDP port'
              : `the system does not give that address (${trouble.detail})`,
          fix: 'choose another with --address or --port; macOS knows only 127.0.0.1 until others are added to lo0',
        },
      };
    }
  }
  return { ok: true, value: { boards, stop } };
}

const lookEvery = millis(50);

/** Tells what the boards do until the signal. */
export async function watchBoards(
  boards: readonly Board[],
  tell: (news: BoardNews) => void,
  signal: AbortSignal,
): Promise<void> {
  const seen = boards.map((board) => ({ board, texts: 0, rest: '', running: board.state === 'running' }));
  while (!signal.aborted) {
    await hostWorld().clock.sleep(lookEvery, 'news of virtual boards', signal);
    for (const one of seen) {
      const { board } = one;
      const lines = (
        one.rest +
        board.serial
          .slice(one.texts)
          .map(({ text }) => text)
          .join('')
      ).split(/\r?\n/);
      one.texts = board.serial.length;
      one.rest = lines.pop() ?? '';
      for (const line of lines) if (line.trim()) tell({ kind: 'serial', board, line });
      const running = board.state === 'running';
      if (running && !one.running) tell({ kind: 'restarted', board });
      one.running = running;
    }
  }
}

/** The address `count` after this one, within the loopback network. */
export function addressAfter(first: string, count: number): string | undefined {
  const parts = first.split('.').map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255))
    return undefined;
  const whole = parts.reduce((sum, part) => sum * 256 + part, 0) + count;
  return [24, 16, 8, 0].map((shift) => Math.floor(whole / 2 ** shift) % 256).join('.');
}

export const blocksOf = (words: string | undefined): BoardOptions['sketch'] =>
  words === undefined
    ? {}
    : { blocks: [{ at: millis(0), lasts: words === 'ever' ? 'for-ever' : seconds(Number(words)) }] };
