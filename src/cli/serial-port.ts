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

/** The port that the words mean: by its path, the adapter's serial number, or where it is plugged in. Without words, the only
 *  USB adapter there is; at a terminal the person is asked. */
export async function choosePort(asked: unknown, { desk }: Setting): Promise<Cable | Ending> {
  const ports = hostPorts();
  const { clock } = hostWorld();
  const listed = await ports.list();
  const infos = 'trouble' in listed ? [] : listed;
  if (typeof asked === 'string') {
    const meant = infos.filter(({ path, serial, location }) => [path, serial, location].includes(asked));
    if (meant.length > 1) return whichPort(`${meant.length} adapters have the serial number ${asked}`, meant);
    return { ports, clock, info: meant[0] ?? { path: asked } };
  }
  if ('trouble' in listed) return { exit: 2, problem: portProblem('the list of ports', listed, environment.os) };
  const likely = infos.filter(({ vendor }) => vendor !== undefined);
  if (likely.length === 1) {
    desk.note(`${likely[0]!.path}: ${behind(likely[0]!)}`);
    return { ports, clock, info: likely[0]! };
  }
  if (likely.length === 0) return { exit: 2, problem: noPort(infos) };
  if (!desk.interactive) return whichPort(`${likely.length} adapters are plugged in`, likely);
  const { select, isCancel } = await import('@clack/prompts');
  const answer = await select({
    message: 'Which port?',
    options: likely.map((info) => ({ value: info.path, label: info.path, hint: describePort(info) })),
  });
  if (isCancel(answer)) return interrupted;
  return { ports, clock, info: likely.find(({ path }) => path === answer)! };
}

const describePort = (info: SerialPortInfo): string =>
  [behind(info), info.serial && `serial number ${info.serial}`, info.location && `at ${info.location}`]
    .filter(Boolean)
    .join(', ');

const whichPort = (what: string, ports: readonly SerialPortInfo[]): Ending => ({
  exit: 2,
  problem: {
    code: 'serial-which-port',
    what: `${what}, and it is not said which one is meant`,
    why: 'cheap adapters all bear the same ids; only the place where each is plugged in tells them apart',
    fix: 'name one with --port',
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
