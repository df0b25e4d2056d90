import { expect, it } from 'vitest';
import { atLeast } from './versions.ts';

it.each([
  ['2.3.0', '2.4.0', false],
  ['2.4.0', '2.4.0', true],
  ['3.1.2', '2.7.0', true],
  ['2.7', '2.7.0', true],
  ['3.0.x', '3.0.0', true],
  ['3.0.x', '3.0.2', undefined],
  ['before 2.7.0', '2.7.0', false],
  ['before 2.7.0', '2.4.0', undefined],
  ['2.5.0 or later', '2.4.0', true],
  ['2.5.0 or later', '2.7.0', undefined],
  ['some old one', '2.4.0', undefined],
])('%s against %s: %s', (core, version, answer) => expect(atLeast(core, version)).toBe(answer));
