import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type Fact,
  type FactName,
  type FactValue,
  fact,
  factSources,
  formatFacts,
  mergeFacts,
  parseFacts,
  validateFact,
  vocabulary,
} from './facts.ts';

const read = (facts: unknown) => parseFacts(JSON.stringify({ version: 1, facts }));

describe('the vocabulary', () => {
  it('has 202 names, of which 45 are sketch rules and 27 are trials', () => {
    const names = Object.keys(vocabulary);
    expect(names).toHaveLength(202);
    expect(names.filter((name) => name.startsWith('sketch.lint.'))).toHaveLength(45);
    expect(names.filter((name) => name.startsWith('trial.'))).toHaveLength(27);
  });

  it('types a value by its name', () => {
    const ping: FactValue<'net.ping'> = 'silent';
    // @ts-expect-error: not a word of net.ping
    const wrong: FactValue<'net.ping'> = 'loud';
    expect(validateFact(fact('net.ping', ping, 'probe')).ok).toBe(true);
    expect(validateFact(fact('net.ping', wrong as never, 'probe')).ok).toBe(false);
  });

  it('fills in the unit', () => expect(fact('image.size', 253168, 'image')).toMatchObject({ unit: 'bytes' }));
});

describe('validateFact', () => {
  it.each([
    [{ fact: 'net.ping', value: 'unknown', source: 'probe' }, 'net.ping can\'t be "unknown"'],
    [{ fact: 'password', value: 'x', source: 'log' }, '"password" is not the name of a fact'],
    [{ fact: 'toString', value: 'x', source: 'log' }, '"toString" is not the name of a fact'],
    [{ fact: 'image.size', value: -1, source: 'log' }, 'image.size can\'t be "-1"'],
    [{ fact: 'image.size', value: 1.5, source: 'log' }, 'image.size can\'t be "1.5"'],
    [{ fact: 'image.size', value: 9, unit: 'KB', source: 'log' }, 'image.size: "KB" is not its unit'],
    [{ fact: 'tool.version', value: 'a\nb', source: 'log' }, 'tool.version can\'t be "a b"'],
    [{ fact: 'host.os', value: 'linux', source: 'gossip' }, 'host.os: "gossip" is not a source'],
    [null, 'an entry is not an object'],
  ])('refuses %j', (input, why) => expect(validateFact(input)).toMatchObject({ ok: false, problem: { why } }));
});

describe('a facts file', () => {
  it('comes back as it was written', () => {
    const facts: Fact[] = [fact('net.ping', 'silent', 'probe'), fact('fit.spare', -4096, 'build', { inferred: true })];
    expect(parseFacts(formatFacts(facts))).toMatchObject({ ok: true, value: { facts, ignored: [] } });
  });

  it('leaves out what it cannot read, and names it', () => {
    const file = read([
      { fact: 'net.ping', value: 'silent', source: 'probe' },
      { fact: 'moon.phase', value: 'full' },
    ]);
    expect(file).toMatchObject({ ok: true, value: { ignored: ['"moon.phase" is not the name of a fact'] } });
  });

  it.each([
    '',
    '[]',
    'null',
    '{"version":2,"facts":[]}',
    '{"version":1}',
    '{"version":1,"facts":[]}',
    '{"version":1,"facts":[7]}',
  ])('is refused when it is %s', (text) => expect(parseFacts(text).ok).toBe(false));

  it('never throws, whatever it holds', () => {
    const entry = fc.record(
      {
        fact: fc.oneof(fc.constantFrom(...Object.keys(vocabulary)), fc.anything()),
        value: fc.anything(),
        source: fc.oneof(fc.constantFrom(...factSources), fc.anything()),
        inferred: fc.anything(),
        unit: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const anything = fc.oneof(
      fc.string(),
      fc.json(),
      fc.array(entry).map((facts) => JSON.stringify({ version: 1, facts })),
    );
    fc.assert(fc.property(anything, (text) => void parseFacts(text)));
    fc.assert(fc.property(fc.anything(), (input) => void validateFact(input)));
  });
});

describe('merging', () => {
  const merged = (...facts: Fact[]) => mergeFacts(facts).map(({ value }) => value);
  const ping = (value: FactValue<'net.ping'>, source: Fact['source'], inferred = false) =>
    fact('net.ping', value, source, { inferred });

  it('prefers the nearer source', () => {
    expect(merged(ping('silent', 'probe'), ping('answered', 'person'))).toEqual(['silent']);
    expect(merged(ping('answered', 'person'), ping('silent', 'log'), ping('lossy', 'probe'))).toEqual(['lossy']);
  });
  it('prefers what was seen to what was inferred', () =>
    expect(merged(ping('answered', 'log'), ping('silent', 'build', true))).toEqual(['answered']));
  it('prefers the later of two equals', () =>
    expect(merged(ping('answered', 'probe'), ping('silent', 'probe'))).toEqual(['silent']));
  it('keeps several values of a fact that repeats, each once', () => {
    const says = (value: FactValue<'serial.says'>) => fact('serial.says', value, 'serial');
    expect(merged(says('rollback'), says('mdns-failed'), says('rollback'))).toEqual(['rollback', 'mdns-failed']);
  });
  it('keeps every other fact once', () => {
    const name = fc.constantFrom(
      ...(Object.keys(vocabulary) as FactName[]).filter((each) => each.startsWith('trial.')),
    );
    const any = fc.tuple(name, fc.constantFrom('works', 'fails'), fc.constantFrom(...factSources));
    fc.assert(
      fc.property(fc.array(any), (list) => {
        const facts = mergeFacts(list.map(([n, value, source]) => fact(n, value as never, source)));
        expect(new Set(facts.map((each) => each.fact)).size).toBe(facts.length);
      }),
    );
  });
});
