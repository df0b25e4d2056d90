import { describe, expect, it } from 'vitest';
import { checked, testGrammar } from './grammar.fixture.ts';
import { applyFixes, asGithub, readSketch, renderFinding, withoutSecrets } from './index.ts';

const sketch = `#include <ESP8266WiFi.h>
#include <ArduinoOTA.h>
void setup() {
  WiFi.begin("home", "Tr4vel-Kettle"); Blynk.begin("4f2ad9a1b0c34e5f8a7b6c5d4e3f2a1b", "home", "Tr4vel-Kettle");
\tArduinoOTA.setPassword("pa ss$9word");
  ArduinoOTA.begin();
}
void loop() { ArduinoOTA.handle(); }
`;

describe('a finding on the terminal', () => {
  it('shows where, the line, an underline, why and how to mend', async () => {
    const finding = (await checked(sketch)).find(({ id }) => id === 'L39')!;
    expect(renderFinding(finding, { width: 80 })).toMatchInlineSnapshot(`
      [
        "info[L39 no-onerror]: no ArduinoOTA.onError(): a failed update leaves no trace",
        "  --> kitchen.ino:6:3",
        "   |",
        " 6 |   ArduinoOTA.begin();",
        "   |   ^^^^^^^^^^^^^^^^^^",
        "   = why: When an update fails, ESP8266 core 2.3.0 and the ESP32 tell the",
        "       uploader nothing; the error callback is the only one to say why.",
        "   = mend: Add ArduinoOTA.onError() and print the number it gets.",
      ]
    `);
  });

  it('never shows a secret', async () => {
    const findings = await checked(sketch);
    const shown = findings
      .flatMap((each) => [...renderFinding(each), asGithub(each), JSON.stringify(each.lines)])
      .join('\n');
    expect(findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['L02', 'L23', 'L24']));
    for (const secret of ['Tr4vel', '4f2ad9a1', 'ss$9']) expect(shown).not.toContain(secret);
  });

  it('shows no secret in the diff of a fix either', async () => {
    const files = [{ name: 'kitchen.ino', text: sketch }];
    const { diff } = applyFixes(files, await checked(files));
    expect(diff).toContain('Tr4vel');
    expect(withoutSecrets(readSketch(await testGrammar(), files), diff)).not.toMatch(/Tr4vel|4f2ad9a1/);
  });

  it('keeps control characters out', async () => {
    const findings = await checked(
      'void setup() { Serial.begin(1); Serial.begin(2); /* \x1b[31m \u202e */ }\nvoid loop() {}',
    );
    expect(findings).toHaveLength(1);
    expect(renderFinding(findings[0]!).join('\n')).not.toMatch(/\x1b|\u202e/);
  });
});

describe('a finding as an annotation for GitHub', () => {
  it('names file, line and rule, and escapes what the format needs', async () => {
    const [finding] = await checked([
      { name: 'a,b:c%.ino', text: 'void setup() { Serial.begin(1); Serial.begin(2); }\nvoid loop() {}' },
    ]);
    expect(asGithub(finding!)).toMatch(
      /^::notice file=a%2Cb%3Ac%25\.ino,line=1,endLine=1,col=\d+,title=L30 serial-two-bauds::Serial is set/,
    );
    expect(asGithub({ ...finding!, message: 'one\ntwo' })).toContain('one%0Atwo');
  });
});
