/** whyota history and whyota forget: what is remembered of boards. */
import type { AttemptEnding } from '#transcript/index.ts';
import { formatBytes } from '#values/index.ts';
import { done, type Ending, type Setting, usage } from './command.ts';
import { hostMemory } from './host.ts';

export async function history(
  words: readonly string[],
  _options: Record<string, unknown>,
  { desk }: Setting,
): Promise<Ending> {
  const [target] = words;
  const memory = hostMemory();
  if (!target) {
    const boards = await memory.all();
    for (const board of boards) {
      const last = board.attempts.at(-1);
      desk.say(
        `${board.name}  ${board.address}  ${board.attempts.length} attempts${last ? `, last ${when(last.began)}: ${inWords(last.ending)}` : ''}`,
      );
      desk.event({ type: 'board', ...board, attempts: board.attempts.length });
    }
    if (!boards.length) desk.note('nothing was sent from here yet');
    return done;
  }
  const board = (await memory.find({ name: target })) ?? (await memory.find({ address: target }));
  if (!board) return usage(`nothing is remembered of ${target}`, '`whyota history` lists the boards');
  desk.say(`${board.name}  ${board.address}:${board.port}${board.mac ? `  ${board.mac}` : ''}`);
  for (const attempt of board.attempts) {
    desk.say(`  ${when(attempt.began)}  ${attempt.file}  ${formatBytes(attempt.bytes)}  ${inWords(attempt.ending)}`);
    if (desk.verbose)
      for (const event of attempt.events) desk.say(`      ${(event.at / 1000).toFixed(3).padStart(8)}  ${event.kind}`);
    desk.event({ type: 'attempt', board: board.name, ...attempt });
  }
  return done;
}

export async function forget(
  words: readonly string[],
  _options: Record<string, unknown>,
  { desk }: Setting,
): Promise<Ending> {
  const [target = ''] = words;
  if (!(await hostMemory().forget(target)))
    return usage(`nothing is remembered of ${target}`, '`whyota history` lists the boards');
  desk.note(`forgot ${target}`);
  return done;
}

const when = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');

export function inWords(ending: AttemptEnding): string {
  switch (ending.kind) {
    case 'confirmed':
      return `back, runs ${ending.build}`;
    case 'back':
      return 'back, version unknown';
    case 'stored':
      return 'stored, not waited for';
    case 'could-work':
      return 'dry run, could work';
    case 'not-back':
    case 'failed':
    case 'refused':
      return `${ending.kind === 'not-back' ? 'not back' : ending.kind}: ${ending.problem.what}`;
    case 'interrupted':
      return 'interrupted';
  }
}
