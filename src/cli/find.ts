/** whyota find: the boards on this network, as they answer, then as a table. */
import { type Device, find as findDevices } from '#discovery/index.ts';
import { seconds } from '#values/index.ts';
import { done, type Ending, interrupted, type Setting } from './command.ts';
import { hostWorld } from './world.ts';

export async function find(
  _words: readonly string[],
  options: Record<string, unknown>,
  { desk, signal }: Setting,
): Promise<Ending> {
  const time = seconds(Number(options['time']));
  desk.note(`looking for ${Number(options['time'])} seconds`);
  const devices = await findDevices(hostWorld(), {
    time,
    signal,
    seen: (device) => desk.event({ type: 'device', ...device }),
    trouble: (trouble) => desk.detail(`mDNS: ${JSON.stringify(trouble)}`),
  });
  if (signal.aborted) return interrupted;
  for (const line of table(devices.map(row), ['name', 'address', 'runs', 'board', 'password'])) desk.say(line);
  if (!devices.length)
    desk.note(
      'no board announced itself: see whether it is on, on this network, and whether its sketch calls ArduinoOTA.begin()',
    );
  return { ...done, more: { devices: devices.length } };
}

const row = (device: Device): readonly string[] => [
  device.name,
  `${device.addresses[0] ?? ''}${device.port ? `:${device.port}` : ''}`,
  [device.firmware, device.version].filter(Boolean).join(' '),
  device.board ?? device.chip ?? device.family ?? '',
  device.passwordNeeded === undefined ? '?' : device.passwordNeeded ? 'yes' : 'no',
];

/** Columns as wide as their widest cell; nothing for no rows. */
export function table(rows: readonly (readonly string[])[], heads: readonly string[]): readonly string[] {
  if (!rows.length) return [];
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((cells) => [...(cells[column] ?? '')].length)));
  return all.map((cells) =>
    cells
      .map((cell, column) => cell + ' '.repeat(widths[column]! - [...cell].length))
      .join('  ')
      .trimEnd(),
  );
}
