import { homedir } from 'node:os';
import { posix, win32 } from 'node:path';
import type { Environment } from '#machine/index.ts';

const systems: Readonly<Record<string, Environment['os']>> = { win32: 'windows', darwin: 'macos', linux: 'linux' };

/** Where settings and memories belong: WHYOTA_HOME has both in one place; else what the system is used to. */
export function environmentOf(
  platform: string,
  variables: Readonly<Record<string, string | undefined>>,
  home: string,
): Environment {
  const os = systems[platform] ?? 'other';
  const { join } = os === 'windows' ? win32 : posix;
  const set = (name: string): string | undefined => variables[name] || undefined;
  const own = set('WHYOTA_HOME');
  const usual = {
    windows: {
      config: join(set('APPDATA') ?? join(home, 'AppData', 'Roaming'), 'whyota'),
      data: join(set('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'whyota'),
    },
    macos: {
      config: join(home, 'Library', 'Application Support', 'whyota'),
      data: join(home, 'Library', 'Application Support', 'whyota'),
    },
    xdg: {
      config: join(set('XDG_CONFIG_HOME') ?? join(home, '.config'), 'whyota'),
      data: join(set('XDG_DATA_HOME') ?? join(home, '.local', 'share'), 'whyota'),
    },
  };
  const { config, data } = own ? { config: own, data: own } : usual[os === 'windows' || os === 'macos' ? os : 'xdg'];
  return { os, variable: set, configFolder: config, dataFolder: data };
}

export const environment: Environment = environmentOf(process.platform, process.env, homedir());
