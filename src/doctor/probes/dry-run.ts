/** Does the board call back for the smallest size? The board begins an update that cannot end: onStart and onError run. */
import { deliver } from '#upload/index.ts';
import { seconds, sectorBytes } from '#values/index.ts';
import { hostQuestions } from '../questions.ts';
import { found, type HostProbe, unable } from './probe.ts';

/** Less than a sector resets boards whose onProgress divides by total / 100. */
export const leastOffer = sectorBytes;
/** From OK to the call: a board's connect timeout is 5 s at most, a sketch's onStart may take its time. */
const callWithin = seconds(8);

export const dryRun: HostProbe = {
  name: 'dry-run',
  ...hostQuestions['dry-run'],
  async run({ world, target, signal, hostPort, hostAddress, password, knowledge }) {
    const enough = new AbortController();
    const stop = (): void => enough.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    let patience: { cancel(): void } | undefined;
    let waitedInVain = false;
    const ending = await deliver(
      {
        to: target,
        command: 'sketch',
        image: new Uint8Array(leastOffer),
        dryRun: true,
        password,
        hostPort,
        hostAddress,
        family: knowledge?.family,
        core: knowledge?.core,
      },
      world,
      ({ kind }) => {
        if (kind !== 'accepted') return;
        patience ??= world.clock.after(callWithin, 'call for a small update', () => {
          waitedInVain = true;
          enough.abort();
        });
      },
      enough.signal,
    );
    patience?.cancel();
    signal.removeEventListener('abort', stop);
    if (ending.kind === 'could-work') return [found('connectback.largest-called', leastOffer)];
    if (ending.kind === 'no-call' || waitedInVain) return [found('connectback.largest-called', 0)];
    return unable(`the board did not agree to it (${ending.kind})`);
  },
};
