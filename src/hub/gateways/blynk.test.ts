import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { command, printFrame } from '#protocols/blynk/index.ts';
import type { Devices } from '../devices.ts';
import type { Pins } from '../pins.ts';
import { openBlynk } from './blynk.ts';
import type { Line } from './types.ts';

/** A device that reads only when it is told to. */
function slowDevice() {
  const read: string[] = [];
  const held: (() => void)[] = [];
  let reads = true;
  const line: Line = new Duplex({
    read() {},
    write(bytes: Buffer, _, done) {
      const take = (): void => {
        read.push(bytes.toString('latin1').slice(5).replaceAll('\0', '·'));
        done();
      };
      if (reads) take();
      else held.push(take);
    },
  });
  return {
    line,
    read,
    stop: () => {
      reads = false;
    },
    go: () => {
      reads = true;
      for (const take of held.splice(0)) take();
    },
  };
}

const token = 'a'.repeat(32);
const login = printFrame(command.hardwareLogin, 1, token);
const info = printFrame(command.internal, 2, 'ver', '0.6.1', 'h-beat', '60', 'buff-in', '1024');

function gateway() {
  const devices = {
    byToken: async (said: string) => (said === token ? { id: 'porch', ways: '["blynk"]' } : undefined),
    sighted: async () => 'porch',
    absorb: async () => undefined,
    presence: () => true,
    log: async () => {},
  } as unknown as Devices;
  return openBlynk({
    devices,
    pins: { set() {}, of: async () => [] } as unknown as Pins,
    updates: { underWay: () => false, heard() {} },
    wall: () => 0,
    flapping: () => false,
    heard() {},
    webPort: () => 8080,
    rescue: false,
    rescued() {},
    notice() {},
    trouble(error) {
      throw error;
    },
  });
}

describe('a device that does not read', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  async function connected() {
    const hub = gateway();
    const device = slowDevice();
    hub.accept(device.line, login);
    await vi.advanceTimersByTimeAsync(10);
    device.line.push(info);
    await vi.advanceTimersByTimeAsync(10);
    device.read.length = 0;
    return { hub, ...device };
  }

  it('gets of each pin the newest value once it reads, and what makes a pin an output before that', async () => {
    const { hub, line, read, stop, go } = await connected();
    stop();
    while (line.writableLength < 8192) hub.write('porch', 'V1', ['x'.repeat(900)]);
    const before = line.writableLength;
    for (let i = 0; i < 1000; i++) {
      expect(hub.write('porch', 'V2', [String(i)])).toBe(true);
      hub.write('porch', 'D4', [String(i % 2)]);
    }
    expect(line.writableLength).toBe(before);
    go();
    await vi.advanceTimersByTimeAsync(1100);
    expect(read.filter((text) => !text.includes('xxx'))).toEqual(['vw·2·999', 'pm·4·out', 'dw·4·1']);
    hub.close();
  });

  it('is let go, and what it left unread with it, when it takes not even the end', async () => {
    const { hub, line, stop } = await connected();
    stop();
    hub.write('porch', 'V1', ['1']);
    line.push(Uint8Array.of(200, 0, 1, 0, 0));
    await vi.advanceTimersByTimeAsync(2100);
    expect(line.destroyed).toBe(true);
    expect(hub.connections).toBe(0);
    hub.close();
  });
});
