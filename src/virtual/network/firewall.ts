import type { Packet } from './packet.ts';

export type Verdict = 'allow' | 'drop' | 'reject';

/** What a node lets in. Only what opens something new is asked about; answers to its own packets always pass.
 *  `drop` is silent, `reject` says so (ICMP). Default: everything is allowed. */
export interface Firewall {
  readonly tcp?: Verdict;
  readonly udp?: Verdict;
  readonly echo?: Verdict;
  /** Exceptions that pass whatever the rest says. */
  readonly allow?: readonly { readonly protocol: 'tcp' | 'udp'; readonly port: number }[];
}

export function firewallSays(firewall: Firewall, { kind, to }: Packet): Verdict {
  if (firewall.allow?.some(({ protocol, port }) => protocol === kind && port === to.port)) return 'allow';
  return (kind === 'unreachable' ? undefined : firewall[kind]) ?? 'allow';
}
