/** The words of every command, in the order of the help. Only the group of the command that is asked for is loaded and
 *  described; help, and a word that is no command, take all. A new command goes into the group it belongs to. What the
 *  IDEs and people wait for most, flash, comes without loading one more file. */
import type { Describe } from './describe.ts';
import * as flash from './flash.ts';

interface Group {
  readonly commands: readonly string[];
  readonly load: () => Promise<{ readonly describe: Describe }>;
}

const groups: readonly Group[] = [
  { commands: ['flash'], load: async () => flash },
  { commands: ['find', 'history', 'forget', 'password'], load: () => import('./boards.ts') },
  { commands: ['inspect', 'doctor', 'sketch', 'explain'], load: () => import('./why.ts') },
  { commands: ['serve'], load: () => import('./serve.ts') },
  { commands: ['hub'], load: () => import('./hub.ts') },
  { commands: ['login'], load: () => import('./login.ts') },
  { commands: ['serial'], load: () => import('./serial.ts') },
  { commands: ['install', 'uninstall', 'espota', 'discovery'], load: () => import('./tools.ts') },
  { commands: ['sim', 'demo'], load: () => import('./virtual.ts') },
];

/** What describes the commands that this command line can mean. The program's own options take no values, so the first word
 *  that is none of them is the command. */
export async function describersFor(words: readonly string[]): Promise<readonly Describe[]> {
  const asked = words.find((word) => !word.startsWith('-'));
  const own = groups.filter(({ commands }) => asked !== undefined && commands.includes(asked));
  const loaded = await Promise.all((own.length ? own : groups).map(({ load }) => load()));
  return loaded.map(({ describe }) => describe);
}
