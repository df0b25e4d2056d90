/** whyota serial list: the ports and what is behind them; with --detect, which chip. */
import type { SerialPortInfo } from '#machine/index.ts';
import { environment } from '#node/index.ts';
import { portProblem } from '#serial/index.ts';
import { formatBytes } from '#values/index.ts';
import { done, type Ending, interrupted, type Setting } from './command.ts';
import { table } from './find.ts';
import { behind, hostPorts } from './serial-port.ts';
import { hostWorld } from './world.ts';

export async function serialList(
  _words: readonly string[],
  options: Record<string, unknown>,
  setting: Setting,
): Promise<Ending> {
  const { desk, signal } = setting;
  const ports = await hostPorts().list();
  if ('trouble' in ports) return { exit: 1, problem: portProblem('the list of ports', ports, environment.os) };
  const rows: string[][] = [];
  for (const info of ports) {
    const seen = options['detect'] === true && info.vendor !== undefined ? await detect(info, setting) : undefined;
    if (signal.aborted) return interrupted;
    desk.event({ type: 'port', ...info, ...seen?.fields });
    rows.push([info.path, behind(info), seen?.words ?? '', info.serial ?? '', info.location ?? '']);
  }
  const heads = ['port', 'adapter', 'board', 'serial number', 'plugged in at'];
  const used = heads.map((_, column) => rows.some((row) => row[column] !== ''));
  const shown = (row: readonly string[]): readonly string[] => row.filter((_, column) => used[column]);
  for (const line of table(rows.map(shown), shown(heads))) desk.say(line);
  if (!ports.length) desk.note('no serial port: plug a board in with a cable that carries data');
  return { ...done, more: { ports: ports.length } };
}

async function detect(
  info: SerialPortInfo,
  { signal }: Setting,
): Promise<{ readonly words: string; readonly fields: Record<string, unknown> }> {
  const { connect } = await import('#serial/flasher.ts');
  const cable = { ports: hostPorts(), clock: hostWorld().clock, info };
  const connected = await connect(cable, { os: environment.os, signal, baud: 115_200 });
  if (!connected.ok)
    return {
      words: `? ${connected.problem.what}`,
      fields: { code: connected.problem.code, what: connected.problem.what },
    };
  const { found } = connected.value;
  await connected.value.leave();
  return { words: `${found.model}, ${formatBytes(found.flashBytes)}, ${found.mac}`, fields: { ...found } };
}
