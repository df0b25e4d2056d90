/** The same invitation again, up to the board's call and no further: how it answers, whether it takes the password, whether it
 *  calls back, and when it is ready again if it does not. */
import { recorder } from '#transcript/index.ts';
import { deliver } from '#upload/index.ts';
import { type Fact, type FactName, fact } from '#values/facts.ts';
import { hostQuestions } from '../questions.ts';
import { factsOfAttempt } from '../transcript.ts';
import { leastOffer } from './dry-run.ts';
import { type HostProbe, unable } from './probe.ts';

const { yields } = hostQuestions.invite;

export const invite: HostProbe = {
  name: 'invite',
  ...hostQuestions['invite'],
  async run({ world, target, signal, hostPort, hostAddress, password, knowledge, offer }) {
    if (!offer) return unable('there is no file to offer');
    if (offer.bytes.length < leastOffer) return unable(`a file under ${leastOffer} bytes could reset the board`);
    const { record, attempt } = recorder(world.clock);
    const ending = await deliver(
      {
        to: target,
        command: offer.command,
        image: offer.bytes,
        dryRun: true,
        password,
        hostPort,
        hostAddress,
        family: knowledge?.family,
        core: knowledge?.core,
      },
      world,
      record,
      signal,
    );
    if (signal.aborted) return unable('it was stopped before the board had answered');
    const delivery = ending.kind === 'could-work' ? undefined : ending;
    return factsOfAttempt(attempt, { command: offer.command, delivery })
      .filter(({ fact: name }) => (yields as readonly FactName[]).includes(name))
      .map(({ fact: name, value }) => fact(name, value as never, 'probe') as Fact);
  },
};
