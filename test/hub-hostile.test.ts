// Hostile and unlucky devices at the hub.
import { describe, expect, it } from 'vitest';
import { command, printFrame } from '#protocols/blynk/index.ts';
import { devicesOf, dial, logOf, made, off, until } from './blynk.fixture.ts';
import { ownedHub } from './hub.fixture.ts';

describe('hostile and unlucky devices', () => {
  it('do not hold up the others', async () => {
    const hub = await ownedHub('127.0.31.6', off);
    const { token } = await made(hub);
    const good = dial(hub);
    good.socket.write(printFrame(command.hardwareLogin, 1, token));
    await until(
      async () => good.bytes().length,
      (length) => length >= 5,
    );
    const bad = Array.from({ length: 500 }, (_, i) => {
      const { socket } = dial(hub);
      if (i % 3 === 0) socket.write(Uint8Array.of(29, 0));
      if (i % 3 === 1) socket.write(Uint8Array.of(0x99, 1, 2, 3, 4, 5, 6));
      return socket;
    });
    const flood = dial(hub);
    flood.socket.write(printFrame(command.hardwareLogin, 1, (await made(hub, 'flood')).token));
    await until(
      async () => flood.bytes().length,
      (length) => length >= 5,
    );
    for (let i = 0; i < 5000; i++)
      flood.socket.write(printFrame(command.hardware, (i % 60_000) + 1, 'vw', '1', String(i)));
    const before = good.bytes().length;
    good.socket.write(printFrame(command.ping, 9));
    await until(
      async () => good.bytes().length,
      (length) => length >= before + 5,
      5000,
    );
    // Beyond a hundred a second is dropped, and said once; what is wrong from its first byte on is let go.
    const [flooding] = (await devicesOf(hub)).filter(({ name }: { name: string }) => name === 'flood');
    const lines = await until(
      () => logOf(hub, flooding.id),
      (all) => all.some(({ text }) => text.startsWith('sends more than 100')),
    );
    expect(lines.filter(({ kind }) => kind === 'trouble')).toHaveLength(1);
    await until(async () => bad.filter((_, i) => i % 3 === 1).every((socket) => socket.closed), Boolean);
    for (const socket of bad) socket.destroy();
    expect(hub.troubles).toEqual([]);
  });

  it('with one token are told apart from a board that came back', async () => {
    const hub = await ownedHub('127.0.31.7', off);
    const { id, token } = await made(hub);
    const first = dial(hub);
    first.socket.write(printFrame(command.hardwareLogin, 1, token));
    await until(
      async () => first.bytes().length,
      (length) => length >= 5,
    );
    // It answers the hub's ping: it is alive.
    first.socket.on('data', (bytes: Buffer) => {
      if (bytes[0] === command.ping) first.socket.write(Uint8Array.of(0, bytes[1]!, bytes[2]!, 0, 200));
    });
    const second = dial(hub);
    second.socket.write(printFrame(command.hardwareLogin, 1, token));
    await until(
      () => logOf(hub, id),
      (lines) => lines.some(({ text }) => text.includes('two boards')),
    );
    expect([first.isClosed(), second.isClosed()]).toEqual([false, false]);

    const third = dial(hub);
    third.socket.write(printFrame(command.hardwareLogin, 1, token));
    second.socket.removeAllListeners('data');
    await until(async () => second.isClosed(), Boolean, 12_000);
    expect(first.isClosed()).toBe(false);
    expect((await devicesOf(hub))[0].presence).toBe('online');
  }, 30_000);

  it('see and move only their own pins', async () => {
    const hub = await ownedHub('127.0.31.8', off);
    const [one, two] = [await made(hub, 'one'), await made(hub, 'two')];
    await hub.admin(`PUT /api/devices/${two.id}/pins/V1`, { values: ['secret'] });
    expect((await hub.ask(`GET /${one.token}/get/V1`)).body).toBe("Requested pin doesn't exist in the app.");
    expect((await hub.ask(`GET /${two.token}/get/V1`)).body).toEqual(['secret']);
    expect((await hub.ask(`GET /${'x'.repeat(32)}/get/V1`)).status).toBe(400);
    expect((await hub.ask(`GET /external/api/get?token=${two.token}&v1`)).body).toBe('secret');
    expect((await hub.ask(`GET /api/devices`, { headers: { authorization: `Bearer ${one.token}` } })).status).toBe(401);
  });
});
