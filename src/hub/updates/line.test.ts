import { describe, expect, it } from 'vitest';
import { settle } from '#node/index.ts';
import { millis, minutes, seconds } from '#values/index.ts';
import { virtualClock } from '#virtual/index.ts';
import { openLine } from './line.ts';

function scene({ parallel = 2 } = {}) {
  const clock = virtualClock({ settle });
  const closing = new AbortController();
  const begun: string[] = [];
  let most = 0;
  let now = 0;
  const line = openLine({
    clock,
    parallel,
    closing: closing.signal,
    async work(id, stop) {
      begun.push(id);
      most = Math.max(most, ++now);
      await clock.sleep(seconds(10), id, stop);
      now--;
    },
  });
  return { clock, closing, line, begun, most: () => most };
}

describe('the line for transfers', () => {
  it('works on so many at a time, first come, first served', async () => {
    const { clock, line, begun, most } = scene();
    for (const id of ['a', 'b', 'c', 'd', 'e']) line.queue(id, `board-${id}`);
    expect(begun).toEqual(['a', 'b']);
    await clock.idle();
    expect(begun).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(most()).toBe(2);
  });

  it('comes back to a board that is away after a while, or soon after it was heard of', async () => {
    const { clock, line, begun } = scene();
    line.later('a', 'board-a', minutes(5));
    line.later('b', 'board-b', minutes(1));
    await clock.runFor(seconds(30));
    expect(begun).toEqual([]);
    line.heard('board-a');
    await clock.runFor(seconds(4));
    expect(begun).toEqual(['a']);
    await clock.runFor(minutes(1));
    expect(begun).toEqual(['a', 'b']);
  });

  it('keeps half of its places from boards that nobody heard of', async () => {
    const { clock, line, begun } = scene({ parallel: 4 });
    for (let i = 0; i < 10; i++) line.later(`away-${i}`, `board-${i}`, seconds(1));
    await clock.runFor(seconds(2));
    expect(begun).toEqual(['away-0', 'away-1']);
    line.queue('here', 'board-here');
    expect(begun.at(-1)).toBe('here');
    await clock.idle();
    expect(begun).toHaveLength(11);
  });

  it('does not call a board each time that it is heard of', async () => {
    const { clock, line, begun } = scene();
    line.later('a', 'board-a', minutes(5));
    for (let i = 0; i < 20; i++) line.heard('board-a');
    await clock.runFor(millis(2900));
    expect(begun).toEqual([]);
    await clock.runFor(seconds(1));
    expect(begun).toEqual(['a']);
  });

  it('lets go of what is cancelled: in line, later, or under way', async () => {
    const { clock, line, begun } = scene({ parallel: 1 });
    line.queue('a', 'board-a');
    line.queue('b', 'board-b');
    line.later('c', 'board-c', seconds(1));
    expect(await line.cancel('b')).toBe('in-line');
    expect(await line.cancel('c')).toBe('in-line');
    expect(await clock.run(line.cancel('a'))).toBe('broken-off');
    expect(await line.cancel('a')).toBeUndefined();
    await clock.idle();
    expect(begun).toEqual(['a']);
  });

  it('begins nothing more when the hub closes', async () => {
    const { clock, closing, line, begun } = scene({ parallel: 1 });
    line.queue('a', 'board-a');
    line.queue('b', 'board-b');
    line.later('c', 'board-c', seconds(1));
    closing.abort();
    await clock.run(line.idle());
    await clock.idle();
    expect(begun).toEqual(['a']);
    expect(clock.pending()).toEqual([]);
  });
});
