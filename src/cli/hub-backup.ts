/** whyota hub backup, whyota hub restore. */
import { resolve } from 'node:path';
import { type BackedUp, backUp, restore as putBack } from '#hub/backup.ts';
import { done, type Ending, type Setting } from './command.ts';
import { hubFolder } from './hub.ts';

type Options = Record<string, unknown>;

export async function backup([file = '']: readonly string[], options: Options, { desk }: Setting): Promise<Ending> {
  const made = await backUp(hubFolder(options), resolve(file));
  if (!made.ok) return { exit: made.problem.blame === 'person' ? 2 : 1, problem: made.problem };
  desk.say(`${file} has it all: ${contents(made.value)}`);
  desk.note('it contains the key to the passwords in it: keep it where nobody else reads');
  if (made.value.missing) desk.note(`${made.value.missing} firmware files are missing in the hub's own folder`);
  return { ...done, more: { file: resolve(file), ...made.value } };
}

export async function restore([file = '']: readonly string[], options: Options, { desk }: Setting): Promise<Ending> {
  const data = hubFolder(options);
  const back = await putBack(resolve(file), data);
  if (!back.ok) return { exit: back.problem.blame === 'person' ? 2 : 1, problem: back.problem };
  const { before, ...value } = back.value;
  desk.say(`put back into ${data}: ${contents(value)}`);
  if (before) desk.note(`what was there is in ${before}`);
  return { ...done, more: { data, ...back.value } };
}

const contents = ({ devices, firmwares }: BackedUp): string =>
  `${devices} ${devices === 1 ? 'device' : 'devices'}, ${firmwares} ${firmwares === 1 ? 'firmware' : 'firmwares'}`;
