import type { Identified } from './types.ts';

/** What a file is. Never throws, whatever the bytes; `name` only helps where the bytes leave a doubt. */
export function identify(_bytes: Uint8Array, _name?: string): Identified {
  throw new Error('not written yet');
}
