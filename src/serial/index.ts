/** serial: the cable. Runs in the browser too; the ports are handed in.
 *  flash.ts, flasher.ts (doors of their own: they bring esptool-js along): a first flash, and the boot loader's side of it.
 *  plan.ts: what goes where.  monitor.ts: listening, at the speed that gives text.  boot.ts: what a chip says when it starts
 *  or dies.  elf.ts, crash.ts: the functions in a crash.  web.ts: a port of Web Serial as one of ours.  problems.ts: what a person is told. */
export { type Boot, bootBaud, bootOf, explain } from './boot.ts';
export { CrashDump } from './crash.ts';
export { readElf, type Symbols } from './elf.ts';
export { type Monitor, type MonitorEvents, openMonitor } from './monitor.ts';
export { type Plan, plan, type ToFlash } from './plan.ts';
export { portProblem } from './problems.ts';
export type { Cable } from './transport.ts';
export { type WebSerialPort, webPorts } from './web.ts';
