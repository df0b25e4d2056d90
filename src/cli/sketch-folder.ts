/** A sketch folder in place of a file: its newest build, built first with --build. */
import { homedir, tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { chooseBuild, type FoundBuild, findBuilds, type Host, isSketchFolder, newestSource } from '#builds/index.ts';
import type { BoardFacts } from '#firmware/index.ts';
import { commands, environment, files, folders } from '#node/index.ts';
import { formatDuration, millis, minutes, type Problem } from '#values/index.ts';
import type { Ending, Setting } from './command.ts';

const host: Host = { files, folders, environment, homeFolder: homedir(), temporaryFolder: tmpdir() };

export interface SketchBuild {
  readonly build: FoundBuild;
  /** What the build's own record says: true of the running sketch as long as nothing better is known. */
  readonly assumed: BoardFacts;
}

export async function sketchBuild(
  path: string,
  options: Record<string, unknown>,
  { desk }: Setting,
): Promise<SketchBuild | Ending> {
  const sketch = resolve(path);
  if (!(await isSketchFolder(sketch, host))) return { exit: 2, problem: noSketch(path) };
  if (options['build'] === true) {
    desk.note('building ...');
    const problem = await runBuild(sketch);
    if (problem) return { exit: 1, problem };
  }
  const builds = await findBuilds(sketch, host);
  const chosen = chooseBuild(builds, await newestSource(sketch, host), path, options['force'] === true);
  if (!chosen.ok) return { exit: chosen.problem.code === 'build-missing' ? 2 : 3, problem: chosen.problem };
  const build = chosen.value;
  const age = formatDuration(millis(Math.max(0, Date.now() - build.changed)));
  const what = build.fqbn ?? build.board;
  desk.note(`${build.by}, ${age} old${what ? `, for ${what}` : ''}: ${build.file}`);
  desk.event({ type: 'build', file: build.file, by: build.by, changed: build.changed, board: build.board });
  return { build, assumed: assumedOf(build) };
}

/** What a new build changes; with --build, what a change of the sketch does. */
export async function stateOfSketch(path: string, options: Record<string, unknown>): Promise<string | undefined> {
  const sketch = resolve(path);
  if (options['build'] === true) return String(await newestSource(sketch, host));
  const [newest] = await findBuilds(sketch, host);
  return newest && `${newest.file} ${newest.changed}`;
}

/** Family and end of the staging area. Not the core: a board is not taken to inflate because a build would. */
function assumedOf({ facts }: FoundBuild): BoardFacts {
  const said = (id: string): unknown => facts.find(({ fact }) => fact === id)?.value;
  const [family, updateEnd] = [said('board.family'), said('build.fs-start')];
  return {
    ...(typeof family === 'string' ? { family: family as NonNullable<BoardFacts['family']> } : {}),
    ...(typeof updateEnd === 'number' && family === 'esp8266' ? { updateEnd } : {}),
  };
}

async function runBuild(sketch: string): Promise<Problem | undefined> {
  const isPlatformio = (await folders.entries(sketch)).some(({ name }) => name === 'platformio.ini');
  const fqbn = (await findBuilds(sketch, host)).find((build) => build.fqbn)?.fqbn;
  const [tool, words]: [string, string[]] = isPlatformio
    ? ['pio', ['run', '-d', sketch]]
    : ['arduino-cli', ['compile', ...(fqbn ? ['--fqbn', fqbn] : []), sketch]];
  const ran = await commands.run(tool, words, { timeout: minutes(15) });
  if (!ran) return noTool(tool);
  return ran.exit === 0 ? undefined : failed(tool, `${ran.err}\n${ran.out}`);
}

const noSketch = (path: string): Problem => ({
  code: 'file-is-a-folder',
  what: `${path} is a folder without a sketch`,
  why: 'neither a .ino file nor a platformio.ini is in it',
  fix: "name the sketch's own folder, or the .bin file",
  blame: 'person',
});

const noTool = (tool: string): Problem => ({
  code: 'build-tool-missing',
  what: `can't build: ${tool} did not run`,
  why: 'it is not installed, or not on the PATH',
  fix: 'install it, or build in the IDE and leave out --build',
  blame: 'person',
});

const failed = (tool: string, output: string): Problem => ({
  code: 'build-failed',
  what: `${tool} could not build the sketch`,
  why: 'the compiler or the tool ended with an error',
  fix: 'mend what it says, and run this again',
  blame: 'person',
  details: output
    .split('\n')
    .filter((line) => line.trim())
    .slice(-8),
});
