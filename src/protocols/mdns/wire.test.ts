import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concat, fromHex, toHex } from '#values/index.ts';
import {
  addressRecord,
  arduinoQuery,
  ask,
  type Entry,
  parseMessage,
  printMessage,
  ptr,
  srv,
  txt,
  txtValues,
} from './index.ts';

const vectors = JSON.parse(readFileSync('test/fixtures/mdns/vectors.json', 'utf8')) as {
  jandrassyQuery: { hex: string };
  quVariantIgnoredByJandrassy: { hex: string };
  txtExamples: { who: string; strings: string[]; rdataHex: string }[];
};

describe('an mDNS message', () => {
  it('asks for Arduino boards in exactly the 37 bytes that the pickiest responder knows', () => {
    expect(toHex(arduinoQuery)).toBe(vectors.jandrassyQuery.hex);
  });

  it('carries the wish to be answered alone in the class of the question', () => {
    const bytes = printMessage({ kind: 'query', questions: [ask('PTR', '_arduino._tcp.local', true)] })!;
    expect(toHex(bytes)).toBe(vectors.quVariantIgnoredByJandrassy.hex);
    expect(parseMessage(bytes)?.questions).toEqual([ask('PTR', '_arduino._tcp.local', true)]);
  });

  it('keeps that wish apart for each of several questions', () => {
    const questions = [ask('A', 'a.local'), ask('SRV', 'b c._arduino._tcp.local', true), ask('TXT', 'd.local')];
    expect(parseMessage(printMessage({ kind: 'query', questions })!)?.questions).toEqual(questions);
  });

  it.each(vectors.txtExamples)('carries the texts of $who', ({ strings, rdataHex }) => {
    const bytes = printMessage({ kind: 'response', answers: [txt('x.local', strings)] })!;
    expect(toHex(bytes).endsWith(rdataHex)).toBe(true);
    expect(parseMessage(bytes)?.answers).toEqual([txt('x.local', strings)]);
  });

  it('says again what it was told, whatever the names', () => {
    const label = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
      .filter((word) => !/[.\n\r\u2028\u2029]/.test(word) && new TextEncoder().encode(word).length < 60);
    fc.assert(
      fc.property(label, label, fc.nat(65535), fc.ipV4(), fc.nat(100000), (name, host, port, address, ttl) => {
        const instance = `${name}._arduino._tcp.local`;
        const answers: Entry[] = [
          ptr('_arduino._tcp.local', instance, ttl),
          srv(instance, `${host}.local`, port, ttl),
          txt(instance, [`board=${name}`], ttl),
          addressRecord(`${host}.local`, address, ttl),
        ];
        expect(parseMessage(printMessage({ kind: 'response', answers })!)?.answers).toEqual(answers);
      }),
    );
  });

  it('reads compressed names, as boards write them', () => {
    // A PTR answer of an ESP32: the instance is "porch" and a pointer to the service type at byte 12.
    const bytes = fromHex(
      '000084000000000100000000085f61726475696e6f045f746370056c6f63616c00000c000100001194000805706f726368c00c',
    )!;
    expect(parseMessage(bytes)?.answers).toEqual([ptr('_arduino._tcp.local', 'porch._arduino._tcp.local')]);
  });

  it('is not printed when a name or a text is too long for DNS', () => {
    const long = 'x'.repeat(64);
    expect(printMessage({ kind: 'query', questions: [ask('A', `${long}.local`)] })).toBeUndefined();
    expect(printMessage({ kind: 'response', answers: [txt('a.local', ['x'.repeat(256)])] })).toBeUndefined();
  });
});

describe('parsing hostile datagrams', () => {
  const honest = printMessage({
    kind: 'response',
    questions: [ask('PTR', '_arduino._tcp.local')],
    answers: [ptr('_arduino._tcp.local', 'a._arduino._tcp.local'), txt('a._arduino._tcp.local', ['board=generic'])],
    additionals: [srv('a._arduino._tcp.local', 'a.local', 8266), addressRecord('a.local', '10.0.0.7')],
  })!;

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => void parseMessage(bytes)));
  });

  it('survives every honest message with one byte changed or its end cut off', () => {
    for (let at = 0; at < honest.length; at++) {
      parseMessage(honest.subarray(0, at));
      for (const byte of [0, 1, 0x3f, 0x80, 0xc0, 0xff]) parseMessage(Uint8Array.from(honest).fill(byte, at, at + 1));
    }
  });

  it('survives records that claim more than there is, and names that point at themselves', () => {
    const header = (counts: string): Uint8Array => fromHex(`00008400${counts}`)!;
    expect(parseMessage(header('ffffffffffffffff'))).toBeUndefined();
    expect(parseMessage(concat(header('0001000000000000'), fromHex('c00c00010001')!))).toBeUndefined();
  });

  it('refuses what is larger than any mDNS message', () => {
    expect(parseMessage(concat(arduinoQuery, new Uint8Array(9000)))).toBeUndefined();
  });
});

describe('TXT records', () => {
  it('are read as a set of keys, without regard to case, the first of each counting', () => {
    expect({ ...txtValues(['Board=d1=mini', 'board=other', 'flag', '=nothing', '__proto__=x']) }).toEqual({
      board: 'd1=mini',
      flag: '',
      ['__proto__']: 'x',
    });
  });
});
