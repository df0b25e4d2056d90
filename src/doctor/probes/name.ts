/** Does the name lead to an address, and to one only? */
import { resolve } from '#discovery/index.ts';
import { seconds } from '#values/index.ts';
import { hostQuestions } from '../questions.ts';
import { found, type HostProbe, unable } from './probe.ts';

export const name: HostProbe = {
  name: 'name-resolve',
  ...hostQuestions['name-resolve'],
  async run({ world, target, signal }) {
    if (target.name === undefined) return unable('the board has no name here');
    const answer = await resolve(world, target.name, { time: seconds(3), signal });
    if (signal.aborted) return unable('it was stopped before an answer could come');
    if (answer.ok) return [found('discovery.name-resolves', 'yes')];
    switch (answer.problem.code) {
      case 'disc-hostname-collision':
        return [found('discovery.name-resolves', 'several')];
      case 'disc-name-unresolvable':
        return [found('discovery.name-resolves', 'no')];
      default:
        return unable(answer.problem.what);
    }
  },
};
