/** What went wrong: what, why, and what to do. */
import { notifications } from '@mantine/notifications';
import type { ProblemBody } from '#hub/contract/index.ts';
import { Refused } from '../api.ts';
import { sentence } from '../words.ts';
import { Prose } from './prose.tsx';

type Told = Pick<ProblemBody, 'what' | 'why' | 'fix'>;

export const problemOf = (error: unknown): Told =>
  error instanceof Refused
    ? error.problem
    : {
        what: 'the console made a mistake',
        why: error instanceof Error ? error.message : String(error),
        fix: 'load the page again',
      };

export const ProblemNote = ({
  error,
  problem = problemOf(error),
}: {
  readonly error?: unknown;
  readonly problem?: Told;
}) => (
  <div className="problem" role="alert">
    <p className="what">
      <Prose text={sentence(problem.what)} />
    </p>
    <p>
      <Prose text={sentence(problem.why)} />
    </p>
    <p>
      <b>What to do: </b>
      <Prose text={sentence(problem.fix)} />
    </p>
  </div>
);

/** The same where there is no place for it. */
export const tell = (error: unknown): void => {
  const { what, fix } = problemOf(error);
  notifications.show({ color: 'red', title: sentence(what), message: sentence(fix), autoClose: 10_000 });
};
export const say = (message: string): void => {
  notifications.show({ message });
};
