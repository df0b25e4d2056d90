import { describe, expect, it } from 'vitest';
import { settle } from '#node/index.ts';
import { minutes, seconds } from '#values/index.ts';
import { Hang, virtualClock } from './clock.ts';

describe('virtual time', () => {
  it('jumps from event to event, in order, and events of one instant keep theirs', async () => {
    const clock = virtualClock({ settle });
    const said: string[] = [];
    for (const [time, name] of [
      [30, 'c'],
      [10, 'a'],
      [30, 'd'],
      [20, 'b'],
      [0, 'now'],
    ] as const)
      clock.after(time, name, () => said.push(`${name}@${clock.now()}`));
    await clock.idle();
    expect(said).toEqual(['now@0', 'a@10', 'b@20', 'c@30', 'd@30']);
  });

  it('waits for everything that can run before it jumps', async () => {
    const clock = virtualClock({ settle });
    const seen: number[] = [];
    clock.after(10, 'later', () => seen.push(clock.now()));
    await clock.run(
      (async () => {
        for (let i = 0; i < 500; i++) await Promise.resolve();
        seen.push(clock.now());
        await clock.sleep(5, 'sleeper');
        seen.push(clock.now());
        await clock.sleep(15, 'sleeper');
      })(),
    );
    expect(seen).toEqual([0, 5, 10]);
    expect(clock.now()).toBe(20);
  });

  it('gives the result of the work, or its error', async () => {
    const clock = virtualClock({ settle });
    expect(await clock.run(clock.sleep(minutes(10), 'nap').then(() => 'rested'))).toBe('rested');
    await expect(clock.run(clock.sleep(1, 'nap').then(() => Promise.reject(new Error('bad dream'))))).rejects.toThrow(
      'bad dream',
    );
  });

  it('says what waits when work does not end', async () => {
    const clock = virtualClock({ settle });
    const work = clock.sleep(seconds(50), 'verdict');
    clock.after(seconds(20), 'retry', () => {});
    await expect(clock.run(work, seconds(10))).rejects.toThrow('retry, verdict');
    await expect(clock.run(new Promise(() => {}))).rejects.toThrow(Hang);
    expect(clock.pending()).toEqual([]);
  });

  it('forgets a cancelled timer', async () => {
    const clock = virtualClock({ settle });
    clock.after(10, 'gone', () => expect.unreachable()).cancel();
    await clock.idle();
    expect(clock.now()).toBe(0);
  });

  it('wakes a sleeper whose signal is aborted, and does not let one sleep who comes too late', async () => {
    const clock = virtualClock({ settle });
    const abort = new AbortController();
    clock.after(10, 'abort', () => abort.abort());
    await clock.run(clock.sleep(minutes(1), 'sleeper', abort.signal));
    expect(clock.now()).toBe(10);
    await clock.run(clock.sleep(minutes(1), 'sleeper', abort.signal));
    expect(clock.now()).toBe(10);
    expect(clock.pending()).toEqual([]);
  });

  it('runs for so long, and no longer', async () => {
    const clock = virtualClock({ settle });
    const seen: number[] = [];
    for (const time of [5, 10, 11]) clock.after(time, 'tick', () => seen.push(time));
    await clock.runFor(10);
    expect([seen, clock.now(), clock.wall() - clock.now()]).toEqual([[5, 10], 10, Date.UTC(2026, 0, 1)]);
  });
});
