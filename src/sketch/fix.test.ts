import { describe, expect, it } from 'vitest';
import { bad } from './bad.fixture.ts';
import { checked, testGrammar } from './grammar.fixture.ts';
import { applyFixes, type Family } from './index.ts';

const files = (source: (typeof bad)[number]['source']) =>
  typeof source === 'string' ? [{ name: 'node.ino', text: source }] : source;
const key = ({ rule, file, line }: { rule: string; file: string; line: number }) => `${rule} ${file}:${line}`;

describe('a safe fix', () => {
  it.each(bad)('of $rule ($what) mends what it says and breaks nothing else', async ({ source, family }) => {
    const before = await checked(files(source), family as Family | undefined);
    const fixed = applyFixes(files(source), before);
    if (fixed.applied.length === 0) return expect(fixed.diff).toBe('');
    const after = await checked(fixed.files, family as Family | undefined);
    const mended = new Set(fixed.applied.map(({ rule }) => rule));
    const left = before.filter((each) => mended.has(each.rule) && !fixed.applied.includes(each)).length;
    expect(after.filter(({ rule }) => mended.has(rule)).map(key)).toHaveLength(left);
    const known = new Set(before.map(({ rule }) => rule));
    expect(after.filter(({ rule, severity }) => !known.has(rule) && severity === 'error').map(key)).toEqual([]);
    const grammar = await testGrammar();
    const broken = (text: string) => grammar.parse(text.replace(/^#.*$/gm, ''), (root) => root.hasError);
    for (const [index, { text }] of fixed.files.entries()) {
      if (!broken(files(source)[index]!.text))
        expect(broken(text.replace(/ICACHE_RAM_ATTR|IRAM_ATTR/g, '')), text).toBe(false);
    }
    expect(fixed.diff).toMatch(/^--- .*\n\+\+\+ .*\n@@ -\d+,\d+ \+\d+,\d+ @@\n/);
  });

  it('keeps Windows line ends', async () => {
    const text = '#include <ArduinoOTA.h>\r\nvoid setup() {\r\n  ArduinoOTA.begin();\r\n}\r\nvoid loop() {\r\n}\r\n';
    const fixed = applyFixes([{ name: 'a.ino', text }], await checked([{ name: 'a.ino', text }]));
    expect(fixed.files[0]!.text).toContain('void loop() {\r\n  ArduinoOTA.handle();\r\n}');
  });

  it('is not made where only a person can tell', async () => {
    const text = 'void setup() { Serial.begin(9600); Serial.begin(115200); }\nvoid loop() {}\n';
    const findings = await checked([{ name: 'a.ino', text }]);
    expect(applyFixes([{ name: 'a.ino', text }], findings).applied).toEqual([]);
    expect(applyFixes([{ name: 'a.ino', text }], findings, { unsafe: true }).files[0]!.text).not.toContain('115200');
  });
});
