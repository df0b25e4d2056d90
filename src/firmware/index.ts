/** firmware: what a file is, and whether it fits. Pure; runs in the browser too.
 *  types.ts: the words.  identify.ts: bytes to what they are.  layouts.ts: how flash is divided.  fit.ts: does it fit,
 *  exactly as the running core reckons.  compatible.ts: is it for this board.  map.ts: the flash drawn to scale.
 *  make.ts (a door of its own): valid images for tests, virtual boards and the demo. */

export { buildOf } from './build.ts';
export { type Compatibility, compatible } from './compatible.ts';
export { atLeast, type Core, compareCores, inflatesGzip } from './cores.ts';
export { esp32Chips } from './data/chips.ts';
export { readPartitionTable } from './esp32.ts';
export { type Command, familyOf, familyOfChip, fit, fitLoad } from './fit.ts';
export { type Gzipped, gzipFor, inflate, inflatesInPlace } from './gzip.ts';
export { chipName, identify } from './identify.ts';
export { innerSketch } from './inner.ts';
export { type Layout, layoutOf, layouts, type Partition, type Scheme, schemeOf, schemes } from './layouts.ts';
export { drawFlash, type FlashArea, type FlashMap, flashMap, ink } from './map.ts';
export { fileBytesOf, largestThatUpdatesItself, type Range, sketchUsesOf } from './sketch-uses.ts';
export { type Space8266, spaceOnEsp8266 } from './space.ts';
export type {
  Application,
  BoardFacts,
  Chip,
  Esp32Chip,
  Esp32Image,
  Esp8266Image,
  Family,
  FileSystemImage,
  FlashMode,
  Identified,
  Plain,
  Rp2Chip,
  Rp2Image,
  Segment,
  Signature,
  WrongFile,
  WrongKind,
} from './types.ts';
export type { Fit, Load, Sums } from './verdict.ts';
