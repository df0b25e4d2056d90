/** board: a device to test against, without hardware. board.ts: its life.  hardware.ts, flash.ts: what is there.
 *  updater/: the cores' Update classes.  boot/: their boot loaders.  ota.ts: ArduinoOTA on its ports.  sketch.ts: what the
 *  sketch does.  options.ts: plain data that a board is made from. */
export { Board, type BoardPorts, type BoardState, createBoard, type StoredUpdate, type WhyDead } from './board.ts';
export { Flash } from './flash.ts';
export type { Program, SerialText } from './hardware.ts';
export type { BoardOptions, Faults } from './options.ts';
export type { Sketch } from './sketch.ts';
