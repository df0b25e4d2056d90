import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readLegacyAccount } from './index.ts';

const file = (name: string): string => readFileSync(`test/fixtures/blynk/legacy-data/${name}.Blynk.user`, 'utf8');

describe('an account of the legacy server', () => {
  const account = readLegacyAccount(file('maker@example.com'))!;
  const [house, porch] = account.devices;

  it('gives its devices with tokens and names; one without a name of its own is called as its project', () => {
    expect(account.devices.map(({ name, project, board, token }) => [name, project, board, token.length])).toEqual([
      ['House', 'House', 'NodeMCU', 32],
      ['Porch', 'House', 'ESP32 Dev Board', 32],
    ]);
  });
  it('gives the pins of their widgets, with name, range, unit, fitting control and last value', () => {
    expect(house!.pins).toEqual([
      { pin: 'V1', name: 'Lamp', control: 'switch', min: 0, max: 1, values: ['1'] },
      { pin: 'V2', name: 'Brightness', control: 'slider', min: 0, max: 255, values: ['120'] },
      { pin: 'V9', values: ['hidden'] },
    ]);
    expect(porch!.pins).toEqual([
      { pin: 'V5', name: 'Porch temperature', control: 'value', min: -20, max: 50, unit: '°C', values: ['21.5'] },
      { pin: 'V7', name: 'pan', min: 0, max: 255, values: ['128'] },
      { pin: 'V8', name: 'tilt', min: 0, max: 255, values: ['64'] },
      { pin: 'D13', values: ['1'] },
    ]);
  });
  it('says what has no counterpart', () => {
    expect([...account.left.keys()].map((what) => what.split(' (')[0])).toEqual([
      'charts',
      'eventors',
      'notification settings',
      'contents of terminals, tables and maps',
      'devices without a token',
    ]);
  });
  it('of the first versions has its tokens beside the profile', () => {
    const early = readLegacyAccount(file('early@example.com'))!;
    expect(early.devices).toEqual([
      {
        token: 'fedcba9876543210fedcba9876543210',
        name: 'Greenhouse',
        project: 'Greenhouse',
        board: 'ESP8266',
        pins: [
          { pin: 'A0', name: 'Humidity', control: 'value', min: 0, max: 1023, values: ['512'] },
          { pin: 'V3', values: ['1', '2', '3'] },
        ],
      },
    ]);
  });
  it('that a power cut left incomplete is none, nor is anything else', () => {
    expect(readLegacyAccount(file('cut@example.com'))).toBeUndefined();
    for (const text of ['', '{}', '[]', 'null', '{"profile":7}']) expect(readLegacyAccount(text), text).toBeUndefined();
  });
  it('never breaks the reader, whatever stands in it', () => {
    const words = [
      'profile',
      'dashBoards',
      'devices',
      'widgets',
      'pinsStorage',
      'token',
      'pin',
      'pinType',
      'id',
      'name',
      'pins',
    ];
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 6 },
        fc.constantFrom<unknown>(null, 0, -1, 1e9, 'VIRTUAL', 'BUTTON', '0-v1', 'a'.repeat(32), true),
        fc.array(tie('any'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...words), tie('any'), { maxKeys: 6 }),
      ),
    }));
    fc.assert(
      fc.property(any, (dashBoards) => {
        const read = readLegacyAccount(JSON.stringify({ profile: { dashBoards } }));
        for (const { token } of read?.devices ?? []) expect(token).toMatch(/^[\w-]{1,64}$/);
      }),
      { numRuns: 500 },
    );
  });
});
