import { spawn } from 'node:child_process';
import type { Commands } from '#machine/index.ts';

/** More output than this is cut. */
const mostOutput = 1024 * 1024;

/** Programs of this machine, in plain English whatever its language. Undefined: it is not there, or took too long. */
export const commands: Commands = {
  run: (program, words, { timeout, input }) =>
    new Promise((resolve) => {
      const child = spawn(program, words, {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...process.env, LC_ALL: 'C', LANG: 'C' },
        windowsHide: true,
      });
      const out = gather(child.stdout);
      const err = gather(child.stderr);
      const end = (exit: number | undefined): void => {
        clearTimeout(timer);
        resolve(exit === undefined ? undefined : { exit, out: out(), err: err() });
      };
      // What the program has started may hold its output open for ever: nobody waits for that.
      const timer = setTimeout(() => {
        child.kill('SIGKILL');
        for (const stream of [child.stdout, child.stderr]) stream.destroy();
        end(undefined);
      }, timeout);
      child.once('error', () => end(undefined));
      child.once('close', (exit) => end(exit ?? undefined));
      child.stdin.on('error', () => {});
      child.stdin.end(input ?? '');
    }),
};

function gather(stream: NodeJS.ReadableStream): () => string {
  const parts: Buffer[] = [];
  let size = 0;
  stream.on('data', (part: Buffer) => {
    if (size < mostOutput) parts.push(part.subarray(0, mostOutput - size));
    size += part.length;
  });
  return () => Buffer.concat(parts).toString('utf8');
}
