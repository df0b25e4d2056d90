/** builds: a sketch folder in, the builds of it out: those of the Arduino IDE 1.8 and 2, arduino-cli and PlatformIO, wherever
 *  each puts them. Acts only through the ports.
 *  places.ts: where builds lie.  choose.ts: the one to flash, or why there is none. */
export { chooseBuild, newestSource } from './choose.ts';
export { type FoundBuild, findBuilds, type Host, isSketchFolder } from './places.ts';
