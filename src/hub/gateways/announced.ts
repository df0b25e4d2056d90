/** Boards that announce themselves on the network. */
import { type Device, openBrowser, serviceTypes } from '#discovery/index.ts';
import type { Timer, World } from '#machine/index.ts';
import { millis } from '#values/index.ts';
import type { Way } from '../contract/index.ts';
import type { Devices } from '../devices.ts';
import type { Updates } from '../updates/index.ts';

export interface AnnouncedSetting {
  readonly world: World;
  readonly devices: Devices;
  readonly updates: Pick<Updates, 'heard' | 'underWay'>;
  /** Whether the device has a better way to say that it is there. */
  connected(device: string): boolean;
  trouble(error: unknown): void;
}

/** Announcements come in bursts: several services a board, on several links. */
const gatherFor = millis(300);

const ways: Partial<Record<Device['firmware'], Way>> = { ESPHome: 'esphome', WLED: 'wled', Tasmota: 'tasmota' };

/** Watches until it is closed; resolves once it listens. */
export async function openAnnounced({ world, devices, updates, connected, trouble }: AnnouncedSetting) {
  /** What was last written down of each board, by its name and address. */
  const seen = new Map<string, { readonly text: string; readonly device: string }>();
  let timer: Timer | undefined;
  let busy: Promise<void> = Promise.resolve();

  const keyOf = (board: Device): string => `${board.mac ?? ''} ${board.name} ${board.addresses[0] ?? ''}`;
  const look = async (): Promise<void> => {
    const there = browser.devices();
    const keys = new Set(there.map(keyOf));
    for (const board of there) {
      const text = JSON.stringify(board);
      const key = keyOf(board);
      const known = seen.get(key);
      if (known?.text === text) continue;
      const device = await sighted(board);
      seen.set(key, { text, device });
      if (!connected(device) && !updates.underWay(device)) devices.presence(device, 'online');
      updates.heard(device, { build: board.build, version: board.version });
    }
    for (const [key, { device }] of seen) {
      if (keys.has(key)) continue;
      seen.delete(key);
      const elsewhere = [...seen.values()].some((other) => other.device === device);
      if (!elsewhere && !connected(device) && !updates.underWay(device)) devices.presence(device, 'offline');
    }
  };
  const sighted = (board: Device): Promise<string> => {
    const way = ways[board.firmware] ?? (board.flashable ? 'espota' : 'http');
    return devices.sighted({
      way,
      name: board.name,
      address: board.addresses[0],
      port: board.port,
      build: board.build,
      mac: board.mac,
      family: board.family,
      chip: board.chip,
      board: board.board,
      firmware:
        [board.firmware === 'ArduinoOTA' ? undefined : board.firmware, board.version].filter(Boolean).join(' ') ||
        undefined,
    });
  };
  const browser = await openBrowser(
    world,
    { services: serviceTypes },
    {
      tell() {
        timer ??= world.clock.after(gatherFor, 'more announcements', () => {
          timer = undefined;
          busy = busy.then(look).catch(trouble);
        });
      },
    },
  );
  return {
    async close(): Promise<void> {
      timer?.cancel();
      browser.close();
      await busy;
    },
  };
}
