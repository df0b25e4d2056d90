/** macOS: what `socketfilterfw` says, the tool behind System Settings > Network > Firewall. */
import type { Inbound } from './filter.ts';

export const socketFilter = '/usr/libexec/ApplicationFirewall/socketfilterfw';

/** `state`: output of --getglobalstate; `blockAll`: of --getblockall; `program`: of --getappblocked for our program. Where it
 *  has no rule of its own, macOS decides by the program's signature or asks the person: then there is no answer here. */
export function macosInbound(said: {
  readonly state: string;
  readonly blockAll?: string | undefined;
  readonly program?: string | undefined;
}): Inbound | undefined {
  const [, state] = /\(State = (\d)\)/.exec(said.state) ?? [];
  if (state === '0') return 'off';
  if (state === undefined) return undefined;
  if (/set to block all|block all enabled|block all state set to enabled/i.test(said.blockAll ?? ''))
    return 'default-deny';
  const program = said.program ?? '';
  if (/\bis (permitted|allowed)\b/i.test(program)) return 'allowed';
  return /\bis blocked\b/i.test(program) ? 'blocked' : undefined;
}
