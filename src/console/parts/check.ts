/** A file and a board: is it for it, is there room, and where does it go. The same reckoning as the command line's, here in
 *  the browser, before anything is sent. */
import {
  type BoardFacts,
  type Command,
  compatible,
  type Family,
  type FlashMap,
  fit,
  flashMap,
  type Identified,
  identify,
} from '#firmware/index.ts';
import type { Device } from '#hub/contract/index.ts';
import type { Problem } from '#values/problem.ts';

export interface ChosenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly image: Identified;
  /** Its id, where it is in the library already. */
  readonly id?: string;
}

export const chosenFile = (name: string, bytes: Uint8Array, id?: string): ChosenFile => ({
  name,
  bytes,
  image: identify(bytes, name),
  ...(id !== undefined && { id }),
});

export const commandOf = (image: Identified): Command => {
  const inside = image.kind === 'gzip' ? image.inside : image;
  return inside.kind === 'filesystem' ? 'filesystem' : 'sketch';
};

/** What keeps this file from every board. */
export const faultOf = (image: Identified): Problem | undefined => {
  const inside = image.kind === 'gzip' ? image.inside : image;
  return inside.kind === 'wrong' ? inside.problem : undefined;
};

export interface BoardCheck {
  readonly verdict: 'fits' | 'does-not-fit' | 'unknown' | 'not-for-it';
  readonly because: string;
  readonly problem?: Problem;
  readonly warnings: readonly Problem[];
  readonly map?: FlashMap;
}

export function checkBoard(image: Identified, device: Device): BoardCheck {
  const board = factsOf(device);
  const command = commandOf(image);
  const { problems, warnings } = compatible(image, board, command);
  const [problem] = problems;
  const map = flashMap(image, board);
  const more = { warnings, ...(map && { map }) };
  if (problem) return { verdict: 'not-for-it', because: problem.what, problem, ...more };
  const room = fit(image, board, command);
  return {
    verdict: room.verdict,
    because: room.because,
    ...(room.problem && { problem: room.problem }),
    ...more,
  };
}

const families: readonly string[] = ['esp8266', 'esp32', 'rp2040'] satisfies Family[];

const factsOf = ({ family, chip, core, layout, runningBytes }: Device): BoardFacts => ({
  family: families.includes(family ?? '') ? (family as Family) : undefined,
  chip,
  core,
  layout,
  runningBytes,
});
