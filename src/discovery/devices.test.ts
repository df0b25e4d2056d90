import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Service, txtValues } from '#protocols/mdns/index.ts';
import { devicesOf, forTerminal, serviceTypes } from './index.ts';
import { nearest } from './names.ts';

const { txtExamples } = JSON.parse(readFileSync('test/fixtures/mdns/vectors.json', 'utf8')) as {
  txtExamples: { who: string; strings: string[] }[];
};

const service = (rest: Partial<Service> = {}): Service => ({
  type: '_arduino._tcp',
  name: 'kitchen',
  host: 'kitchen.local',
  port: 8266,
  addresses: ['10.0.0.7'],
  txt: {},
  sender: '10.0.0.7',
  links: ['eth0'],
  ...rest,
});
const withTxt = (port: number, ...strings: readonly string[]) =>
  devicesOf([service({ port, txt: txtValues(strings) })])[0];

describe('reading an announcement', () => {
  const expected = [
    [8266, { board: 'd1_mini', passwordNeeded: true, family: 'esp8266' }],
    [8266, { board: 'ESP8266_WEMOS_D1MINI', passwordNeeded: false, family: 'esp8266' }],
    [8266, { board: 'generic', passwordNeeded: false, family: 'esp8266' }],
    [8266, { board: 'PLATFORMIO_D1_MINI', passwordNeeded: false, family: 'esp8266' }],
    [2040, { board: 'rpipicow', passwordNeeded: true, family: 'rp2040', chip: 'RP2040' }],
    [3232, { board: 'esp32', passwordNeeded: false, family: 'esp32', chip: 'ESP32' }],
    [65280, { board: 'arduino', passwordNeeded: true, flashable: false }],
  ] as const;
  it.each(expected.map(([port, device], at) => ({ ...txtExamples[at]!, port, device })))(
    'of $who',
    ({ strings, port, device }) => {
      expect(withTxt(port, ...strings)).toMatchObject(device);
    },
  );

  it('takes off the quotes that some cores leave around the board', () => {
    expect(withTxt(8266, 'board="ESP8266_NODEMCU"')).toMatchObject({ board: 'ESP8266_NODEMCU' });
  });

  it('goes by the board where the sketch chose another port, and by the port where the board says nothing', () => {
    expect(withTxt(8266, 'board=esp32s3')).toMatchObject({ family: 'esp32', chip: 'ESP32-S3' });
    expect(withTxt(3232, 'board=lolin_d32')).toMatchObject({ family: 'esp32' });
    expect(withTxt(9999, 'board=generic')?.family).toBeUndefined();
  });

  it('does not claim to know about a password that nobody mentioned', () => {
    expect(withTxt(8266)).not.toHaveProperty('passwordNeeded');
  });

  it('survives whatever a network may say', () => {
    const word = fc.string({ unit: 'binary', maxLength: 20 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ type: fc.constantFrom(...serviceTypes), name: word, host: word, key: word, value: word })),
        (said) => {
          const services = said.map(({ key, value, ...rest }) =>
            service({
              ...rest,
              txt: txtValues([`${key}=${value}`, `board=${value}`, `version=${value}`, `mac=${value}`]),
            }),
          );
          for (const device of devicesOf(services)) {
            expect(JSON.stringify(device)).not.toMatch(/\\u00[01]|\\[bfnrt]|\u009b/);
          }
        },
      ),
    );
  });
});

describe('which services are one board', () => {
  it('are those of one host at one address', () => {
    const devices = devicesOf([
      service(),
      service({ type: '_http._tcp', port: 80 }),
      service({ type: '_wled._tcp', port: 80 }),
    ]);
    expect(devices).toMatchObject([{ firmware: 'WLED', port: 8266, flashable: true }]);
  });

  it('are not two OTA services at one address', () => {
    expect(devicesOf([service(), service({ name: 'attic', port: 8267 })])).toHaveLength(2);
  });

  it('are those of this computer on its several interfaces', () => {
    const here = [service({ addresses: ['127.0.0.1'], links: ['lo'] }), service({ links: ['eth0'] })];
    expect(devicesOf(here, ['127.0.0.1', '10.0.0.7'])).toMatchObject([
      { addresses: ['10.0.0.7', '127.0.0.1'], links: ['eth0', 'lo'] },
    ]);
    expect(devicesOf(here, ['127.0.0.1'])).toHaveLength(2);
  });

  it('are not those of two simulated boards of one name on this computer', () => {
    const twins = ['127.0.0.5', '127.0.0.6'].map((address) => service({ addresses: [address], links: ['lo'] }));
    expect(devicesOf(twins)).toHaveLength(2);
  });
});

describe('names', () => {
  it('lose what could move the cursor, turn the writing round or fill the screen', () => {
    expect(forTerminal('a\u001b[31mb\u009bc\u202ed\u0000')).toBe('a\ufffd[31mb\ufffdc\ufffdd\ufffd');
    expect(forTerminal('x'.repeat(500))).toHaveLength(80);
    expect(forTerminal('Küche 🍳')).toBe('Küche 🍳');
  });

  it('are guessed from a slip of the finger, and not from something else', () => {
    const known = ['kitchen', 'kitchen-2', 'esp_01', 'attic'];
    expect(nearest('kitchn', known)).toEqual(['kitchen']);
    expect(nearest('ESP-01', known)).toEqual(['esp_01']);
    expect(nearest('garage', known)).toEqual([]);
  });
});
