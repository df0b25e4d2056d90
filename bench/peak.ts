// The largest resident size of a program, as the system accounts it, said by itself when it ends.
import { type ChildProcess, spawn } from 'node:child_process';

export interface Ran {
  readonly exit: number | null;
  readonly megabytes: number;
  readonly lastLine: string;
}

const ask = 'process.on("exit",()=>require("fs").writeSync(3,String(process.resourceUsage().maxRSS)))';
const hook = `data:text/javascript,import{createRequire}from"node:module";const require=createRequire("/");${encodeURIComponent(ask)}`;

/** Runs the words with this Node. `began` may look at what happens. */
export async function peakOf(
  words: readonly string[],
  home: string,
  began?: (child: ChildProcess) => void,
): Promise<Ran> {
  const child = spawn(process.execPath, ['--import', hook, ...words], {
    stdio: ['ignore', 'pipe', 'ignore', 'pipe'],
    env: { ...process.env, WHYOTA_HOME: home },
  });
  let peak = '';
  let out = '';
  child.stdio[3]!.on('data', (bytes: Buffer) => {
    peak += bytes;
  });
  child.stdout!.on('data', (bytes: Buffer) => {
    out = (out + bytes).slice(-10_000);
  });
  began?.(child);
  const exit = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exit, megabytes: Number(peak) / 1024, lastLine: out.trimEnd().split('\n').at(-1) ?? '' };
}
