/** whyota hub --install, --uninstall: a systemd unit that starts the hub with the computer (as root) or for this user. It is
 *  shown before it is written. */
import { realpathSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Commands, Files } from '#machine/index.ts';
import { commands, environment, files } from '#node/index.ts';
import { type Problem, seconds, ascii as utf8 } from '#values/index.ts';
import { done, type Ending, interrupted, type Setting } from './command.ts';

type Options = Record<string, unknown>;

export const unitName = 'whyota-hub.service';

/** The computer that the unit is for. */
export interface ServiceHost {
  readonly os: string;
  readonly files: Files;
  readonly commands: Commands;
  readonly variable: (name: string) => string | undefined;
  readonly root: boolean;
  readonly user: string;
  readonly home: string;
  /** How this very program is started. */
  readonly program: readonly string[];
}

const thisHost = (): ServiceHost => ({
  os: environment.os,
  files,
  commands,
  variable: environment.variable,
  root: process.getuid?.() === 0,
  user: userInfo().username,
  home: userInfo().homedir,
  program: [process.execPath, realpathSync(process.argv[1] ?? '')],
});

const patience = seconds(60);
/** systemd makes this folder for the user of a unit of the whole system. */
const systemData = '/var/lib/whyota';

export async function serviceOfHub(options: Options, setting: Setting, host = thisHost()): Promise<Ending> {
  const { desk } = setting;
  const version =
    host.os === 'linux' ? await host.commands.run('systemctl', ['--version'], { timeout: patience }) : undefined;
  if (version?.exit !== 0) return { exit: 1, problem: noSystemd };
  const place = unitPlace(host);
  if (options['uninstall'] === true) return uninstall(place, setting, host);

  const unit = unitText(options, host);
  desk.say(`${place}:`);
  for (const line of unit.trimEnd().split('\n')) desk.say(`  ${line}`);
  if (options['dryRun'] === true) return { ...done, more: { place, unit } };
  if (desk.interactive && options['yes'] !== true && !(await agreed())) return interrupted;
  await host.files.write(place, utf8(unit), { mode: 0o644 });
  for (const words of [['daemon-reload'], ['enable', unitName], ['restart', unitName]]) {
    const problem = await systemctl(words, host);
    if (problem) return { exit: 1, problem };
  }
  const journal = `journalctl ${host.root ? '' : '--user '}-u ${unitName} -o cat`;
  desk.say(`the hub runs now, and ${host.root ? 'starts with this computer' : `starts when ${host.user} logs in`}`);
  desk.note(`what it says, with the link of the first start: ${journal}`);
  if (!host.root)
    desk.note(`to start it with this computer, without a login: sudo loginctl enable-linger ${host.user}`);
  return { ...done, more: { place, unit } };
}

async function uninstall(place: string, { desk }: Setting, host: ServiceHost): Promise<Ending> {
  if (!(await host.files.read(place))) return { exit: 2, problem: notInstalled(place) };
  // Fails where it never ran; the file goes all the same.
  await systemctl(['disable', '--now', unitName], host);
  await host.files.remove(place);
  const problem = await systemctl(['daemon-reload'], host);
  if (problem) return { exit: 1, problem };
  desk.say(`took away ${place}; the hub is stopped`);
  desk.note('what it has kept is still there: it goes with its data folder');
  return { ...done, more: { place } };
}

const unitPlace = ({ root, variable, home }: ServiceHost): string =>
  root
    ? join('/etc/systemd/system', unitName)
    : join(variable('XDG_CONFIG_HOME') ?? join(home, '.config'), 'systemd', 'user', unitName);

export function unitText(options: Options, { root, user, program, variable }: ServiceHost): string {
  const { data, listen, tlsCert, tlsKey, tlsSelfSigned, rescue, discovery } = options;
  const path = (name: string, value: unknown): string[] => (typeof value === 'string' ? [name, resolve(value)] : []);
  const words = [
    ...program,
    'hub',
    ...(root && data === undefined ? ['--data', systemData] : path('--data', data)),
    ...(typeof listen === 'string' ? ['--listen', listen] : []),
    ...path('--tls-cert', tlsCert),
    ...path('--tls-key', tlsKey),
    ...(tlsSelfSigned === true ? ['--tls-self-signed'] : []),
    ...(rescue === true ? ['--rescue'] : []),
    ...(discovery === false ? ['--no-discovery'] : []),
  ];
  const owner = variable('SUDO_USER') ?? user;
  const ofSystem = [
    `User=${owner}`,
    'StateDirectory=whyota',
    'StateDirectoryMode=0700',
    // Rescue listens on ports that are the system's own.
    ...(rescue === true ? ['AmbientCapabilities=CAP_NET_BIND_SERVICE'] : []),
  ];
  return [
    '[Unit]',
    'Description=WhyOTA hub',
    'Wants=network-online.target',
    'After=network-online.target',
    '',
    '[Service]',
    `ExecStart=${words.map(quoted).join(' ')}`,
    ...(root ? ofSystem : []),
    'Restart=on-failure',
    'RestartSec=5',
    'LimitNOFILE=65536',
    'NoNewPrivileges=yes',
    '',
    '[Install]',
    `WantedBy=${root ? 'multi-user.target' : 'default.target'}`,
    '',
  ].join('\n');
}

/** One word of a command line as systemd reads it. */
const quoted = (word: string): string => {
  const plain = word.replace(/%/g, '%%').replace(/\$/g, '$$$$');
  return /^[\w@%+=:,./$[\]-]+$/.test(plain) ? plain : `"${plain.replace(/[\\"]/g, '\\$&')}"`;
};

async function systemctl(
  words: readonly string[],
  { commands: system, root }: ServiceHost,
): Promise<Problem | undefined> {
  const all = [...(root ? [] : ['--user']), ...words];
  const ran = await system.run('systemctl', all, { timeout: patience });
  return ran?.exit === 0 ? undefined : refused(`systemctl ${all.join(' ')}`, ran?.err.trim() || 'it did not run');
}

async function agreed(): Promise<boolean> {
  const { confirm } = await import('@clack/prompts');
  return (await confirm({ message: 'Write it and start the hub?' })) === true;
}

const noSystemd: Problem = {
  code: 'hub-no-systemd',
  what: 'the hub can not be installed as a service here',
  why: 'that is done with systemd, which this computer does not have',
  fix: 'let the system start `whyota hub` in its own way: launchd on macOS, the task scheduler on Windows, a restart policy in a container',
  blame: 'person',
};
const notInstalled = (place: string): Problem => ({
  code: 'hub-not-installed',
  what: 'no hub is installed as a service here',
  why: `there is no ${place}`,
  fix: 'run it as the user who installed it; with sudo for the whole system',
  blame: 'person',
});
const refused = (words: string, detail: string): Problem => ({
  code: 'hub-service-refused',
  what: `${words} failed`,
  why: detail,
  fix: 'mend what it says, and run this again; --uninstall takes all of it away',
});
