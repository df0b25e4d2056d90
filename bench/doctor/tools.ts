// What the tools of this computer print in a case: filters, enclosures, systems.
import { socketFilter } from '#doctor/probes/firewall/macos.ts';
import type { Commands, Environment } from '#machine/index.ts';
import { type Case, lanHost } from './case.ts';

export const environmentOf = ({ os }: Case): Environment => ({
  os,
  variable: () => undefined,
  configFolder: '',
  dataFolder: '',
});

export function commandsOf(c: Case): Commands {
  const answers = { linux, windows, macos }[c.os](c);
  return {
    async run(program, words) {
      const out = answers[[program, ...words].join(' ')] ?? answers[program];
      return out === undefined ? undefined : { exit: 0, out, err: '' };
    },
  };
}

type Answers = Readonly<Record<string, string>>;

/** Half of the computers let their rules be read by everybody (ufw's files), the rest by root. */
function linux(c: Case): Answers {
  const rules = c.seed % 2 === 0;
  const filter: Record<Case['filter'], Answers> = {
    off: rules
      ? { 'iptables -S': '-P INPUT ACCEPT\n' }
      : { systemctl: 'inactive\ninactive\ninactive\ninactive\ninactive\n' },
    allows: {
      'cat /etc/ufw/ufw.conf': 'ENABLED=yes\n',
      'cat /etc/default/ufw': 'DEFAULT_INPUT_POLICY="DROP"\n',
      'cat /etc/ufw/user.rules': '### tuple ### allow tcp any 0.0.0.0/0 any 192.168.0.0/16 in\n',
    },
    drops: rules
      ? { 'iptables -S': '-P INPUT DROP\n-A INPUT -i lo -j ACCEPT\n' }
      : {
          'cat /etc/ufw/ufw.conf': 'ENABLED=yes\n',
          'cat /etc/default/ufw': 'DEFAULT_INPUT_POLICY="DROP"\n',
          'cat /etc/ufw/user.rules': '### tuple ### allow tcp 22 0.0.0.0/0 any 0.0.0.0/0 in\n',
        },
    'not told': {},
  };
  return {
    ...filter[c.filter],
    'cat /proc/sys/kernel/osrelease': c.enclosed === 'wsl' ? '5.15.153.1-microsoft-standard-WSL2' : '6.1.0-18-amd64',
    'cat /proc/1/cgroup': c.enclosed === 'docker' ? '0::/docker/4f1c' : '0::/init.scope',
    ...(c.enclosed === 'docker' ? { ls: '/.dockerenv\n' } : {}),
    'systemd-detect-virt': c.enclosed === 'vm' ? 'oracle' : 'none',
  };
}

function windows(c: Case): Answers {
  if (c.filter === 'not told') return {};
  const category = c.filter === 'drops' ? 'Public' : 'Private';
  return {
    'powershell.exe': JSON.stringify({
      profiles: [{ name: category, enabled: c.filter === 'off' ? 'False' : 'True', inbound: 'NotConfigured' }],
      connections: [{ category, addresses: [lanHost] }],
      rules: c.filter === 'allows' ? [{ action: 'Allow', profile: 'Private' }] : [],
      products: [],
    }),
  };
}

function macos(c: Case): Answers {
  if (c.filter === 'not told') return { sw_vers: '14.5\n' };
  return {
    sw_vers: '14.5\n',
    sh: '/usr/local/bin/node\n',
    [`${socketFilter} --getglobalstate`]:
      c.filter === 'off' ? 'Firewall is disabled. (State = 0)' : 'Firewall is enabled. (State = 1)',
    [`${socketFilter} --getblockall`]: 'Firewall has block all state set to disabled.',
    [`${socketFilter} --getappblocked /usr/local/bin/node`]:
      c.filter === 'drops' ? 'The application is blocked' : 'The application is permitted',
  };
}
