import { describe, expect, it } from 'vitest';
import { ago, macWords, runs, stateOf } from './words.ts';

const now = Date.UTC(2026, 10, 25, 12);
const minute = 60_000;

describe('words of the console', () => {
  it.each([
    [0, 'just now'],
    [-minute, 'just now'],
    [5 * minute, '5 min ago'],
    [3 * 60 * minute, '3 h ago'],
    [30 * 60 * minute, 'yesterday'],
    [10 * 24 * 60 * minute, '10 days ago'],
  ])('%d ms ago is %s', (past, words) => {
    expect(ago(now - past, now)).toBe(words);
  });

  it('say firmware and build, but not one twice', () => {
    expect(runs({ firmware: 'lamp', build: '1.3' })).toBe('lamp 1.3');
    expect(runs({ firmware: 'WLED 0.15', build: '0.15' })).toBe('WLED 0.15');
    expect(runs({ build: '7' })).toBe('7');
    expect(runs({})).toBeUndefined();
  });

  it('write a MAC one way, however it came', () => {
    expect(macWords('5CCF7F0A1B2C')).toBe('5c:cf:7f:0a:1b:2c');
    expect(macWords('5c:cf:7f:0a:1b:2c')).toBe('5c:cf:7f:0a:1b:2c');
  });

  it('show a state of a newer hub by its name', () => {
    expect(stateOf('teleported')).toEqual({ words: 'teleported', tone: 'quiet' });
  });
});
