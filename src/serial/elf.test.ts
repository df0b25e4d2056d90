import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ascii, concat, writeU16, writeU32 } from '#values/index.ts';
import { CrashDump } from './crash.ts';
import { addressesIn, demangled, readElf } from './elf.ts';

/** A little ELF32 with these functions, as a linker lays it out: header, names, symbols, section headers. */
function elf(functions: readonly (readonly [name: string, from: number, bytes: number])[]): Uint8Array {
  const names = concat(Uint8Array.of(0), ...functions.map(([name]) => concat(ascii(name), Uint8Array.of(0))));
  const symbols = new Uint8Array(functions.length * 16);
  let at = 1;
  functions.forEach(([name, from, bytes], i) => {
    writeU32(symbols, i * 16, at);
    writeU32(symbols, i * 16 + 4, from);
    writeU32(symbols, i * 16 + 8, bytes);
    symbols[i * 16 + 12] = 0x12;
    at += name.length + 1;
  });
  const header = new Uint8Array(52);
  header.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  const table = 52 + names.length + symbols.length;
  writeU32(header, 32, table);
  writeU16(header, 48, 2);
  const sections = new Uint8Array(80);
  writeU32(sections, 4, 3);
  writeU32(sections, 16, 52);
  writeU32(sections, 20, names.length);
  writeU32(sections, 44, 2);
  writeU32(sections, 56, 52 + names.length);
  writeU32(sections, 60, symbols.length);
  return concat(header, names, symbols, sections);
}

const build = elf([
  ['_ZN8BlynkEsp5beginEPKcS1_', 0x40201000, 0x80],
  ['setup', 0x40201234, 0x20],
  ['_Z7readDhtv', 0x40202000, 0x10],
]);

describe('the functions of a build', () => {
  it('are found by any address in them', () => {
    const symbols = readElf(build)!;
    expect(symbols.at(0x40201234)).toBe('setup');
    expect(symbols.at(0x40201240)).toBe('setup+0xc');
    expect(symbols.at(0x40201004)).toBe('BlynkEsp::begin+0x4');
    expect(symbols.at(0x40202000)).toBe('readDht');
    expect(symbols.at(0x40201254)).toBeUndefined();
    expect(symbols.at(0)).toBeUndefined();
  });

  it('are none in what is no ELF, and no file makes it fail', () => {
    expect(readElf(ascii('no'))).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(build.length), (noise, at) => {
        const broken = build.slice();
        broken.set(noise.subarray(0, broken.length - at), at);
        readElf(broken)?.at(0x40201240);
      }),
    );
  });

  it.each([
    ['_ZN15ArduinoOTAClass6handleEv', 'ArduinoOTAClass::handle'],
    ['_ZN10WiFiClientC2Ev', 'WiFiClient::WiFiClient'],
    ['_ZNK6String7indexOfEc', 'String::indexOf'],
    ['loop', 'loop'],
    ['_Z', '_Z'],
    ['_ZN99x', '_ZN99x'],
  ])('have the names that people gave them: %s', (name, plain) => {
    expect(demangled(name)).toBe(plain);
  });
});

describe('a crash dump', () => {
  const dump = new CrashDump(readElf(build)!);

  it('is named when its stack is over', () => {
    const lines = ['>>>stack>>>', 'ctx: cont', '3ffffd40:  40201240 3ffe8510 00000000 40201010', '<<<stack<<<'];
    expect(lines.map((line) => dump.take(line)).at(-1)).toEqual([
      '0x40201240 setup+0xc',
      '0x40201010 BlynkEsp::begin+0x10',
    ]);
  });

  it('is named at once where one line holds it', () => {
    expect(dump.take('epc1=0x40201238 epc2=0x00000000 epc3=0x00000000 excvaddr=0x00000000 depc=0x00000000')).toEqual([
      '0x40201238 setup+0x4',
    ]);
    expect(dump.take('Backtrace: 0x40201238:0x3ffb1f50 0x40202004:0x3ffb1f70')).toHaveLength(2);
  });

  it('is not seen in other lines', () => {
    expect(dump.take('free heap 40201240')).toEqual([]);
    expect(addressesIn('3ffffd40: 3ffe8510 deadbeef')).toEqual([]);
  });
});
