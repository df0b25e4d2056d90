/** Where a command's words go. Data to stdout, the rest to stderr; with --json, one JSON object a line on stdout and nothing
 *  else there. A person at a terminal gets colours and a moving bar; a pipe gets plain lines. */
import type { Problem } from '#values/index.ts';

export interface DeskOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** undefined: as the terminal and NO_COLOR say. */
  readonly color?: boolean | undefined;
}

export type Paint = 'red' | 'yellow' | 'green' | 'cyan' | 'bold' | 'dim';

export interface Desk extends DeskOptions {
  /** Somebody sits at a terminal and can be asked. */
  readonly interactive: boolean;
  /** Columns to draw in. */
  readonly width: number;
  /** An answer, for people: stdout. */
  say(line?: string): void;
  /** What happens meanwhile, for people: stderr; silent with --quiet. */
  note(line: string): void;
  /** Only with --verbose. */
  detail(line: string): void;
  /** For programs: a JSON line, silent without --json. */
  event(event: { readonly type: string } & Readonly<Record<string, unknown>>): void;
  warn(problem: Problem): void;
  /** The last word on a failure. */
  fail(problem: Problem): void;
  /** A line that replaces the one before it on a terminal, and every tenth of the way a line of its own in a pipe. */
  progress(label: string, share: number, after: string): void;
  endProgress(): void;
  paint(paint: Paint, words: string): string;
}

const codes: Record<Paint, readonly [number, number]> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  cyan: [36, 39],
  bold: [1, 22],
  dim: [2, 22],
};

export function openDesk(options: DeskOptions): Desk {
  const { json, quiet } = options;
  // Who reads may stop reading (`| head`); the work goes on.
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  const terminal = process.stderr.isTTY === true;
  const color = options.color ?? (!process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb' && terminal);
  const paint = (name: Paint, words: string): string => {
    const [on, off] = codes[name];
    return color ? `\x1b[${on}m${words}\x1b[${off}m` : words;
  };
  let bar = false;
  const tenths = new Map<string, number>();

  const toStderr = (line: string): void => {
    if (bar) process.stderr.write('\r\x1b[K');
    bar = false;
    process.stderr.write(`${line}\n`);
  };
  const problemLines = (head: string, problem: Problem): void => {
    toStderr(`${head} ${problem.what}`);
    toStderr(`  ${paint('bold', 'why:')} ${problem.why}`);
    for (const line of problem.details ?? []) toStderr(`       ${line}`);
    toStderr(`  ${paint('bold', 'fix:')} ${problem.fix}`);
  };

  return {
    ...options,
    interactive: terminal && process.stdin.isTTY === true && !json,
    width: Math.max(40, Math.min(process.stderr.columns ?? 100, 120)),
    paint,
    say(line = '') {
      if (json) return;
      if (bar) this.endProgress();
      process.stdout.write(`${line}\n`);
    },
    note(line) {
      if (!json && !quiet) toStderr(line);
    },
    detail(line) {
      if (!json && options.verbose) toStderr(paint('dim', line));
    },
    event(event) {
      if (json) process.stdout.write(`${JSON.stringify(event)}\n`);
    },
    warn(problem) {
      if (json) this.event({ type: 'warning', ...plain(problem) });
      else if (!quiet) problemLines(paint('yellow', 'warning:'), problem);
    },
    fail(problem) {
      if (json) return;
      problemLines(paint('red', 'error:'), problem);
      toStderr(`  ${paint('dim', `code: ${problem.code}`)}`);
    },
    progress(label, share, after) {
      if (json || quiet) return;
      const percent = Math.floor(share * 100);
      if (terminal) {
        const width = Math.max(10, Math.min(30, this.width - label.length - after.length - 12));
        const full = Math.round(share * width);
        const drawn = `${'█'.repeat(full)}${'░'.repeat(width - full)}`;
        process.stderr.write(`\r\x1b[K${label} ${paint('cyan', drawn)} ${String(percent).padStart(3)} % ${after}`);
        bar = true;
      } else if (Math.floor(percent / 10) > (tenths.get(label) ?? -1)) {
        tenths.set(label, Math.floor(percent / 10));
        process.stderr.write(`${label} ${percent} % ${after}\n`);
      }
    },
    endProgress() {
      if (bar) process.stderr.write('\n');
      bar = false;
      tenths.clear();
    },
  };
}

/** A problem as JSON fields. */
export const plain = ({ code, what, why, fix, details }: Problem): Record<string, unknown> => ({
  code,
  what,
  why,
  fix,
  ...(details?.length ? { details } : {}),
});
