/** The uploader's half as a pure machine: inviting.ts up to the call, sending.ts from there to the verdict. Every run ends
 *  within the limits of patience.ts; `over` is its last effect, exactly once. */
import { type Millis, millis } from '#values/index.ts';
import type { HostEffect, HostEnding, HostEvent, HostOptions } from './events.ts';
import { type Inviting, startInviting, stepInviting } from './inviting.ts';
import { type Sending, startSending, stepSending } from './sending.ts';

export type HostState =
  | { readonly kind: 'new'; readonly options: HostOptions }
  | Inviting
  | Sending
  | { readonly kind: 'over' };

type Step = [HostState, readonly HostEffect[]];

export const hosting = (options: HostOptions): HostState => ({ kind: 'new', options });

export function stepHost(state: HostState, event: HostEvent): Step {
  switch (state.kind) {
    case 'new':
      if (event.kind === 'start') return settle(startInviting(state.options, event.now));
      return event.kind === 'cancel' ? [over, [ended({ kind: 'cancelled', acknowledged: 0 })]] : [state, []];
    case 'inviting':
      return event.kind === 'connected' ? called(state, event.now) : settle(stepInviting(state, event));
    case 'sending':
      return settle(stepSending(state, event));
    case 'over':
      return [state, []];
  }
}

/** The board calls: that is an OK, whether or not the datagram came through. */
function called(state: Inviting, now: Millis): Step {
  const implied: readonly HostEffect[] =
    state.acceptedAt === undefined ? [{ do: 'tell', event: { kind: 'accepted', implied: true } }] : [];
  if (state.options.dryRun)
    return [
      over,
      [
        ...implied,
        { do: 'tell', event: { kind: 'closed', by: 'us', how: 'reset' } },
        { do: 'close', how: 'destroy' },
        ended({ kind: 'could-work' }),
      ],
    ];
  const gap = state.acceptedAt === undefined ? undefined : millis(now - state.acceptedAt);
  const [next, effects] = settle(startSending(state.options, gap, now));
  return [next, [...implied, ...effects]];
}

const over: HostState = { kind: 'over' };
const ended = (ending: HostEnding): HostEffect => ({ do: 'over', ending });

function settle(step: {
  readonly state: HostState;
  readonly effects: readonly HostEffect[];
  readonly ending?: HostEnding;
}): Step {
  return step.ending ? [over, [...step.effects, ended(step.ending)]] : [step.state, step.effects];
}
