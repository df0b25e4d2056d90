/** Names the functions of a crash dump by the .elf of the build: the symbol table, no more (System V ABI, ELF32). */
import { readU16, readU32 } from '#values/index.ts';

export interface Symbols {
  /** `loop()+0x1c`; undefined where no function of this build is. */
  at(address: number): string | undefined;
}

interface Func {
  readonly from: number;
  readonly to: number;
  readonly name: string;
}

const sectionBytes = 40;
const symbolBytes = 16;
const symtab = 2;
const isFunction = 2;
/** More than any sketch has. */
const mostSymbols = 400_000;
const longestName = 400;

/** The functions of a little-endian ELF32 file; undefined when it is none, or holds no symbols. */
export function readElf(bytes: Uint8Array): Symbols | undefined {
  if (readU32(bytes, 0) !== 0x464c457f || bytes[4] !== 1 || bytes[5] !== 1) return undefined;
  const table = readU32(bytes, 32);
  const count = readU16(bytes, 48);
  for (let i = 0; i < count; i++) {
    const section = table + i * sectionBytes;
    if (section + sectionBytes > bytes.length) return undefined;
    if (readU32(bytes, section + 4) !== symtab) continue;
    const strings = table + readU32(bytes, section + 24) * sectionBytes;
    const functions = functionsOf(bytes, {
      from: readU32(bytes, section + 16),
      bytes: readU32(bytes, section + 20),
      names: readU32(bytes, strings + 16),
    });
    return functions.length ? { at: (address) => find(functions, address) } : undefined;
  }
  return undefined;
}

function functionsOf(
  bytes: Uint8Array,
  table: { readonly from: number; readonly bytes: number; readonly names: number },
): readonly Func[] {
  const count = Math.min(Math.floor(table.bytes / symbolBytes), mostSymbols, Math.floor(bytes.length / symbolBytes));
  const found: Func[] = [];
  for (let i = 0; i < count; i++) {
    const symbol = table.from + i * symbolBytes;
    const size = readU32(bytes, symbol + 8);
    if (((bytes[symbol + 12] ?? 0) & 15) !== isFunction || size === 0) continue;
    const from = readU32(bytes, symbol + 4);
    found.push({ from, to: from + size, name: nameAt(bytes, table.names + readU32(bytes, symbol)) });
  }
  return found.sort((a, b) => a.from - b.from);
}

function nameAt(bytes: Uint8Array, at: number): string {
  let name = '';
  for (let i = at; i < at + longestName && bytes[i]; i++) name += String.fromCharCode(bytes[i]!);
  return demangled(name);
}

function find(functions: readonly Func[], address: number): string | undefined {
  let [low, high] = [0, functions.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (functions[middle]!.from <= address) low = middle + 1;
    else high = middle;
  }
  const found = functions[low - 1];
  if (!found || address >= found.to) return undefined;
  return address === found.from ? found.name : `${found.name}+0x${(address - found.from).toString(16)}`;
}

/** `_ZN8BlynkEsp5beginEv` is `BlynkEsp::begin`: the names of the Itanium C++ ABI without what follows them, which is enough to
 *  know the place. What is no such name stays as it is. */
export function demangled(name: string): string {
  const [, nested, rest = ''] = /^_Z(N[VKRO]*)?(.*)$/.exec(name) ?? [];
  const parts: string[] = [];
  for (let left = rest; ; ) {
    const digits = /^(?:L|St)?(\d{1,3})/.exec(left);
    const length = Number(digits?.[1]);
    const part = digits && left.slice(digits[0].length, digits[0].length + length);
    if (!digits || !part || part.length < length) {
      if (/^[CD][0-3]/.test(left) && parts.length) parts.push(`${left[0] === 'D' ? '~' : ''}${parts.at(-1)}`);
      break;
    }
    parts.push(part);
    left = left.slice(digits[0].length + length);
    if (nested === undefined) break;
  }
  return parts.length ? parts.join('::') : name;
}

/** Code of an ESP8266 or ESP32: IRAM, ROM and what is mapped from flash. */
const code = /\b(?:0x)?(4[0-4][0-9a-f]{6})\b/gi;

/** The addresses of code that a line of a crash dump holds. */
export const addressesIn = (line: string): readonly number[] =>
  [...line.matchAll(code)].slice(0, 64).map(([, digits]) => Number.parseInt(digits!, 16));
