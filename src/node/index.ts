/** node: the real ports. Sockets, clock, dice, files and the system's own tools of this machine, behind `machine/`.
 *  One file a port, put together in world.ts; settle.ts drives a virtual clock; shaped.ts slows real sockets down.
 *  Imported only by the mains, the benchmarks and tests. */
export { clock } from './clock.ts';
export { commands } from './commands.ts';
export { dns } from './dns.ts';
export { environment } from './environment.ts';
export { files } from './files.ts';
export { folders } from './folders.ts';
export { http } from './http.ts';
export { neighbours } from './neighbours.ts';
export { ping } from './ping.ts';
export { preciseClock } from './precise.ts';
export { random } from './random.ts';
export { routes } from './routes.ts';
export { secretsIn } from './secrets.ts';
export { type SerialPackage, serialPorts } from './serial.ts';
export { settle } from './settle.ts';
export { type Shape, shaped } from './shaped.ts';
export { beLean, collectGarbage, spareMemory, spareMemoryMost, speedUpWhenBusy } from './spare.ts';
export { tcp } from './tcp.ts';
export { udp } from './udp.ts';
export { web } from './web.ts';
export { realWorld } from './world.ts';
