import { describe, expect, it } from 'vitest';
import { preciseClock } from './precise.ts';

describe('the precise clock', () => {
  it('is never early, keeps the order of due times, and forgets what is cancelled', async () => {
    const start = preciseClock.now();
    const said: string[] = [];
    const note = (name: string, due: number) => () => {
      said.push(name);
      expect(preciseClock.now() - start).toBeGreaterThanOrEqual(due);
    };
    preciseClock.after(3, 'c', note('c', 3));
    preciseClock.after(0.5, 'a', note('a', 0.5));
    preciseClock.after(1.5, 'b', note('b', 1.5));
    preciseClock.after(1, 'gone', note('gone', 1)).cancel();
    await preciseClock.sleep(4, 'the end');
    expect(said).toEqual(['a', 'b', 'c']);
  });

  it('lets a sleeper go whose signal is aborted', async () => {
    const abort = new AbortController();
    preciseClock.after(1, 'abort', () => abort.abort());
    await preciseClock.sleep(60_000, 'sleeper', abort.signal);
    await preciseClock.sleep(60_000, 'sleeper', abort.signal);
  });
});
