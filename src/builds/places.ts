/** Where each tool puts its builds. Sources: arduino-cli internal/arduino/sketch/sketch.go (1.1.0: user cache; before:
 *  temporary folder), Arduino IDE 1.8 BaseNoGui.java, PlatformIO's platformio.ini reference (build_dir). */
import type { Entry, Environment, Files, Folders } from '#machine/index.ts';
import { readBuildOptions, readPlatformioIni } from '#readers/index.ts';
import type { Fact } from '#values/facts.ts';

export interface Host {
  readonly files: Pick<Files, 'read'>;
  readonly folders: Folders;
  readonly environment: Pick<Environment, 'os' | 'variable'>;
  readonly homeFolder: string;
  readonly temporaryFolder: string;
}

export interface FoundBuild {
  readonly by: 'Arduino build' | 'exported binary' | 'PlatformIO';
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly changed: number;
  /** What tells builds for different boards apart: `esp8266:esp8266:nodemcu`, PlatformIO's environment, or the variant. */
  readonly board: string | undefined;
  /** With menu options, for whoever builds again. */
  readonly fqbn?: string;
  readonly facts: readonly Fact[];
}

export async function isSketchFolder(folder: string, { folders }: Host): Promise<boolean> {
  const entries = await folders.entries(folder);
  return entries.some(({ name }) => /\.(?:ino|pde)$/i.test(name) || name === 'platformio.ini');
}

/** Every build of the sketch, the newest first. `sketch`: the absolute path of its folder. */
export async function findBuilds(sketch: string, host: Host): Promise<readonly FoundBuild[]> {
  const found = await Promise.all([inCaches(sketch, host), exported(sketch, host), platformio(sketch, host)]);
  return found.flat().sort((a, b) => b.changed - a.changed);
}

/** Separator of the paths that this host uses. */
const joiner =
  ({ environment }: Host) =>
  (...parts: readonly string[]): string =>
    parts.join(environment.os === 'windows' ? '\\' : '/');

const firmwareIn = (entries: readonly Entry[]): Entry | undefined =>
  entries.find(({ name, folder }) => !folder && /\.(?:ino|pde|cpp)\.bin$/i.test(name));

const variable = ({ environment }: Host, name: string): string | undefined => environment.variable(name) || undefined;

function cacheFolder(host: Host): string {
  const join = joiner(host);
  if (host.environment.os === 'windows')
    return variable(host, 'LOCALAPPDATA') ?? join(host.homeFolder, 'AppData', 'Local');
  if (host.environment.os === 'macos') return join(host.homeFolder, 'Library', 'Caches');
  return variable(host, 'XDG_CACHE_HOME') ?? join(host.homeFolder, '.cache');
}

