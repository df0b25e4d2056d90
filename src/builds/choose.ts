import type { Problem, Result } from '#values/index.ts';
import type { FoundBuild, Host } from './places.ts';

const sourceName = /\.(?:ino|pde|c|cc|cpp|h|hpp|S)$|^platformio\.ini$/i;
const sourceFolders = ['src', 'include', 'lib'];
const mostFolders = 500;

/** When a source of the sketch was last changed, milliseconds since 1970; 0 for none. */
export async function newestSource(sketch: string, { folders, environment }: Host): Promise<number> {
  const slash = environment.os === 'windows' ? '\\' : '/';
  const waiting = [sketch, ...sourceFolders.map((name) => `${sketch}${slash}${name}`)];
  let newest = 0;
  for (let looked = 0; waiting.length && looked < mostFolders; looked++) {
    const folder = waiting.shift()!;
    for (const { name, folder: inside, changed } of await folders.entries(folder)) {
      if (!inside && sourceName.test(name)) newest = Math.max(newest, changed);
      if (inside && folder !== sketch) waiting.push(`${folder}${slash}${name}`);
    }
  }
  return newest;
}

/** The build to flash: the newest that is not older than the sketch. None, only old ones, and fresh ones for different
 *  boards are a problem each. `stale`: an old one will do. */
export function chooseBuild(
  builds: readonly FoundBuild[],
  sourceChanged: number,
  sketch: string,
  stale = false,
): Result<FoundBuild> {
  const [newest] = builds;
  if (!newest) return { ok: false, problem: noBuild(sketch) };
  const fresh = stale ? builds : builds.filter(({ changed }) => changed >= sourceChanged);
  const [first] = fresh;
  if (!first) return { ok: false, problem: staleBuild(newest) };
  const rivals = fresh.filter((build) => otherBoard(first, build));
  if (rivals.length > 0) return { ok: false, problem: severalBoards([first, ...rivals]) };
  return { ok: true, value: first };
}

/** Whether they are surely not for the same board. Tools name boards in words of their own: across them, full names
 *  (`esp8266:esp8266:nodemcu`) and families are compared. */
function otherBoard(one: FoundBuild, other: FoundBuild): boolean {
  if (one.board === undefined || other.board === undefined) return false;
  if (one.by === other.by || [one, other].every(({ board }) => board?.includes(':'))) return one.board !== other.board;
  const [family, another] = [familyOf(one), familyOf(other)];
  return family !== undefined && another !== undefined && family !== another;
}

const familyOf = ({ facts }: FoundBuild): unknown => facts.find(({ fact }) => fact === 'board.family')?.value;

const noBuild = (sketch: string): Problem => ({
  code: 'build-missing',
  what: `no build of ${sketch} was found`,
  why: 'neither the Arduino IDE, arduino-cli nor PlatformIO has left one in its usual place',
  fix: 'build it in the IDE (Sketch > Verify), or add --build, or name the .bin file',
  blame: 'person',
});

const staleBuild = ({ file }: FoundBuild): Problem => ({
  code: 'build-stale',
  what: 'the sketch was changed after its newest build',
  why: `what would be sent is the sketch as it was before: ${file}`,
  fix: 'build it again, or add --build; --force, or the name of the .bin file, sends the old one',
  blame: 'person',
});

const severalBoards = (builds: readonly FoundBuild[]): Problem => ({
  code: 'build-for-several-boards',
  what: `the sketch was built for ${new Set(builds.map(({ board }) => board)).size} different boards`,
  why: 'nothing says which of them this one is',
  fix: 'name the .bin file of the right one',
  blame: 'person',
  details: builds.map(({ board, file }) => `${board}: ${file}`),
});
