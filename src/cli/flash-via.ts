/** flash --via minimal.bin: a minimal firmware first, then the real one, both checked before a byte moves. flash --via hub.local:
 *  through a hub, in flash-hub.ts. */
import { identify } from '#firmware/index.ts';
import { planTwoSteps, type RememberedBoard } from '#upload/index.ts';
import { type Ending, type Setting, usage } from './command.ts';
import { type Job, withAssumed } from './flash.ts';
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
  const compress = job.options['gzip'] as boolean | undefined;
  const { problem, between, first, second } = planTwoSteps(minimal.bytes, job.input.bytes, board, layout, compress);
  if (problem && job.options['force'] !== true) return { exit: 3, problem };
  desk.note(`step 1, ${minimal.name}: ${first.fit.because}`);
  desk.note(`step 2, ${job.input.name}: ${second.fit.because}`);

  const image = identify(minimal.bytes, minimal.name);
  const one = await flashOne(target, { ...job, input: minimal, image }, known, setting);
  if (one.exit !== 0) return one;
  const now = await hostMemory().find({ name: known?.name ?? target });
  const two = await flashOne(target, { ...job, assumed: {}, flags: between }, now ?? known, setting);
  if (two.exit === 0 || !two.problem) return two;
  return { ...two, problem: { ...two.problem, why: `${two.problem.why}. The board has taken the minimal firmware` } };
}
