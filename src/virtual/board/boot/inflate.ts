import { Inflate } from 'fflate';

/** Inflates one gzip member block by block, as boot loaders do: `block(n)` reads the n-th block of the compressed file, and
 *  only when everything before it was put out. The member's CRC is not checked. Throws nothing: `damaged` ends it. */
export function* inflate(block: (n: number) => Uint8Array): Generator<Uint8Array | 'header' | 'damaged', void, void> {
  const first = block(0);
  const header = headerBytes(first);
  if (header === undefined) {
    yield 'header';
    return;
  }
  let out: Uint8Array[] = [];
  let ended = false;
  const stream = new Inflate((chunk, final) => {
    out.push(chunk.slice());
    ended ||= final;
  });
  let input = first.subarray(header);
  for (let n = 1; !ended; n++) {
    out = [];
    try {
      stream.push(input, false);
    } catch {
      yield 'damaged';
      return;
    }
    yield* out;
    input = block(n);
    if (input.length === 0) return;
  }
}

/** Length of a gzip header, its optional fields skipped; undefined when it is none. */
function headerBytes(bytes: Uint8Array): number | undefined {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b || bytes[2] !== 8) return undefined;
  const flags = bytes[3]!;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[at]! | (bytes[at + 1]! << 8));
  for (const field of [8, 16]) if (flags & field) at = bytes.indexOf(0, at) + 1 || bytes.length;
  if (flags & 2) at += 2;
  return at < bytes.length ? at : undefined;
}
