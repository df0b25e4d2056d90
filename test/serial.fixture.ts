// The cable of one test, taken away after it.
import { onTestFinished } from 'vitest';
import type { BoardOptions } from '#virtual/index.ts';
import { type BoardOnPair, boardOn, openPair, type Pair } from './pty.ts';

export async function ptyPair(): Promise<Pair> {
  const pair = await openPair();
  onTestFinished(() => pair.stop());
  return pair;
}

export async function boardOnPty(options: BoardOptions): Promise<Pair & BoardOnPair> {
  const pair = await ptyPair();
  const board = await boardOn(pair, options);
  onTestFinished(() => board.stop());
  return { ...pair, ...board };
}
