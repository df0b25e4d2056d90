import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type UpdateState, type UpdateWay, updateEnds } from '../contract/index.ts';
import { isEnd, mayFollow, resumption } from './index.ts';

const states: readonly UpdateState[] = ['queued', 'waiting', 'sending', 'stored', 'restarting', ...updateEnds];
const ways: readonly UpdateWay[] = ['push', 'pull', 'blynk'];
const anyWay = fc.constantFrom(...ways);
const anyState = fc.constantFrom(...states);

describe('the states of an update', () => {
  it('are each on a way from its order to an end', () => {
    for (const way of ways) {
      const reached = new Set<UpdateState>([way === 'push' ? 'queued' : 'waiting']);
      for (const state of reached) for (const next of states) if (mayFollow(way, state, next)) reached.add(next);
      for (const state of reached)
        expect(isEnd(state) || states.some((next) => mayFollow(way, state, next))).toBe(true);
      for (const end of ['confirmed', 'back-unproven', 'failed', 'unknown', 'cancelled'] as const)
        expect(reached, way).toContain(end);
    }
  });

  it('never go back from an end, but to what the board itself says', () => {
    fc.assert(
      fc.property(anyWay, fc.constantFrom(...updateEnds), anyState, (way, end, next) => {
        if (mayFollow(way, end, next)) {
          expect(['back-unproven', 'unknown']).toContain(end);
          expect(['confirmed', 'rolled-back']).toContain(next);
        }
      }),
    );
  });

  it('do not let a push be sent again, or cancelled, once the board said that it stored it', () => {
    for (const state of ['stored', 'restarting'] as const)
      for (const next of ['queued', 'waiting', 'sending', 'cancelled'] as const)
        expect(mayFollow('push', state, next)).toBe(false);
  });
});

describe('a hub that finds an update under way at its start', () => {
  it('sends again only what the board never had whole', () => {
    fc.assert(
      fc.property(anyWay, anyState, fc.boolean(), (way, state, allSent) => {
        const goes = resumption(way, state, allSent);
        if (goes.go !== 'again') return;
        expect(state).toBe('sending');
        expect(allSent).toBe(false);
        expect(mayFollow(way, state, goes.state)).toBe(true);
      }),
    );
  });

  it('asks the board about what it may have stored', () => {
    expect(resumption('push', 'sending', true).go).toBe('ask');
    expect(resumption('push', 'stored', true).go).toBe('ask');
    expect(resumption('push', 'restarting', true).go).toBe('ask');
    expect(resumption('pull', 'sending', true).go).toBe('ask');
    expect(resumption('push', 'waiting', false).go).toBe('on');
  });
});
