/** Reading the file that the person names: at most so large, and each way it can fail in one clear error. */
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { Problem } from '#values/index.ts';
import type { Ending } from './command.ts';

/** No board has a flash larger than this. */
const largest = 128 * 1024 * 1024;

export interface InputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

export async function readInput(path: string): Promise<InputFile | Ending> {
  const bad = (problem: Omit<Problem, 'blame'>): Ending => ({ exit: 2, problem: { ...problem, blame: 'person' } });
  try {
    const about = statSync(path);
    if (about.isDirectory())
      return bad({
        code: 'file-is-a-folder',
        what: `${path} is a folder`,
        why: 'a firmware is one file',
        fix: 'name the .bin file in it',
      });
    if (about.size > largest)
      return bad({
        code: 'file-too-large',
        what: `${path} is larger than any board's flash`,
        why: `it has ${about.size} bytes`,
        fix: 'name the .bin file that the build made',
      });
    const { buffer, byteOffset, length } = readFileSync(path);
    // A plain view of the same bytes: a Buffer's own indexOf is many times slower.
    return { name: basename(path), bytes: new Uint8Array(buffer, byteOffset, length) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    if (code === 'ENOENT' || code === 'ENOTDIR')
      return bad({
        code: 'file-missing',
        what: `there is no file ${path}`,
        why: 'the path leads nowhere',
        fix: 'check the path; Arduino IDE: Sketch > Export compiled Binary puts a .bin into the sketch folder',
      });
    return bad({
      code: 'file-unreadable',
      what: `can't read ${path}`,
      why: `the system said ${code}`,
      fix: 'check its permissions',
    });
  }
}