/** `build_cache.path` of arduino-cli's and the IDE's own configuration. */
async function configuredCache(host: Host): Promise<string | undefined> {
  const join = joiner(host);
  const { os } = host.environment;
  const data =
    os === 'windows'
      ? join(cacheFolder(host), 'Arduino15')
      : join(host.homeFolder, ...(os === 'macos' ? ['Library', 'Arduino15'] : ['.arduino15']));
  for (const folder of [join(host.homeFolder, '.arduinoIDE'), data]) {
    const yaml = await textOf(join(folder, 'arduino-cli.yaml'), host);
    const [, path] =
      /^build_cache:[ \t]*\r?\n(?:[ \t]+.*\r?\n)*?[ \t]+path:[ \t]*["']?([^"'\r\n]+)/m.exec(yaml ?? '') ?? [];
    if (path) return path.trim();
  }
  return undefined;
}

const longestRecord = 500_000;

/** A small text file; undefined where there is none. */
async function textOf(path: string, { files }: Host): Promise<string | undefined> {
  const bytes = await files.read(path).catch(() => undefined);
  return bytes && bytes.length <= longestRecord ? new TextDecoder().decode(bytes) : undefined;
}

/** Build folders whose own record names the sketch. */
async function inCaches(sketch: string, host: Host): Promise<readonly FoundBuild[]> {
  const join = joiner(host);
  const named = async (parent: string, name: RegExp): Promise<readonly string[]> =>
    (await host.folders.entries(parent))
      .filter((entry) => entry.folder && name.test(entry.name))
      .map((entry) => join(parent, entry.name));
  const cache = await configuredCache(host);
  const parents = [
    join(cacheFolder(host), 'arduino'),
    join(host.temporaryFolder, 'arduino'),
    ...(cache ? [cache] : []),
  ];
  const places = await Promise.all([
    ...parents.map((parent) => named(join(parent, 'sketches'), /^[0-9A-F]{32}$/i)),
    named(host.temporaryFolder, /^(?:arduino-sketch-[0-9A-F]{32}|arduino_build_\d+)$/i),
  ]);
  const builds = await Promise.all(places.flat().map((place) => buildIn(place, sketch, host)));
  return builds.filter((build) => build !== undefined);
}

async function buildIn(place: string, sketch: string, host: Host): Promise<FoundBuild | undefined> {
  const record = await recordIn(place, host);
  if (!record?.location || !isAt(record.location, sketch, host)) return undefined;
  const firmware = firmwareIn(await host.folders.entries(place));
  if (!firmware) return undefined;
  return {
    by: 'Arduino build',
    file: joiner(host)(place, firmware.name),
    changed: firmware.changed,
    board: boardOf(record.fqbn),
    facts: record.facts,
    ...(record.fqbn ? { fqbn: record.fqbn } : {}),
  };
}

interface BuildRecord {
  readonly location: string | undefined;
  readonly fqbn: string | undefined;
  readonly facts: readonly Fact[];
}

/** build.options.json; undefined where there is none or it is damaged. */
async function recordIn(place: string, host: Host): Promise<BuildRecord | undefined> {
  const json = await textOf(joiner(host)(place, 'build.options.json'), host);
  if (json === undefined) return undefined;
  try {
    const content = JSON.parse(json) as Record<string, unknown> | null;
    const word = (key: string): string | undefined =>
      typeof content?.[key] === 'string' ? (content[key] as string) : undefined;
    return { location: word('sketchLocation'), fqbn: word('fqbn'), facts: readBuildOptions(json).facts };
  } catch {
    return undefined;
  }
}

/** The IDE 1.8 names the .ino, the others its folder; Windows does not mind how a path is spelt. */
function isAt(location: string, sketch: string, { environment }: Host): boolean {
  const plain = (path: string): string => {
    const same = path.replaceAll('\\', '/').replace(/\/+$/, '');
    return environment.os === 'linux' ? same : same.toLowerCase();
  };
  const [there, here] = [plain(location), plain(sketch)];
  return there === here || there.replace(/\/[^/]*\.(?:ino|pde)$/i, '') === here;
}

const boardOf = (fqbn: string | undefined): string | undefined => fqbn?.split(':').slice(0, 3).join(':');

/** Sketch > Export compiled binary: `build/<vendor.arch.board>/` (IDE 2), `<sketch>.ino.<variant>.bin` beside it (1.8). */
async function exported(sketch: string, host: Host): Promise<readonly FoundBuild[]> {
  const join = joiner(host);
  const beside = (await host.folders.entries(sketch)).flatMap((entry): FoundBuild[] => {
    const [, variant] = /\.ino(?:\.([\w.-]{1,60}))?\.bin$/i.exec(entry.name) ?? [];
    if (entry.folder || !/\.ino(?:\.[\w.-]+)?\.bin$/i.test(entry.name)) return [];
    if (/^(?:bootloader|partitions|merged)$/.test(variant ?? '')) return [];
    const file = join(sketch, entry.name);
    return [{ by: 'exported binary', file, changed: entry.changed, board: variant, facts: [] }];
  });
  const folders = (await host.folders.entries(join(sketch, 'build'))).filter(({ folder }) => folder);
  const inBuild = await Promise.all(
    folders.map(async ({ name }): Promise<FoundBuild[]> => {
      const place = join(sketch, 'build', name);
      const firmware = firmwareIn(await host.folders.entries(place));
      if (!firmware) return [];
      const facts = (await recordIn(place, host))?.facts ?? [];
      const board = name.split('.').join(':');
      return [{ by: 'exported binary', file: join(place, firmware.name), changed: firmware.changed, board, facts }];
    }),
  );
  return [...beside, ...inBuild.flat()];
}

async function platformio(sketch: string, host: Host): Promise<readonly FoundBuild[]> {
  const join = joiner(host);
  const ini = (await textOf(join(sketch, 'platformio.ini'), host)) ?? '';
  const found = await Promise.all(
    platformioPlaces(sketch, ini, host).map(async (parent) => {
      const environments = (await host.folders.entries(parent)).filter(({ folder }) => folder);
      return Promise.all(
        environments.map(async ({ name }): Promise<FoundBuild[]> => {
          const place = join(parent, name);
          const firmware = (await host.folders.entries(place)).find((entry) => entry.name === 'firmware.bin');
          if (!firmware) return [];
          const { facts } = readPlatformioIni(ini, name);
          return [
            { by: 'PlatformIO', file: join(place, firmware.name), changed: firmware.changed, board: name, facts },
          ];
        }),
      );
    }),
  );
  return found.flat(2);
}

/** The environment variable goes before the file; what refers to other settings is not followed. */
function platformioPlaces(sketch: string, ini: string, host: Host): readonly string[] {
  const join = joiner(host);
  const [, written] = /^build_dir[ \t]*=[ \t]*([^\r\n;$]+)/m.exec(ini) ?? [];
  const own = variable(host, 'PLATFORMIO_BUILD_DIR') ?? written?.trim();
  if (own) return [/^(?:[\\/]|[A-Za-z]:)/.test(own) ? own : join(sketch, own)];
  return [join(sketch, '.pio', 'build'), join(sketch, '.pioenvs')];
}
