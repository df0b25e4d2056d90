import { text } from '#values/index.ts';

/** Blynk's marker, which others use too: NUL "build" NUL name NUL, somewhere in the program's constants. */
const marker = [0, 0x62, 0x75, 0x69, 0x6c, 0x64, 0];
const longestName = 64;

/** The build name embedded in an image as `\0build\0name\0`; undefined when there is none. */
export function buildOf(bytes: Uint8Array): string | undefined {
  for (let at = bytes.indexOf(marker[1]!, 1); at !== -1; at = bytes.indexOf(marker[1]!, at + 1)) {
    if (!marker.every((byte, i) => bytes[at - 1 + i] === byte)) continue;
    const from = at - 1 + marker.length;
    const length = bytes.subarray(from, from + longestName + 1).indexOf(0);
    if (length <= 0) continue;
    const name = text(bytes.subarray(from, from + length));
    if (/^[\x20-\x7e]+$/.test(name)) return name;
  }
  return undefined;
}
