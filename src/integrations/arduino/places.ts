/** Where Arduino keeps its cores on this computer (arduino-cli docs/configuration.md; IDE 1.8 preferences.txt). */
import type { Environment, Files, Folders } from '#machine/index.ts';

export interface Host {
  readonly files: Files;
  readonly folders: Folders;
  readonly environment: Environment;
  readonly homeFolder: string;
}

/** An IDE in a box: programs outside of it are not there for it. */
export interface Sandboxed {
  readonly what: 'snap' | 'flatpak' | 'Microsoft Store';
  readonly folder: string;
}

export interface Places {
  /** With `packages/` in it. */
  readonly data: readonly string[];
  /** Sketchbooks, with `hardware/` in it. */
  readonly user: readonly string[];
  readonly sandboxed: readonly Sandboxed[];
}

/** `data`, `user`: folders that the person names; they take the place of what would be looked up. */
export async function findPlaces(
  host: Host,
  named: { readonly data?: readonly string[]; readonly user?: readonly string[] } = {},
): Promise<Places> {
  const { environment, homeFolder } = host;
  const { os } = environment;
  const join = (...parts: string[]): string => parts.join(os === 'windows' ? '\\' : '/');
  const local = environment.variable('LOCALAPPDATA') ?? join(homeFolder, 'AppData', 'Local');
  const usualData = {
    windows: join(local, 'Arduino15'),
    macos: join(homeFolder, 'Library', 'Arduino15'),
    linux: join(homeFolder, '.arduino15'),
    other: join(homeFolder, '.arduino15'),
  }[os];
  const usualUser =
    os === 'linux' || os === 'other' ? join(homeFolder, 'Arduino') : join(homeFolder, 'Documents', 'Arduino');
  const settings = await Promise.all(
    [join(usualData, 'arduino-cli.yaml'), join(homeFolder, '.arduinoIDE', 'arduino-cli.yaml')].map(async (path) =>
      yamlFolders(await text(host.files, path)),
    ),
  );
  const preferences = await text(host.files, join(usualData, 'preferences.txt'));
  const sketchbook = /^sketchbook\.path=(.+)$/m.exec(preferences)?.[1]?.trim();
  const variables = (names: readonly string[]): string[] => names.flatMap((name) => environment.variable(name) ?? []);
  const data = named.data ?? [
    ...variables(['ARDUINO_DIRECTORIES_DATA', 'ARDUINO_DATA_DIR']),
    ...settings.flatMap((one) => one.data ?? []),
    usualData,
  ];
  const user = named.user ?? [
    ...variables(['ARDUINO_DIRECTORIES_USER', 'ARDUINO_SKETCHBOOK_DIR']),
    ...settings.flatMap((one) => one.user ?? []),
    ...(sketchbook ? [sketchbook] : []),
    usualUser,
  ];
  return {
    data: [...new Set(data)],
    user: [...new Set(user)],
    sandboxed: await sandboxes(host, join),
  };
}

async function sandboxes(
  { folders, environment, homeFolder }: Host,
  join: (...parts: string[]) => string,
): Promise<readonly Sandboxed[]> {
  const candidates: readonly Sandboxed[] =
    environment.os === 'linux'
      ? [
          { what: 'snap', folder: join(homeFolder, 'snap', 'arduino') },
          { what: 'flatpak', folder: join(homeFolder, '.var', 'app', 'cc.arduino.arduinoide') },
          { what: 'flatpak', folder: join(homeFolder, '.var', 'app', 'cc.arduino.IDE2') },
        ]
      : environment.os === 'windows'
        ? [{ what: 'Microsoft Store', folder: join(homeFolder, 'Documents', 'ArduinoData') }]
        : [];
  const there = await Promise.all(candidates.map(async ({ folder }) => (await folders.entries(folder)).length > 0));
  return candidates.filter((_, at) => there[at]);
}

/** Of arduino-cli.yaml only `directories:` `data:` and `user:`. */
function yamlFolders(yaml: string): { readonly data?: string; readonly user?: string } {
  const section = /^directories:\s*\r?\n((?:[ \t]+.*(?:\r?\n|$))*)/m.exec(yaml)?.[1] ?? '';
  const value = (key: string): string | undefined =>
    new RegExp(`^[ \\t]+${key}:[ \\t]*(.+?)[ \\t]*\\r?$`, 'm').exec(section)?.[1]?.replace(/^(["'])(.*)\1$/, '$2');
  const [data, user] = [value('data'), value('user')];
  return { ...(data ? { data } : {}), ...(user ? { user } : {}) };
}

async function text(files: Files, path: string): Promise<string> {
  return new TextDecoder().decode((await files.read(path).catch(() => undefined)) ?? new Uint8Array());
}
