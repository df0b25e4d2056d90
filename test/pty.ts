// A virtual board on one end of a real pair of pseudo terminals (socat); the other end is for the program. For tests and bench.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SerialPort } from '#machine/index.ts';
import { clock, realWorld, serialPorts } from '#node/index.ts';
import { type Board, type BoardOptions, VirtualLine, wiredBoard } from '#virtual/index.ts';

export interface Pair {
  /** The program's end. */
  readonly path: string;
  readonly boardEnd: string;
  stop(): void;
}

export async function openPair(): Promise<Pair> {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-pty-'));
  const [path, boardEnd] = [join(folder, 'program'), join(folder, 'board')];
  const socat = spawn('socat', [`pty,raw,echo=0,link=${path}`, `pty,raw,echo=0,link=${boardEnd}`], { stdio: 'ignore' });
  while (!existsSync(path) || !existsSync(boardEnd)) await new Promise((resolve) => setTimeout(resolve, 10));
  return {
    path,
    boardEnd,
    stop() {
      socat.kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export interface BoardOnPair {
  readonly board: Board;
  /** GPIO0 to ground or free, and a reset. */
  reset(gpio0: 'held' | 'free'): void;
  stop(): Promise<void>;
}

/** A board on a cable without control lines: like an ESP-01, it is reset by hand. It runs. */
export async function boardOn(pair: Pair, options: BoardOptions): Promise<BoardOnPair> {
  const wired = wiredBoard(options, realWorld());
  if (!wired.ok) throw new Error(wired.problem.what);
  const { board, chip } = wired.value;
  const line = new VirtualLine(chip, clock, { path: pair.path, reset: 'none', speedless: true });
  line.powerCycle();
  let host: SerialPort | undefined;
  const end = await serialPorts('linux').open(pair.boardEnd, 115_200, {
    data: (bytes) => void host?.write(bytes),
    closed() {},
  });
  if ('trouble' in end) throw new Error(end.detail);
  const opened = await line.open(115_200, { data: (bytes) => void end.write(bytes), closed() {} });
  if ('trouble' in opened) throw new Error(opened.detail);
  host = opened;
  return {
    board,
    reset(gpio0) {
      line.holdGpio0(gpio0 === 'held');
      line.pressReset();
    },
    async stop() {
      board.powerOff();
      await end.close();
    },
  };
}
