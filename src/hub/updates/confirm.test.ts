import { describe, expect, it } from 'vitest';
import { verdictOf } from './confirm.ts';

const marks = { build: 'new', md5s: ['aa', 'bb'], version: '2' };

describe("a board's own words", () => {
  it('prove the new sketch by its build, or by its digest', () => {
    expect(verdictOf({ build: 'new' }, marks, {})).toBe('new');
    expect(verdictOf({ md5: 'bb' }, marks, {})).toBe('new');
    expect(verdictOf({ build: 'new', md5: 'zz' }, marks, { md5: 'zz' })).toBe('new');
  });

  it('prove the old one where they are what it said before', () => {
    expect(verdictOf({ build: 'old' }, marks, { build: 'old' })).toBe('old');
    expect(verdictOf({ md5: 'cc' }, marks, { md5: 'cc' })).toBe('old');
  });

  it('prove nothing where they are neither: it may name its build otherwise than the file does', () => {
    expect(verdictOf({ build: '2.7.4' }, marks, { build: 'old' })).toBeUndefined();
    expect(verdictOf({ md5: 'cc' }, marks, {})).toBeUndefined();
    expect(verdictOf({}, marks, {})).toBeUndefined();
    expect(verdictOf({}, { md5s: [] }, {})).toBeUndefined();
  });

  it('prove something by a version only where it changed', () => {
    expect(verdictOf({ version: '2' }, marks, { version: '1' })).toBe('new');
    expect(verdictOf({ version: '2' }, marks, { version: '2' })).toBeUndefined();
    expect(verdictOf({ version: '2' }, marks, {})).toBeUndefined();
  });
});
