/** Does it fit? Reckoned as the core that runs on the board does it. */
import { fitEsp32 } from './fit-esp32.ts';
import { fitEsp8266 } from './fit-esp8266.ts';
import { fitFileSystem } from './fit-filesystem.ts';
import { fitRp2040 } from './fit-rp2040.ts';
import type { BoardFacts, Family, Identified } from './types.ts';
import type { Fit, Load } from './verdict.ts';
import { unknown } from './verdict.ts';

export type Command = 'sketch' | 'filesystem';

/** Whether this file fits the board. The file's own faults are `compatible`'s concern. */
export function fit(image: Identified, board: BoardFacts, command: Command = 'sketch'): Fit {
  const family = board.family ?? familyOf(image);
  const told =
    family === 'rp2040' && command === 'sketch' && board.fsBytes === undefined ? fileSystemOf(image) : undefined;
  const answer = fitLoad(loadOf(image), { ...board, family, fsBytes: board.fsBytes ?? told }, command);
  return told === undefined ? answer : { ...answer, assumptions: [sameFileSystem, ...answer.assumptions] };
}

const sameFileSystem = 'the file system on the board is taken to be as large as the one this sketch was built with';

/** Size of the file system that a Pico sketch was built with. */
function fileSystemOf(image: Identified): number | undefined {
  const app = image.kind === 'gzip' ? image.inside : image;
  const area = app.kind === 'rp2040-app' ? app.image.fileSystem : undefined;
  return area && area.to - area.from;
}

/** The same for a file that is known by its length only. */
export function fitLoad(load: Load, board: BoardFacts, command: Command = 'sketch'): Fit {
  if (board.family === undefined) return unknown('neither the board nor the file says which family it is');
  if (command === 'filesystem') return fitFileSystem(load, board);
  return { esp8266: fitEsp8266, esp32: fitEsp32, rp2040: fitRp2040 }[board.family](load, board);
}

export function loadOf(image: Identified): Load {
  const signed = 'signature' in image && image.signature !== undefined;
  return image.kind === 'gzip'
    ? { bytes: image.bytes, signed, gzip: { inflatedBytes: image.inflatedBytes, stream: image.stream } }
    : { bytes: image.bytes, signed };
}

/** The family a file is for; undefined for what belongs to none or several. */
export function familyOf(image: Identified): Family | undefined {
  switch (image.kind) {
    case 'esp8266-app':
      return 'esp8266';
    case 'esp32-app':
      return 'esp32';
    case 'rp2040-app':
      return 'rp2040';
    case 'gzip':
      return familyOf(image.inside);
    case 'filesystem':
      return image.spiffsFor;
    case 'wrong':
      return image.chip === undefined ? undefined : familyOfChip(image.chip);
  }
}

/** `esp32-c3` belongs to the ESP32 family, `rp2350` to the RP2040's; undefined for a name of no family. */
export function familyOfChip(chip: string): Family | undefined {
  if (chip === 'esp8266' || chip === 'esp8285') return 'esp8266';
  if (chip.startsWith('esp32')) return 'esp32';
  return chip.startsWith('rp2') ? 'rp2040' : undefined;
}
