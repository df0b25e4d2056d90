/** rom: a board on a cable. loader.ts: the ROM's boot loader and the stub (chips.ts, writing.ts).  wired.ts: the chip behind
 *  it.  line.ts: the serial port between them and the host, with its control lines and speeds.  web-port.ts: the same as
 *  Web Serial shows it. */
export { type LineOptions, VirtualLine, virtualSerialPorts } from './line.ts';
export { type LoaderParts, RomLoader } from './loader.ts';
export { WebPort } from './web-port.ts';
export { type BareOptions, bareChip, type WiredChip, wiredBoard } from './wired.ts';
