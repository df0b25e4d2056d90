/** After a failed upload: the diagnosis follows by itself. */
import { causeOf, diagnosisFields } from '#doctor/index.ts';
import type { ProbeContext } from '#doctor/probes/index.ts';
import type { Flashed, Knowledge } from '#upload/index.ts';
import { type Ending, interrupted, type Setting } from './command.ts';
import { plain } from './desk.ts';
import { showShort } from './diagnosis.ts';
import { diagnoseFailure } from './probing.ts';

interface About {
  readonly command: 'sketch' | 'filesystem';
  readonly knowledge: Knowledge;
  readonly target: ProbeContext['target'];
}

/** The ending with its cause: the code is the cause's where one stands out, and the answer follows the error. */
export async function explainFailure(
  ending: Ending,
  { attempt, delivery, plan }: Flashed,
  { command, knowledge, target }: About,
  { desk, signal }: Setting,
): Promise<Ending> {
  const diagnosis = await diagnoseFailure(attempt, { delivery, plan, knowledge, command }, target, { desk, signal });
  if (signal.aborted) return interrupted;
  const [cause] = diagnosis.causes;
  const { problem } = ending;
  if (!cause || !problem) return ending;
  const named = causeOf(problem.code) || cause.verdict === 'possible' ? problem : { ...problem, code: cause.id };
  return {
    ...ending,
    problem: named,
    more: { ...ending.more, ...plain(named), ...diagnosisFields(diagnosis) },
    epilogue() {
      desk.note('');
      showShort(desk, diagnosis);
    },
  };
}
