/** What is true now and in no table: who is there, and who watches. */
import type { HubEvent, Presence } from './contract/index.ts';

/** Times within the last hour that a device came or went, from which on it is called flapping. */
const flappingFrom = 6;
const hour = 3_600_000;

interface Here {
  presence: Presence;
  lastSeen: number;
  /** When it last came or went, newest last; at most `flappingFrom`. */
  changes: number[];
}

export interface Live {
  presence(device: string): Presence;
  lastSeen(device: string): number | undefined;
  flapping(device: string): boolean;
  /** True when it changed. */
  set(device: string, presence: Presence): boolean;
  /** A word of it was heard. */
  heard(device: string): void;
  forget(device: string): void;
  /** Tells everybody who watches. */
  tell(event: HubEvent): void;
  watch(watcher: (event: HubEvent) => void): () => void;
  readonly watched: boolean;
}

export function openLive(wall: () => number): Live {
  const here = new Map<string, Here>();
  const watchers = new Set<(event: HubEvent) => void>();
  const of = (device: string): Here => {
    let one = here.get(device);
    if (!one) {
      one = { presence: 'unknown', lastSeen: 0, changes: [] };
      here.set(device, one);
    }
    return one;
  };
  return {
    presence: (device) => here.get(device)?.presence ?? 'unknown',
    lastSeen: (device) => here.get(device)?.lastSeen || undefined,
    flapping: (device) => {
      const changes = here.get(device)?.changes ?? [];
      return changes.length >= flappingFrom && changes[0]! > wall() - hour;
    },
    set(device, presence) {
      const one = of(device);
      if (presence === 'online') one.lastSeen = wall();
      if (one.presence === presence) return false;
      const cameOrWent = (state: Presence): boolean => state === 'online' || state === 'offline';
      if (cameOrWent(presence) && cameOrWent(one.presence)) one.changes = [...one.changes, wall()].slice(-flappingFrom);
      one.presence = presence;
      return true;
    },
    heard(device) {
      of(device).lastSeen = wall();
    },
    forget: (device) => void here.delete(device),
    tell(event) {
      for (const watcher of watchers) watcher(event);
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => void watchers.delete(watcher);
    },
    get watched() {
      return watchers.size > 0;
    },
  };
}
