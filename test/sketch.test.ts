// The sketch command, as a process: what it shows of a sketch may be posted in a forum.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { home, whyota } from './cli.fixture.ts';

it('mends a sketch without showing the passwords that stand beside the change', async () => {
  const path = join(home(), 'porch.ino');
  const sketch = `#include <ESP8266WiFi.h>
#include <ArduinoOTA.h>
void setup() {
  WiFi.begin("MyHome", "wlan-s3cret");
  ArduinoOTA.setPassword("ota-s3cret");
  ArduinoOTA.onProgress([](unsigned int done, unsigned int total) {
    Serial.printf("%u%%", (done / (total / 100)));
  });
  ArduinoOTA.begin();
}
void loop() { ArduinoOTA.handle(); }
`;
  writeFileSync(path, sketch);
  const ran = await whyota(['sketch', path, '--fix', '--yes']);
  expect(ran.out).toMatch(/^\+.*total/m);
  expect(ran.out + ran.err).not.toMatch(/s3cret/);
  expect(readFileSync(path, 'utf8')).toMatch(/ota-s3cret/);
  expect(readFileSync(path, 'utf8')).not.toBe(sketch);
  expect(readFileSync(`${path}.bak`, 'utf8')).toBe(sketch);
});
