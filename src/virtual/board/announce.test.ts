import { describe, expect, it } from 'vitest';
import { type Entry, mdnsGroup, mdnsPort, parseMessage } from '#protocols/mdns/index.ts';
import { millis, Secret, seconds } from '#values/index.ts';
import { boardAndHost } from './host.fixture.ts';
import type { BoardOptions } from './index.ts';

/** What the board says by mDNS within five seconds after a restart. */
async function announcements(options: Omit<BoardOptions, 'address'>): Promise<Entry[]> {
  const { clock, host, board } = await boardAndHost(options);
  const heard: Entry[] = [];
  await host.udp.open(
    { bind: { port: mdnsPort }, multicast: { group: mdnsGroup, interface: '10.0.0.1' } },
    {
      datagram: (bytes) => {
        heard.push(...(parseMessage(bytes)?.answers ?? []));
      },
      trouble() {},
    },
  );
  board.powerCycle();
  await clock.runFor(seconds(8));
  return heard;
}

describe('a board on mDNS', () => {
  it('announces its OTA port, and whether it wants a password', async () => {
    const sketch = { hostname: 'kitchen', password: new Secret('sesame') };
    const heard = await announcements({ core: 'esp8266@3.1.2', sketch });
    expect(heard).toContainEqual(
      expect.objectContaining({ type: 'SRV', name: 'kitchen._arduino._tcp.local', port: 8266 }),
    );
    expect(heard).toContainEqual(expect.objectContaining({ type: 'A', name: 'kitchen.local' }));
    expect(JSON.stringify(heard)).toContain('auth_upload=yes');
  });

  const standing = { blocks: [{ at: millis(0), lasts: 'for-ever' }] } as const;

  it.each([
    ['esp8266@2.3.0', true],
    ['esp8266@3.1.2', false],
    ['esp32@3.2.0', true],
  ])('%s with a loop that stands still from the start is seen: %s', async (core, seen) => {
    expect((await announcements({ core, sketch: standing })).length > 0).toBe(seen);
  });

  it('is silent when the sketch wants no mDNS', async () => {
    expect(await announcements({ sketch: { mdns: false } })).toEqual([]);
  });
});
