/** What boards last said of what they run, and who waits for such words. */
import type { Words } from './types.ts';

export interface Spoken {
  last(device: string): Words | undefined;
  say(device: string, words: Words): void;
  /** Hears of every word of it until the signal. */
  listen(device: string, hear: (words: Words) => void, signal: AbortSignal): void;
}

export function openSpoken(): Spoken {
  const last = new Map<string, Words>();
  const listeners = new Map<string, Set<(words: Words) => void>>();
  return {
    last: (device) => last.get(device),
    say(device, words) {
      const fresh = Object.fromEntries(Object.entries(words).filter(([, word]) => word !== undefined));
      last.set(device, { ...last.get(device), ...fresh });
      for (const hear of listeners.get(device) ?? []) hear(words);
    },
    listen(device, hear, signal) {
      if (signal.aborted) return;
      const all = listeners.get(device) ?? new Set();
      listeners.set(device, all.add(hear));
      signal.addEventListener(
        'abort',
        () => {
          all.delete(hear);
          if (all.size === 0) listeners.delete(device);
        },
        { once: true },
      );
    },
  };
}
