/** node: the real ports. Sockets, clock, dice, files and the system's own tools of this machine, behind `machine/`.
 *  One file a port; `settle` drives a virtual clock. Imported only by the mains, the benchmarks and tests. */
export { clock } from './clock.ts';
export { random } from './random.ts';
export { settle } from './settle.ts';
export { tcp } from './tcp.ts';
export { udp } from './udp.ts';
