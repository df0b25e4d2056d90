/** probes: questions to the network, this computer and the board, one a file; each states its cost and its risk.
 *  run.ts runs them within a budget. firewall/ reads the filters of each system; vendors.ts knows the makers of boards.
 *  What a probe could not ask is no answer, and is said so. */
import { bind } from './bind.ts';
import { dryRun } from './dry-run.ts';
import { environment } from './environment.ts';
import { firewall } from './firewall/firewall.ts';
import { inert } from './inert.ts';
import { invite } from './invite.ts';
import { invitePattern } from './invite-pattern.ts';
import { localNetwork } from './local-network.ts';
import { mdns } from './mdns.ts';
import { name } from './name.ts';
import { presence } from './presence.ts';
import type { HostProbe } from './probe.ts';
import { route } from './route.ts';
import { web } from './web.ts';

export { diagnoseAttempt } from './failure.ts';
export { factsOfImage } from './image.ts';
export type { HostProbe, ProbeContext, Unable } from './probe.ts';
export { budgetFor, type Probed, runProbes, settledBudget, usualBudget } from './run.ts';

/** Those that do nothing to the board. */
export const harmlessProbes: readonly HostProbe[] = [
  bind,
  environment,
  route,
  name,
  presence,
  mdns,
  inert,
  web,
  firewall,
  localNetwork,
];

/** Those that make the board begin an update that cannot end. */
export const actingProbes: readonly HostProbe[] = [dryRun, invitePattern, invite];

export const hostProbes: readonly HostProbe[] = [...harmlessProbes, ...actingProbes];
