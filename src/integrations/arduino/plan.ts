/** What to write into the cores on this computer, or to take away again; and the writing, whole or not at all for each core. */
import type { Files, Folders } from '#machine/index.ts';
import { type Problem, ascii as utf8 } from '#values/index.ts';
import { withBlock, withoutBlock } from './block.ts';
import type { Places } from './places.ts';
import { discoveryPlatform, foreignKeys, properties, recipesFor } from './recipes.ts';

export interface Change {
  readonly path: string;
  readonly before: Uint8Array | undefined;
  /** Undefined: the file goes. */
  readonly after: Uint8Array | undefined;
  /** Our own lines, to be shown. */
  readonly lines: readonly string[];
}

export interface CorePlan {
  /** `esp8266 3.1.2` */
  readonly what: string;
  readonly folder: string;
  /** None: it is as it should be. */
  readonly changes: readonly Change[];
  /** Why nothing can be done here. */
  readonly problem?: Problem;
}

/** How an IDE starts WhyOTA: absolute paths, because it has no shell and often another PATH. */
export interface Launcher {
  readonly node: string;
  readonly script: string;
  readonly version: string;
}

interface Ports {
  readonly files: Files;
  readonly folders: Folders;
}

export async function planInstall(ports: Ports, places: Places, launcher: Launcher): Promise<readonly CorePlan[]> {
  const { node, script, version } = launcher;
  const unfit = [node, script].find((path) => /["{}\r\n]/.test(path));
  if (unfit !== undefined) return [{ what: 'WhyOTA', folder: unfit, changes: [], problem: unfitPath(unfit) }];
  const command = `"${node}" "${script}"`;
  const cores = await coresIn(ports, places);
  const plans = await Promise.all(cores.map((core) => orUnreadable(core, planCore(ports.files, core, command))));
  const found = plans.filter((plan) => plan !== undefined);
  const [user] = places.user;
  if (found.length === 0 || user === undefined) return found;
  return [...found, await planDiscovery(ports.files, user, discoveryPlatform(command, version))];
}

export async function planUninstall(ports: Ports, places: Places): Promise<readonly CorePlan[]> {
  const cores = await coresIn(ports, places);
  const plans = await Promise.all([
    ...cores.map((core) => orUnreadable(core, planRemoval(ports.files, core))),
    ...places.user.map(async (user): Promise<CorePlan> => {
      const folder = discoveryFolder(user);
      const changes: Change[] = [];
      for (const name of Object.keys(discoveryPlatform('', ''))) {
        const path = beside(folder, name);
        const before = await ports.files.read(path);
        if (before) changes.push({ path, before, after: undefined, lines: [] });
      }
      return { what: 'network ports', folder, changes };
    }),
  ]);
  return plans.filter(({ changes, problem }) => changes.length > 0 || problem);
}

/** Carries out one plan; what was written is taken back when a later file of it can't be. */
export async function apply(files: Files, { changes, folder }: CorePlan): Promise<Problem | undefined> {
  const made: Change[] = [];
  const put = (path: string, content: Uint8Array | undefined): Promise<void> =>
    content === undefined ? files.remove(path) : files.write(path, content);
  for (const change of changes) {
    try {
      await put(change.path, change.after);
      made.push(change);
    } catch (error) {
      for (const { path, before } of made.reverse()) await put(path, before).catch(() => {});
      return notWritable(folder, (error as { readonly code?: string }).code ?? String(error));
    }
  }
  return undefined;
}

interface Core {
  readonly what: string;
  readonly folder: string;
}

/** A core of which something can't be read is left alone. */
const orUnreadable = <P extends CorePlan | undefined>(
  { what, folder }: Core,
  planned: Promise<P>,
): Promise<P | CorePlan> =>
  planned.catch((error: { readonly code?: string }) => ({
    what,
    folder,
    changes: [],
    problem: unreadable(folder, error.code ?? String(error)),
  }));

const localFiles = ['platform.local.txt', 'boards.local.txt'] as const;
const backupSuffix = '.before-whyota';

async function planCore(files: Files, { folder, what }: Core, command: string): Promise<CorePlan | undefined> {
  const text = async (name: string): Promise<string> => latin(await files.read(beside(folder, name))) ?? '';
  const recipes = recipesFor(await text('platform.txt'), await text('boards.txt'), latin(utf8(command))!);
  if (!recipes) return undefined;
  const changes: Change[] = [];
  for (const [name, lines] of [
    ['platform.local.txt', recipes.platform],
    ['boards.local.txt', recipes.boards],
  ] as const) {
    const path = beside(folder, name);
    const before = await files.read(path);
    const taken = withoutBlock(latin(before));
    if (!taken) return { what, folder, changes: [], problem: halfWritten(path) };
    const foreign = foreignKeys(taken.rest ?? '', lines);
    if (foreign.length > 0) return { what, folder, changes: [], problem: recipeTaken(path, foreign) };
    const wanted = lines.length > 0 ? withBlock(latin(before), lines) : taken.rest;
    if (wanted === latin(before)) continue;
    if (taken.rest !== undefined && taken.block === undefined && before)
      changes.push({ path: path + backupSuffix, before: undefined, after: before, lines: [] });
    changes.push({ path, before, after: bytes(wanted), lines: lines.map(readable) });
  }
  return { what, folder, changes };
}

async function planRemoval(files: Files, { folder, what }: Core): Promise<CorePlan> {
  const changes: Change[] = [];
  for (const name of localFiles) {
    const path = beside(folder, name);
    const before = await files.read(path);
    const taken = withoutBlock(latin(before));
    if (!taken) return { what, folder, changes: [], problem: halfWritten(path) };
    if (taken.block === undefined) continue;
    changes.push({ path, before, after: bytes(taken.rest), lines: [] });
    const backup = await files.read(path + backupSuffix);
    if (backup) changes.push({ path: path + backupSuffix, before: backup, after: undefined, lines: [] });
  }
  return { what, folder, changes };
}

async function planDiscovery(files: Files, user: string, wanted: Readonly<Record<string, string>>): Promise<CorePlan> {
  const folder = discoveryFolder(user);
  const changes: Change[] = [];
  for (const [name, content] of Object.entries(wanted)) {
    const path = beside(folder, name);
    const before = await files.read(path);
    const after = utf8(content);
    if (latin(before) !== latin(after)) changes.push({ path, before, after, lines: content.trimEnd().split('\n') });
  }
  return { what: 'network ports', folder, changes };
}

/** Core folders: those of the package manager, with a version, and those put there by hand. */
async function coresIn({ files, folders }: Ports, { data, user }: Places): Promise<readonly Core[]> {
  const below = async (folder: string): Promise<readonly string[]> =>
    (await folders.entries(folder)).filter((entry) => entry.folder).map(({ name }) => beside(folder, name));
  const all = async (roots: readonly string[]): Promise<string[]> => (await Promise.all(roots.map(below))).flat();
  const packages = await all(data.map((folder) => beside(folder, 'packages')));
  const versions = await all(await all(packages.map((folder) => beside(folder, 'hardware'))));
  const byHand = await all(await all(user.map((folder) => beside(folder, 'hardware'))));
  const cores = await Promise.all(
    [...new Set([...versions, ...byHand])].map(async (folder): Promise<Core[]> => {
      const platform = await files.read(beside(folder, 'platform.txt')).catch(() => undefined);
      if (!platform) return [];
      const parts = folder.split(/[\\/]/);
      const ours = parts.at(-2) === 'whyota';
      const name = byHand.includes(folder) ? parts.at(-1) : parts.at(-2);
      const version = properties(latin(platform)!).get('version') ?? parts.at(-1);
      return ours ? [] : [{ folder, what: `${name} ${version}` }];
    }),
  );
  return cores.flat();
}

const discoveryFolder = (user: string): string => beside(beside(beside(user, 'hardware'), 'whyota'), 'net');

/** A path below a folder, written the way the folder is. */
const beside = (folder: string, name: string): string =>
  `${folder.replace(/[\\/]$/, '')}${/^[A-Za-z]:\\|\\\\/.test(folder) ? '\\' : '/'}${name}`;

function latin(content: Uint8Array): string;
function latin(content: Uint8Array | undefined): string | undefined;
function latin(content: Uint8Array | undefined): string | undefined {
  if (!content) return undefined;
  let text = '';
  for (const byte of content) text += String.fromCharCode(byte);
  return text;
}

const bytes = (text: string | undefined): Uint8Array | undefined =>
  text === undefined ? undefined : Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** Latin-1 bytes as what they spell. */
const readable = (line: string): string => new TextDecoder().decode(bytes(line));

const halfWritten = (path: string): Problem => ({
  code: 'arduino-half-written',
  what: `${path} holds half of WhyOTA's lines`,
  why: 'its marks "# >>> whyota" and "# <<< whyota" are not both there, once and in order: something stopped while it was written, or it was edited',
  fix: 'open that file, delete what stands from the one mark on, and run it again',
});

const recipeTaken = (path: string, keys: readonly string[]): Problem => ({
  code: 'arduino-recipe-taken',
  what: `${path} already names another uploader`,
  why: `it sets ${keys.slice(0, 3).join(', ')}${keys.length > 3 ? ` and ${keys.length - 3} more` : ''}`,
  fix: 'take those lines out if that uploader is not wanted any more, and run it again; nothing was changed there',
});

const notWritable = (folder: string, code: string): Problem => ({
  code: 'arduino-not-writable',
  what: `can't write into ${folder}`,
  why: `the system said ${code}: the folder is read-only, or belongs to somebody else`,
  fix: 'run it as the user whose folder that is, or make it writable; nothing was changed there',
});

const unreadable = (folder: string, code: string): Problem => ({
  code: 'arduino-unreadable',
  what: `can't read all of ${folder}`,
  why: `the system said ${code}: a file in it belongs to somebody else, or is a folder`,
  fix: 'look at platform.local.txt and boards.local.txt there: who may read them; nothing was changed there',
});

const unfitPath = (path: string): Problem => ({
  code: 'arduino-unfit-path',
  what: `an Arduino recipe can't name ${path}`,
  why: 'its path has a quote or a brace in it, and recipes know no way to write one',
  fix: 'put WhyOTA (or Node) into a folder without such letters, and run it again',
});
