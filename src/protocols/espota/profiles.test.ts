import { describe, expect, it } from 'vitest';
import { profileOf } from './profiles.ts';

describe('the profile of a core', () => {
  it('is that of the nearest older release, and what changed since', () => {
    expect(profileOf('esp8266@2.2.0')).toMatchObject({
      okBeforeBegin: true,
      printBlocks: true,
      parser: { stopsAtEnd: false },
    });
    expect(profileOf('esp8266@2.4.0')).toMatchObject({
      okBeforeBegin: false,
      errReply: true,
      eraseErrorIs: 'flash-write',
    });
    expect(profileOf('esp8266@2.4.2')).toMatchObject({ parser: { stopsAtEnd: true }, eraseErrorIs: 'flash-erase' });
    expect(profileOf('esp8266@2.7.0')).toMatchObject({ gzip: true, okDelay: 1000, closesSockets: true });
    expect(profileOf('esp8266@3.1.0')).toMatchObject({ closesSockets: false });
    expect(profileOf('esp32@3.3.0')).toMatchObject({ nonceLength: 32 });
    expect(profileOf('esp32@3.3.1')).toMatchObject({ nonceLength: 64, connectTimeout: 3000 });
    expect(profileOf('esp32@1.0.6')?.connectTimeout).toBeUndefined();
  });
  it('knows RP2040 boards by both names', () => {
    expect(profileOf('pico@6.0.0')).toEqual(profileOf('rp2040@6.0.0'));
    expect(profileOf('pico@2.4.0')).toMatchObject({ needsFileSystem: false });
  });
  it('is undefined for what names no core', () => {
    for (const id of ['', 'esp8266', 'avr@1.0.0', 'esp8266@', 'esp8266@x', 'esp8266@2@3', 'toString@1.0.0'])
      expect(profileOf(id)).toBeUndefined();
  });
});
