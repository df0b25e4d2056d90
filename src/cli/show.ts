/** A transcript as it happens, in words: lines and a bar for people, every event for programs. */
import type { AttemptEnding, AttemptEvent, Recorded } from '#transcript/index.ts';
import { formatDuration, formatNumber } from '#values/index.ts';
import { type Ending, interrupted } from './command.ts';
import { type Desk, plain } from './desk.ts';

/** Watches one attempt. `label` stands before each line where several boards are flashed at once. */
export function showAttempt(desk: Desk, board: string, several: boolean): (event: Recorded) => void {
  const label = several ? `${board}: ` : '';
  return (event) => {
    desk.event(asJson(board, event));
    if (event.kind === 'acknowledged') {
      if (!several)
        desk.progress(
          'sending',
          event.bytes / event.total,
          `${formatNumber(event.bytes)} of ${formatNumber(event.total)}`,
        );
      return;
    }
    if (event.kind === 'warned') desk.warn(event.problem);
    const told = sentence(board, event);
    if (told) desk.note(label + told);
    else if (event.kind !== 'ended' && event.kind !== 'warned')
      desk.detail(`${label}${formatDuration(event.at)}  ${detail(event)}`);
  };
}

/** What is worth a line to everybody. */
function sentence(board: string, event: AttemptEvent): string | undefined {
  switch (event.kind) {
    case 'identified':
      return `${event.what}, ${formatNumber(event.bytes)} bytes${event.compressed ? ' compressed' : ''}`;
    case 'resolved':
      return event.via === 'address' && board === event.address
        ? undefined
        : `${board} is ${event.address}:${event.port}${event.via === 'address' ? '' : `, known by ${viaInWords[event.via]}`}`;
    case 'checked':
      return event.verdict === 'unknown' ? undefined : event.because;
    case 'invited':
      return event.purpose === 'again' ? 'no call yet, asking once more' : undefined;
    case 'stranger':
      return `turned away a caller that is not the board: ${event.address}`;
    case 'verdict':
      return event.good ? 'the board has it and says OK' : undefined;
    case 'watching':
      return `waiting for ${board} to come back`;
    case 'came-back':
      return `back after ${formatDuration(event.after)}`;
    default:
      return undefined;
  }
}

const viaInWords = { mdns: 'mDNS', dns: 'DNS', memory: 'an earlier upload' } as const;

/** With --verbose: everything else, in few words. */
function detail(event: AttemptEvent): string {
  const { kind, ...rest } = event;
  const words = Object.entries(rest)
    .filter(([name, value]) => name !== 'at' && typeof value !== 'object')
    .map(([name, value]) => `${name}=${String(value)}`);
  return [kind, ...words].join(' ');
}

const asJson = (board: string, { kind, ...rest }: Recorded): { type: string } & Record<string, unknown> => ({
  type: kind === 'acknowledged' ? 'progress' : kind,
  board,
  ...rest,
});

/** The last line on one board. */
function endingLine(desk: Desk, board: string, ending: AttemptEnding): string {
  switch (ending.kind) {
    case 'confirmed':
      return desk.paint('green', `${board} is back and runs ${ending.build}`);
    case 'back':
      return `${desk.paint('green', `${board} is back`)}; which version it runs it can't say`;
    case 'stored':
      return `${board} has stored the update`;
    case 'could-work':
      return desk.paint('green', `nothing was sent: ${board} would take this update`);
    case 'interrupted':
      return `${board}: interrupted`;
    case 'not-back':
    case 'failed':
    case 'refused':
      return desk.paint('red', `${board}: ${ending.problem.what}`);
  }
}

/** An ending as JSON fields. */
const endingFields = (ending: AttemptEnding): Record<string, unknown> => ({
  ending: ending.kind,
  ...('build' in ending ? { build: ending.build } : {}),
  ...('acknowledged' in ending ? { acknowledged: ending.acknowledged } : {}),
  ...('problem' in ending ? plain(ending.problem) : {}),
});

/** The ending of one board among the lines: programs get it always, people where there is no error to follow. */
export function tellEnding(desk: Desk, board: string, ending: AttemptEnding): void {
  desk.event({ type: 'ending', board, ...endingFields(ending) });
  if (ending.kind !== 'failed' && ending.kind !== 'refused' && ending.kind !== 'not-back')
    desk.say(endingLine(desk, board, ending));
}

/** An ending as the command's own. */
export function endingOf(ending: AttemptEnding, board: string): Ending {
  const more = { board, ...endingFields(ending) };
  switch (ending.kind) {
    case 'failed':
    case 'not-back':
      return { exit: 1, problem: ending.problem, more };
    case 'refused':
      return { exit: 3, problem: ending.problem, more };
    case 'interrupted':
      return { ...interrupted, more };
    default:
      return { exit: 0, more };
  }
}
