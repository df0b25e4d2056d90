/** network: hosts, boards and routers on segments, in virtual time, and everything that can go wrong between them.
 *  network.ts: the builder.  node.ts: one machine.  segment.ts, weather.ts: the ways between.  tcp.ts, connection.ts: TCP. */
export type { Firewall } from './firewall.ts';
export { type VirtualNetwork, virtualNetwork } from './network.ts';
export type { NicOptions, NodeOptions, VirtualNode } from './node.ts';
export { boardTcp, hostTcp, type TcpBehaviour } from './tcp.ts';
export type { Link, SegmentRules, Weather } from './weather.ts';
