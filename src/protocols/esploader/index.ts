/** esploader: the serial protocol of Espressif's ROM boot loaders and of the stub that flashers put into their RAM.
 *  slip.ts: frames on a serial line.  wire.ts: requests and answers in those frames. */
export { SlipReader, slip } from './slip.ts';
export { answer, checksum, type Op, op, parseRequest, type Request } from './wire.ts';
