/** flash --via minimal.bin: a minimal firmware first, then the real one, both checked before a byte moves. flash --via hub.local:
 *  through a hub, in flash-hub.ts. */
import { identify } from '#firmware/index.ts';
import { planTwoSteps, type RememberedBoard } from '#upload/index.ts';
import type { Problem } from '#values/index.ts';
import { type Ending, type Setting, usage } from './command.ts';
import { plain } from './desk.ts';
import { type Job, noSuchLayout, withAssumed } from './flash.ts';
import { flashOne } from './flash-board.ts';
import { hostMemory } from './host.ts';
import { readInput } from './input.ts';

export async function flashVia(
  target: string,
  path: string,
  job: Job,
  known: RememberedBoard | undefined,
  setting: Setting,
): Promise<Ending> {
  const { desk } = setting;
  const minimal = await readInput(path);
  // A name that is no file's is a hub's.
  if ('exit' in minimal && !/\.bin(?:\.gz)?$/i.test(path) && minimal.problem?.code === 'file-missing')
    return (await import('./flash-hub.ts')).flashThroughHub(target, path, job, setting);
  if ('exit' in minimal) return minimal;
  if (job.options['filesystem'] === true || job.options['wait'] === false || job.options['dryRun'] === true)
    return usage('--via goes with none of --filesystem, --no-wait and --dry-run', 'leave them out');
  const board = withAssumed(job.assumed, { ...known?.knowledge, ...job.flags });
  const layout = job.options['viaLayout'] as string | undefined;
  const unheard = noSuchLayout(layout, 'esp8266');
  if (unheard) return unheard;
  const compress = job.options['gzip'] as boolean | undefined;
  const { problem, between, first, second } = planTwoSteps(minimal.bytes, job.input.bytes, board, layout, compress);
  if (problem && job.options['force'] !== true) return { exit: 3, problem };
  desk.note(`step 1, ${minimal.name}: ${first.fit.because}`);
  desk.note(`step 2, ${job.input.name}: ${second.fit.because}`);
  if (layout === undefined) desk.note(assumes(minimal.name, board.layout));
  if ([first, second].some(({ fit }) => fit.verdict === 'unknown')) desk.warn(unchecked);

  const image = identify(minimal.bytes, minimal.name);
  const one = await flashOne(target, { ...job, input: minimal, image }, known, setting);
  if (one.exit !== 0) return one;
  const now = await hostMemory().find({ name: known?.name ?? target });
  const two = await flashOne(target, { ...job, assumed: {}, flags: between }, now ?? known, setting);
  if (two.exit === 0 || !two.problem) return two;
  const left = halfWay(two.problem, minimal.name, job.input.name);
  return { ...two, problem: left, more: { ...two.more, step: 2, ...plain(left) } };
}

const assumes = (minimal: string, layout: string | undefined): string =>
  `taken for granted: ${minimal} was built for ${layout ?? 'the flash layout of the running sketch'}; --via-layout names another`;

const unchecked: Problem = {
  code: 'via-unchecked',
  what: 'nobody has checked whether both steps fit',
  why: 'too little is known of what runs on the board now; where the second step does not fit, the minimal firmware stays on it',
  fix: 'name what runs there, as in --core esp8266@2.3.0 --layout 1M512 --running 253168',
};

/** The first step stands, and needs not be taken again. */
const halfWay = (problem: Problem, minimal: string, file: string): Problem => ({
  ...problem,
  what: `step 2, ${file}: ${problem.what}`,
  why: `${problem.why}. Step 1 is done: ${minimal} was sent and the board came back, so it can still be updated over the air`,
  fix: `${problem.fix}. Then send ${file} again, without --via`,
});
