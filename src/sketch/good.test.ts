import { globSync, readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checked, fixtures } from './grammar.fixture.ts';
import { newSketch } from './index.ts';

const root = fileURLToPath(new URL('good/', fixtures));
const folders = new Map<string, { name: string; text: string }[]>();
for (const path of globSync(`${root}**/*.{ino,h,cpp}`)) {
  const inFolder = dirname(path) !== dirname(`${root}x`);
  const key = inFolder ? basename(dirname(path)) : basename(path);
  const name = inFolder ? `${key}/${basename(path)}` : basename(path);
  folders.set(key, [...(folders.get(key) ?? []), { name, text: readFileSync(path, 'utf8') }]);
}

const said = (findings: Awaited<ReturnType<typeof checked>>) =>
  findings.map(({ id, severity, file, line }) => `${severity} ${id} ${file}:${line}`);

describe('a good sketch', () => {
  it('comes in at least twenty-five kinds', () => expect(folders.size).toBeGreaterThanOrEqual(25));

  it.each([...folders])('%s raises no alarm', async (_, files) => {
    const findings = await checked(files);
    expect(said(findings.filter(({ severity, id }) => severity !== 'info' || id !== 'L21'))).toEqual([]);
  });

  it.each([...folders])('%s raises none with Windows line ends and a byte order mark', async (_, files) => {
    const windows = files.map(({ name, text }) => ({ name, text: `\uFEFF${text.replace(/\n/g, '\r\n')}` }));
    expect(said(await checked(windows))).toEqual(said(await checked(files)));
  });
});

describe('the sketch we write ourselves', () => {
  const wishes = (['esp8266', 'esp32', 'rp2040'] as const).flatMap((family) =>
    [true, false].flatMap((blynk) =>
      [true, false].flatMap((minimal) => [true, false].map((ota) => ({ family, blynk, minimal, ota }))),
    ),
  );
  it.each(wishes)('passes its own check for $family, Blynk $blynk, minimal $minimal, OTA $ota', async (wish) => {
    expect(said(await checked(newSketch(wish), wish.family))).toEqual([]);
  });

  it('keeps the password out of the sketch itself', () => {
    const [sketch, secrets] = newSketch({ family: 'esp8266', blynk: true });
    expect(sketch!.text).not.toContain('your-');
    expect(secrets!.text).toContain('OTA_PASSWORD');
  });
});
