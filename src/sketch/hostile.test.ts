import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFactName, validateFact } from '#values/facts.ts';
import { fixtures, testGrammar } from './grammar.fixture.ts';
import { applyFixes, asGithub, check, facts, readSketch, renderFinding, type SketchFile } from './index.ts';

const grammar = await testGrammar();
const sources = globSync(`${fileURLToPath(fixtures)}**/*.ino`).map((path) => readFileSync(path, 'utf8'));

/** All that the room does with a sketch. */
function everything(files: SketchFile[]): void {
  const sketch = readSketch(grammar, files);
  const findings = check(sketch);
  for (const fact of facts(sketch, findings)) {
    expect(isFactName(fact.fact)).toBe(true);
    expect(validateFact(fact)).toMatchObject({ ok: true });
  }
  for (const finding of findings) {
    renderFinding(finding, { width: 60 });
    asGithub(finding);
    expect(finding.line).toBeGreaterThan(0);
  }
  applyFixes(files, findings, { unsafe: true });
}

describe('reading sketches that are not well', () => {
  it('survives any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => everything([{ name: 'x.ino', text }])),
      { numRuns: 150 },
    );
  });

  it('survives any words of the language in any order', () => {
    const words = [
      '#if',
      '#define X',
      '#endif\n',
      '#include <Blynk.h>\n',
      'while',
      'for(;;)',
      '(',
      ')',
      '{',
      '}',
      ';',
      '"',
      "'",
      'R"(',
      '/*',
      '*/',
      '//',
      '\n',
      '\\\n',
      'ArduinoOTA.begin()',
      'ArduinoOTA.handle()',
      'void setup()',
      'void loop()',
      'if',
      'else',
      'X',
      'return',
      '[](){',
      '->',
      '::',
      'case 1:',
      'switch',
      'IRAM_ATTR',
      'delay(',
      '99999999999999999999',
      'class A',
      'this',
      '=',
      '<',
      '!',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 120 }), (parts) =>
        everything([{ name: 'x.ino', text: parts.join(' ') }]),
      ),
      { numRuns: 300 },
    );
  });

  it('survives real sketches with pieces cut out, doubled and exchanged', () => {
    const cut = fc.record({
      text: fc.constantFrom(...sources),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      take: fc.nat(80),
      put: fc.string({ maxLength: 12 }),
    });
    fc.assert(
      fc.property(cut, ({ text, at, take, put }) => {
        const from = Math.floor(at * text.length);
        everything([{ name: 'x.ino', text: text.slice(0, from) + put + text.slice(from + take) }]);
      }),
      { numRuns: 250 },
    );
  });

  it('reads on after a brace that is missing', () => {
    const text =
      '#include <ArduinoOTA.h>\nvoid setup() {\n  if (x) {\n  ArduinoOTA.begin();\n}\nvoid loop() {\n  while (Blynk.connect() == false) {}\n}\n';
    const findings = check(readSketch(grammar, [{ name: 'x.ino', text }]));
    expect(findings.map(({ id }) => id)).toContain('L05');
  });

  it('ends on deep nesting, on functions that call each other, and on very long tables', () => {
    everything([
      {
        name: 'deep.ino',
        text: `void setup() { ${'if (a) { '.repeat(3000)} x(); ${'}'.repeat(3000)} }\nvoid loop() {}`,
      },
    ]);
    everything([{ name: 'brackets.ino', text: `int x = ${'('.repeat(5000)}1${')'.repeat(5000)};` }]);
    const calls = Array.from(
      { length: 40 },
      (_, i) => `void f${i}() { f${(i + 1) % 40}(); f${(i + 2) % 40}(); f${(i + 3) % 40}(); }`,
    );
    everything([{ name: 'circle.ino', text: `${calls.join('\n')}\nvoid setup() { f0(); }\nvoid loop() { f0(); }` }]);
    everything([
      { name: 'a.ino', text: 'void setup() {}\nvoid loop() {}' },
      { name: 'table.h', text: `const uint8_t image[] = {${'0xff,'.repeat(200_000)}};` },
    ]);
    everything([
      {
        name: 'macros.ino',
        text: `${Array.from({ length: 30 }, (_, i) => `#define A${i} (A${i + 1} + A${i + 1})`).join('\n')}\n#if A0\n#endif\nvoid setup() { delay(A0); }\nvoid loop() {}`,
      },
    ]);
  });

  it('names what it could not read whole', () => {
    const sketch = readSketch(grammar, [{ name: 'big.ino', text: `void setup() {}\n${'int a;\n'.repeat(100_000)}` }]);
    expect(sketch.unread).toEqual(['big.ino']);
  });

  it('reads an empty folder', () => expect(check(readSketch(grammar, []))).toEqual([]));
});
