/** whyota hub import. */
import { resolve } from 'node:path';
import { importLegacy } from '#hub/import.ts';
import { done, type Ending, type Setting } from './command.ts';
import { hubFolder } from './hub.ts';

export async function takeOver(
  [folder = '']: readonly string[],
  options: Readonly<Record<string, unknown>>,
  { desk }: Setting,
): Promise<Ending> {
  const imported = await importLegacy(resolve(folder), hubFolder(options), Date.now);
  if (!imported.ok) return { exit: imported.problem.blame === 'person' ? 2 : 1, problem: imported.problem };
  const { accounts, devices, known, left, unreadable } = imported.value;
  for (const { name, group, pins } of devices)
    desk.say(`${name === group ? name : `${name} (${group})`}: ${count(pins, 'pin')}`);
  desk.say(`${count(devices.length, 'device')} of ${count(accounts, 'account')} taken over`);
  if (known) desk.say(`${count(known, 'device')} were here already, and stay as they are`);
  if (left.length) desk.say('not carried over:');
  for (const { what, count: n } of left) desk.say(`  ${n} × ${what}`);
  desk.say('accounts and their passwords stay behind: this hub has its own');
  for (const file of unreadable)
    desk.note(`${file} is not a whole account and was left out; its copy may be in the folder backup`);
  if (devices.length) desk.note('the boards keep their tokens: give them this computer as their server');
  return { ...done, more: imported.value as unknown as Record<string, unknown> };
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
