import type { Commands, Endpoint, Environment, World } from '#machine/index.ts';
import type { Knowledge } from '#upload/index.ts';
import { type Fact, type FactName, type FactValue, fact } from '#values/facts.ts';
import type { Secret } from '#values/index.ts';

/** What a probe asks about, and what it may use. */
export interface ProbeContext {
  readonly world: World;
  readonly commands: Commands;
  readonly environment: Environment;
  readonly target: Endpoint & { readonly name?: string | undefined };
  /** Ends the probe early; a probe leaves no socket open. */
  readonly signal: AbortSignal;
  /** What is known already; a probe says nothing of that again. */
  readonly known?: readonly Fact[] | undefined;
  readonly knowledge?: Knowledge | undefined;
  /** Name and OTA port that the sketch sets. */
  readonly configured?: { readonly name?: string | undefined; readonly port?: number | undefined } | undefined;
  /** Fixed port and address for the board's call, where the person chose them. */
  readonly hostPort?: number | undefined;
  readonly hostAddress?: string | undefined;
  readonly password?: Secret | undefined;
  /** What was to be sent. */
  readonly offer?: { readonly command: 'sketch' | 'filesystem'; readonly bytes: Uint8Array } | undefined;
  /** Inside an upload that failed, or when the person asked: probes that make the board act may run. */
  readonly mayAct?: boolean | undefined;
  /** Somebody is updating this board now: nothing is sent to its OTA port. */
  readonly uploadUnderWay?: boolean | undefined;
}

/** It could not ask; that is no answer. */
export interface Unable {
  readonly unable: string;
}

/** One question to the network, the host or the board. */
export interface HostProbe {
  /** The same as in the doctor's list of questions, which holds all but `run`. */
  readonly name: string;
  readonly asks: string;
  /** Seconds that it takes at most. */
  readonly cost: number;
  /** `acts`: the board begins an update that cannot end; its sketch notices. */
  readonly risk: 'harmless' | 'acts';
  readonly needs: readonly ('address' | 'name' | 'file' | 'password')[];
  /** It sends to the OTA port. */
  readonly touchesOta?: true;
  readonly yields: readonly FactName[];
  run(context: ProbeContext): Promise<readonly Fact[] | Unable>;
}

export const found = <N extends FactName>(name: N, value: FactValue<N>, inferred = false): Fact =>
  fact(name, value, 'probe', { inferred }) as Fact;

export const unable = (why: string): Unable => ({ unable: why });
