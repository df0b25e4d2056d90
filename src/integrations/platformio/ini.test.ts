import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putUploadCommand, takeUploadCommand } from './ini.ts';

const command = '"/n" "/w" espota $UPLOADERFLAGS -f $SOURCE';
const ini =
  '[platformio]\ndefault_envs = ota\n\n[env:usb]\nboard = d1_mini\n\n[env:ota]\nupload_protocol = espota\nupload_port = 10.0.0.7\n';

describe('the upload command of a PlatformIO project', () => {
  it('stands beside upload_protocol = espota, in the environments that have it', () => {
    expect(putUploadCommand(ini, command)).toEqual({
      environments: ['env:ota'],
      text: ini.replace('= espota\n', `= espota\nupload_command = ${command} ; by whyota\n`),
    });
  });

  it('is put in place once, and replaced where WhyOTA has moved', () => {
    const once = putUploadCommand(ini, 'old') as { text: string };
    expect(putUploadCommand(once.text, command)).toEqual(putUploadCommand(ini, command));
  });

  it('is not put over a command of somebody else', () => {
    expect(putUploadCommand(`${ini}upload_command = mine\n`, command)).toEqual({ taken: 'env:ota' });
  });

  it('goes away again without a trace', () => {
    const line = fc.constantFrom(
      '[env:a]',
      '[env]',
      'upload_protocol = espota',
      'upload_protocol=espota ; air',
      'x = 1',
      '',
      '; note',
    );
    const file = fc
      .tuple(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.boolean())
      .map(([lines, end, closed]) => lines.join(end) + (closed ? end : ''));
    fc.assert(
      fc.property(file, (text) => {
        const put = putUploadCommand(text, command);
        expect('text' in put && takeUploadCommand(put.text)).toBe(text);
      }),
    );
  });
});
