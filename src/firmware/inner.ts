import { inflate } from './gzip.ts';
import type { Identified } from './types.ts';

/** The sketch as it will lie in the flash, where the file wraps it: compressed, or signed. Undefined: the file itself does. */
export function innerSketch(file: Uint8Array, image: Identified): Uint8Array | undefined {
  if (image.kind === 'gzip') {
    const inflated = inflate(file);
    return inflated.kind === 'inflated' ? inflated.bytes : undefined;
  }
  if (image.kind === 'esp8266-app' && image.signature) return file.subarray(0, image.image.bytes);
  return undefined;
}
