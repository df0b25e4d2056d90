/** Devices at a hub in a test: by hand, byte for byte, or a virtual board on real sockets. */
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import { realWorld } from '#node/index.ts';
import { millis } from '#values/index.ts';
import { type BoardOptions, createBoard, type Sketch } from '#virtual/index.ts';
import type { TestHub } from './hub.fixture.ts';

export const off = { discovery: false, ports: { old: 0, rescue: 0, names: 0 } };
export const wait = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));

/** Asks until the answer is what is waited for. */
export async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean, patience = 15_000): Promise<T> {
  const began = performance.now();
  for (;;) {
    const answer = await ask();
    if (good(answer)) return answer;
    if (performance.now() - began > patience)
      throw new Error(`waited in vain; the last answer: ${JSON.stringify(answer)}`);
    await wait(50);
  }
}
export const devicesOf = async (hub: TestHub) => (await hub.admin('GET /api/devices')).body.items;
export const made = async (hub: TestHub, name = 'kitchen'): Promise<{ id: string; token: string }> => {
  const { body } = await hub.admin('POST /api/devices', { name });
  return { id: body.device.id, token: body.token };
};
export const pinsOf = async (hub: TestHub, id: string) => (await hub.admin(`GET /api/devices/${id}/pins`)).body.items;
export const logOf = async (hub: TestHub, id: string): Promise<{ kind: string; text: string }[]> =>
  (await hub.admin(`GET /api/devices/${id}/log`)).body.items;

/** A raw connection; what it heard so far. */
export function dial(hub: TestHub, port = hub.hub.port) {
  const socket: Socket = connect(port, new URL(hub.url).hostname);
  const heard: Buffer[] = [];
  let closed = false;
  socket.on('data', (bytes) => heard.push(bytes));
  socket.on('error', () => {});
  socket.on('close', () => {
    closed = true;
  });
  onTestFinished(() => void socket.destroy());
  return { socket, bytes: () => Buffer.concat(heard), isClosed: () => closed };
}

/** A virtual board on real sockets. */
export async function board(
  address: string,
  blynk: Partial<Sketch['blynk']> & { port: number; address: string; token: string },
  more: Partial<BoardOptions> = {},
) {
  const result = createBoard(
    {
      address,
      sectorTime: millis(0),
      bootTime: millis(200),
      core: 'esp8266@2.3.0',
      layout: '4M1M',
      ...more,
      sketch: {
        mdns: false,
        blynk: { library: '0.5.3', call: 'begin', writes: millis(500), ...blynk },
        ...more.sketch,
      },
    },
    realWorld(),
  );
  if (!result.ok) throw new Error(result.problem.what);
  const found = result.value;
  onTestFinished(() => found.powerOff());
  const trouble = await found.start();
  if (trouble) throw new Error(trouble.detail);
  return found;
}
