/** Runs the command line as a person does: a process of its own, real sockets on loopback, a home of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export interface Ran {
  readonly exit: number | null;
  readonly out: string;
  readonly err: string;
  /** The lines of stdout, parsed: only with --json. */
  readonly json: readonly Record<string, unknown>[];
  readonly result: Record<string, unknown>;
}

export const program = ['src/cli/main.ts'];

export function home(): string {
  const folder = mkdtempSync(join(tmpdir(), 'whyota-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ran>;
  /** Resolves when a line of stdout satisfies. */
  line(wanted: (line: string) => boolean): Promise<string>;
}

export function start(
  words: readonly string[],
  options: { env?: Record<string, string>; input?: string; node?: string; program?: readonly string[]; user?: number } = {},
): Running {
  const child = spawn(options.node ?? process.execPath, [...(options.program ?? program), ...words], {
    env: { PATH: process.env['PATH'], ...options.env },
    stdio: 'pipe',
    ...(options.user === undefined ? {} : { uid: options.user, gid: options.user }),
  });
  let out = '';
  let err = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (bytes) => {
    out += bytes;
    for (const look of waiting) look();
  });
  child.stderr.on('data', (bytes) => {
    err += bytes;
  });
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<Ran>((resolve) => {
    child.on('close', (exit) => {
      const json = words.includes('--json') ? parsed(out) : [];
      resolve({ exit, out, err, json, result: json.at(-1) ?? {} });
      for (const look of waiting) look();
    });
  });
  return {
    child,
    ended,
    line: (wanted) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = out.split('\n').slice(0, -1).find(wanted);
          if (found !== undefined) resolve(found);
          else if (child.exitCode !== null) reject(new Error(`ended (${child.exitCode}) without that line:\n${out}${err}`));
          else return;
          waiting.delete(look);
        };
        waiting.add(look);
        look();
      }),
  };
}

export const whyota = (words: readonly string[], options: Parameters<typeof start>[1] = {}): Promise<Ran> =>
  start(words, options).ended;

/** Starts one virtual board; resolves when it is ready. */
export async function virtualBoard(words: readonly string[] = []): Promise<{ name: string; address: string; port: number; running: Running }> {
  const running = start(['sim', '--json', '--boot-time', '0.2', '--sector-time', '0', ...words]);
  const ready = JSON.parse(await running.line((line) => line.includes('"ready"'))) as { name: string; address: string; port: number };
  return { ...ready, running };
}

function parsed(out: string): Record<string, unknown>[] {
  return out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as Record<string, unknown>;
      } catch {
        throw new Error(`not a JSON line on stdout: ${line}`);
      }
    });
}
