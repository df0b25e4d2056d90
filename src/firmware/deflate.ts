/** DEFLATE (RFC 1951) read without keeping what comes out: how much that is, and how far a reader has come by then. */
import { sectorBytes } from '#values/index.ts';

export interface Walk {
  readonly kind: 'whole';
  /** Bytes that come out. */
  readonly output: number;
  /** Offset behind the last byte of the stream. */
  readonly end: number;
  /** For each whole sector that comes out: the offset behind the last byte that had to be read for it. */
  readonly readBySector: readonly number[];
}

interface Codes {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

const longestCode = 15;
const endOfBlock = 256;
/** In this order a block's header gives the lengths of the code for the lengths. */
const lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
/** Extra bits of match lengths from symbol 257 on; the last stands for 258 alone. */
const lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const distanceBits = Array.from({ length: 30 }, (_, i) => Math.max(0, (i >> 1) - 1));
const basesOf = (first: number, bits: readonly number[]): number[] =>
  bits.map((_, i) => bits.slice(0, i).reduce((sum, extra) => sum + (1 << extra), first));
const lengthBases = [...basesOf(3, lengthBits).slice(0, -1), 258];
const distanceBases = basesOf(1, distanceBits);

/** Walks the stream that begins at `from`. More than `most` bytes of output end it. */
export function walkDeflate(
  bytes: Uint8Array,
  from: number,
  most: number,
): Walk | { readonly kind: 'truncated' | 'damaged' | 'too-large' } {
  const bitsThere = bytes.length * 8;
  let at = from * 8;
  let output = 0;
  const readBySector: number[] = [];

  /** Behind the end of the file there are zeros; `at` tells. */
  const bits = (count: number): number => {
    let value = 0;
    for (let i = 0; i < count; i++, at++) value |= ((bytes[at >>> 3]! >>> (at & 7)) & 1) << i;
    return value;
  };
  const put = (length: number): void => {
    output += length;
    while (readBySector.length < Math.floor(output / sectorBytes)) readBySector.push(Math.ceil(at / 8));
  };
  /** -1 where no code begins like that. */
  const symbolOf = ({ counts, symbols }: Codes): number => {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length <= longestCode; length++) {
      code |= (bytes[at >>> 3]! >>> (at & 7)) & 1;
      at++;
      const count = counts[length]!;
      if (code - first < count) return symbols[index + code - first]!;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    return -1;
  };

  /** Like the blocks below: false where it can't be read. */
  const stored = (): boolean => {
    at = Math.ceil(at / 8) * 8;
    const length = bits(16);
    if (bits(16) !== (length ^ 0xffff)) return false;
    const end = at + 8 * length;
    for (let left = length; left > 0 && at < bitsThere; ) {
      const some = Math.min(left, sectorBytes - (output % sectorBytes));
      at += 8 * some;
      put(some);
      left -= some;
    }
    at = end;
    return true;
  };
  const compressed = (literals: Codes, distances: Codes): boolean => {
    while (at <= bitsThere && output <= most) {
      const symbol = symbolOf(literals);
      if (symbol === endOfBlock) return true;
      if (symbol >= 0 && symbol < endOfBlock) {
        put(1);
        continue;
      }
      const length = lengthBases[symbol - 257];
      if (length === undefined) return false;
      const whole = length + bits(lengthBits[symbol - 257]!);
      const code = symbolOf(distances);
      const distance = distanceBases[code];
      if (distance === undefined || distance + bits(distanceBits[code]!) > output) return false;
      put(whole);
    }
    return true;
  };
  const dynamic = (): boolean => {
    const literals = bits(5) + 257;
    const distances = bits(5) + 1;
    const own = new Uint8Array(19);
    const given = bits(4) + 4;
    for (let i = 0; i < given; i++) own[lengthOrder[i]!] = bits(3);
    const codes = codesOf(own);
    const lengths = new Uint8Array(literals + distances);
    for (let i = 0; i < lengths.length; ) {
      const symbol = symbolOf(codes);
      if (symbol < 0) return false;
      if (symbol < 16) {
        lengths[i++] = symbol;
        continue;
      }
      if (symbol === 16 && i === 0) return false;
      const value = symbol === 16 ? lengths[i - 1]! : 0;
      const times = symbol === 16 ? 3 + bits(2) : symbol === 17 ? 3 + bits(3) : 11 + bits(7);
      if (i + times > lengths.length) return false;
      lengths.fill(value, i, i + times);
      i += times;
    }
    return compressed(codesOf(lengths.subarray(0, literals)), codesOf(lengths.subarray(literals)));
  };

  for (let last = false; !last; ) {
    last = bits(1) === 1;
    const type = bits(2);
    const good = type === 0 ? stored() : type === 1 ? compressed(...fixed()) : type === 2 ? dynamic() : false;
    if (at > bitsThere) return { kind: 'truncated' };
    if (!good) return { kind: 'damaged' };
    if (output > most) return { kind: 'too-large' };
  }
  return { kind: 'whole', output, end: Math.ceil(at / 8), readBySector };
}

/** The canonical code of these lengths; 0 is a symbol that is not used. */
function codesOf(lengths: Uint8Array): Codes {
  const counts = new Uint16Array(longestCode + 1);
  for (const length of lengths) if (length > 0) counts[length]!++;
  const next = new Uint16Array(longestCode + 2);
  for (let length = 1; length <= longestCode; length++) next[length + 1] = next[length]! + counts[length]!;
  const symbols = new Uint16Array(lengths.length);
  for (const [symbol, length] of lengths.entries()) if (length > 0) symbols[next[length]!++] = symbol;
  return { counts, symbols };
}

const fixed = (): [Codes, Codes] => [
  codesOf(Uint8Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))),
  codesOf(new Uint8Array(30).fill(5)),
];
