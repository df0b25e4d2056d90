/** serial: the cable. Runs in the browser too; the ports are handed in.
 *  flasher.ts (a door of its own, with flash.ts: they bring esptool-js along): the boot loader's side.  plan.ts: what goes
 *  where.  web.ts: a port of Web Serial as one of ours.  problems.ts: what a person is told. */
export { type Plan, plan, type ToFlash } from './plan.ts';
export { portProblem } from './problems.ts';
export { type WebSerialPort, webPorts } from './web.ts';
