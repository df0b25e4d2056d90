/** readers: what people paste or keep, turned into facts. Output of uploads, serial and boot logs, build options, project files.
 *  Pure, in the browser too: nothing throws, nothing is kept of passwords and network names, and time grows with the text.
 *  readAnything: a paste that may hold all of it. readLog, readSerial: one kind. readBuildOptions and the rest: files. */
export { type Anything, readAnything } from './anything.ts';
export { type Reading, readLog } from './log.ts';
export type { Noticed } from './notes.ts';
export { readBuildFolder, readBuildOptions, readPlatformioIni } from './projects.ts';
export { readSerial, type SerialReading } from './serial.ts';
