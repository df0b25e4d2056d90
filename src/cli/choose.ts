/** No --to: on a terminal the person chooses; otherwise it must be clear which board is meant. */
import { find } from '#discovery/index.ts';
import { seconds } from '#values/index.ts';
import { type Ending, interrupted, type Setting, usage } from './command.ts';
import { hostWorld } from './world.ts';

export async function chooseBoard({ desk, signal }: Setting): Promise<readonly string[] | Ending> {
  desk.note('no --to: looking for boards');
  const devices = (await find(hostWorld(), { time: seconds(3), signal })).filter((device) => device.flashable);
  if (signal.aborted) return interrupted;
  const places = devices.map(({ name, addresses, port }) => ({
    name,
    place: `${addresses[0]}${port ? `:${port}` : ''}`,
  }));
  if (places.length === 0)
    return usage(
      'no board was found on this network',
      'name it: --to <name or address>',
      'no board announces itself over mDNS',
    );
  if (desk.interactive) {
    const { select, isCancel } = await import('@clack/prompts');
    const answer = await select({
      message: 'Which board?',
      options: places.map(({ name, place }) => ({ value: place, label: name, hint: place })),
    });
    return isCancel(answer) ? interrupted : [String(answer)];
  }
  if (places.length === 1) return [places[0]!.place];
  const ending = usage(
    `${places.length} boards were found, and it is not said which one is meant`,
    'name one with --to, or several by repeating it',
  );
  const details = places.map(({ name, place }) => `${name}  ${place}`);
  return { ...ending, problem: { ...ending.problem!, details }, more: { boards: places } };
}
