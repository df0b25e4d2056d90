/** What of all that happens a person would want to be told, away from the console. */
import type { LogLine, Update } from './contract/index.ts';
import type { Devices } from './devices.ts';
import type { Live } from './live.ts';
import type { News as Message } from './webhook.ts';

export interface News {
  /** A line went into a device's log. */
  logged(device: string, kind: LogLine['kind'], text: string): void;
  /** An update came to an end. */
  ended(update: Update): void;
}

export interface NewsSetting {
  readonly devices: () => Pick<Devices, 'get'>;
  readonly live: Pick<Live, 'flapping'>;
  readonly wall: () => number;
  tell(message: Message): void;
  trouble(error: unknown): void;
}

/** A board that comes and goes all the time is told of once in this time, not each time. */
const flappingAgain = 3_600_000;

export function openNews({ devices, live, wall, tell, trouble }: NewsSetting): News {
  const toldFlapping = new Map<string, number>();

  /** Whether a device that went offline is news, and which. */
  const kindOf = (device: string, kind: LogLine['kind']): Message['kind'] | undefined => {
    if (kind === 'notify' || kind === 'event') return kind;
    if (kind !== 'offline') return undefined;
    if (!live.flapping(device)) return kind;
    const told = toldFlapping.get(device);
    if (told !== undefined && wall() - told < flappingAgain) return undefined;
    toldFlapping.set(device, wall());
    return 'flapping';
  };

  return {
    logged(device, kind, text) {
      const news = kindOf(device, kind);
      if (!news) return;
      void devices()
        .get(device)
        .then((found) => {
          if (!found) return toldFlapping.delete(device);
          const { id, name } = found;
          return tell({
            kind: news,
            device: { id, name },
            text: news === 'flapping' ? 'comes and goes all the time' : text,
          });
        })
        .catch(trouble);
    },
    ended({ id, state, device, deviceName, firmwareName, build, problem }) {
      tell({
        kind: 'update',
        device: { id: device, name: deviceName },
        text: problem ? `${firmwareName}: ${problem.what}` : `${firmwareName}: ${state}`,
        update: {
          id,
          state,
          firmware: firmwareName,
          ...(build === undefined ? {} : { build }),
          ...(problem ? { code: problem.code } : {}),
        },
      });
    },
  };
}
