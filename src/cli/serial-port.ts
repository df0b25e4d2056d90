/** Which serial port is meant. */
import type { SerialPortInfo, SerialPorts } from '#machine/index.ts';
import { environment, serialPorts } from '#node/index.ts';
import { type Cable, portProblem } from '#serial/index.ts';
import { type Ending, interrupted, type Setting } from './command.ts';
import { hostWorld } from './world.ts';

export const hostPorts = (): SerialPorts => serialPorts(environment.os);

/** Adapters and chips that boards come with (USB ids of their makers). */
const adapters: Readonly<Record<string, string>> = {
  '10c4:ea60': 'CP210x',
  '1a86:7523': 'CH340',
  '1a86:55d4': 'CH9102',
  '0403:6001': 'FT232R',
  '303a:1001': 'Espressif chip, its own USB',
  '2e8a:000a': 'Pico, its sketch',
  '2e8a:0003': 'Pico, its boot loader',
};

/** What is behind a port, as far as USB says. */
export const behind = ({ vendor, product, maker }: SerialPortInfo): string =>
  (vendor && product && adapters[`${vendor}:${product}`]) ??
  maker ??
  (vendor ? 'USB adapter' : 'a port of this computer');

/** The ports that the words mean: by path, the adapter's serial number, or where it is plugged in; without words, the USB
 *  adapters there are. A path that is not in the list is meant all the same. */
export function meantPorts(ports: readonly SerialPortInfo[], asked?: string): readonly SerialPortInfo[] {
  if (asked === undefined) return ports.filter(({ vendor }) => vendor !== undefined);
  const meant = ports.filter(({ path, serial, location }) => [path, serial, location].includes(asked));
  return meant.length ? meant : [{ path: asked }];
}

/** One port; at a terminal the person is asked where several are meant. */
export async function choosePort(word: unknown, { desk }: Setting): Promise<Cable | Ending> {
  const ports = hostPorts();
  const { clock } = hostWorld();
  const asked = typeof word === 'string' ? word : undefined;
  const listed = await ports.list();
  if ('trouble' in listed && asked === undefined)
    return { exit: 2, problem: portProblem('the list of ports', listed, environment.os) };
  const all = 'trouble' in listed ? [] : listed;
  const [first, ...more] = meantPorts(all, asked);
  if (!first) return { exit: 2, problem: noPort(all) };
  if (more.length === 0) {
    if (asked === undefined) desk.note(`${first.path}: ${behind(first)}`);
    return { ports, clock, info: first };
  }
  if (!desk.interactive) return whichPort([first, ...more]);
  const { select, isCancel } = await import('@clack/prompts');
  const info = await select({
    message: 'Which port?',
    options: [first, ...more].map((value) => ({ value, label: value.path, hint: describePort(value) })),
  });
  return isCancel(info) ? interrupted : { ports, clock, info };
}

const describePort = (info: SerialPortInfo): string =>
  [behind(info), info.serial && `serial number ${info.serial}`, info.location && `at ${info.location}`]
    .filter(Boolean)
    .join(', ');

export const whichPort = (ports: readonly SerialPortInfo[]): Ending => ({
  exit: 2,
  problem: {
    code: 'serial-which-port',
    what: `${ports.length} adapters are plugged in, and it is not said which one is meant`,
    why: 'cheap adapters all bear the same ids; only the place where each is plugged in tells them apart',
    fix: 'name one with --port, by its path or where it is plugged in',
    blame: 'person',
    details: ports.map((info) => `${info.path}  ${describePort(info)}`),
  },
  more: { ports },
});

const noPort = (others: readonly SerialPortInfo[]): NonNullable<Ending['problem']> => ({
  code: 'serial-no-port',
  what: 'no USB serial adapter is plugged in',
  why: others.length
    ? `only ${others.map(({ path }) => path).join(', ')}, which belong to this computer`
    : 'the system shows none: not plugged in, a cable that only charges, or no driver for its chip',
  fix: 'plug the board in with a cable that carries data, or name the port with --port',
  blame: 'person',
});
