// Virtual boards at the hub: the thread's sketches, and those that wait for the dead cloud.
import { createSocket } from 'node:dgram';
import { decode, encode } from 'dns-packet';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { board, devicesOf, logOf, made, off, pinsOf, until, wait } from './blynk.fixture.ts';
import { ownedHub } from './hub.fixture.ts';

describe("the thread's sketches, with only the server changed", () => {
  it.each([
    ['the first: Blynk.begin() before ArduinoOTA', '127.0.31.21', { call: 'begin', library: '0.4.10' }],
    ['the second, with a newer library', '127.0.31.22', { call: 'begin', library: '0.6.1' }],
    ['the third: Blynk.run() in loop()', '127.0.31.23', { call: 'run', library: '1.3.2' }],
  ] as const)('%s: seen online, and its pins move both ways', async (_, address, blynk) => {
    const hub = await ownedHub('127.0.31.3', off);
    const { id, token } = await made(hub);
    const { port } = hub.hub.listening.find(({ what }) => what.includes('old libraries'))!;
    const found = await board(address, { ...blynk, address: '127.0.31.3', port, token });
    await until(
      () => pinsOf(hub, id),
      (pins) => pins.some((pin: { pin: string }) => pin.pin === 'V5'),
    );
    const [device] = await devicesOf(hub);
    expect(device).toMatchObject({ presence: 'online', ways: ['blynk'], address, board: 'NodeMCU' });
    await hub.admin(`PUT /api/devices/${id}/pins/V1`, { values: ['1'] });
    await until(
      async () => found.serialLog,
      (log) => log.includes('[blynk] V1 = 1'),
    );
    found.powerOff();
    await until(
      () => devicesOf(hub),
      ([one]) => one.presence === 'offline',
    );
    expect((await logOf(hub, id)).map(({ kind }) => kind)).toEqual(['offline', 'online']);
  });
});

describe('rescue', () => {
  it('takes in a board that waits for the dead cloud, and flashes it', async () => {
    const image = makeEsp8266Image({ core: '2.3.0', bytes: 120_000, flashBytes: 4 * 1024 * 1024, build: 'saved' });
    // Nobody is there: begin() waits, and ArduinoOTA is never reached.
    const closed = await ownedHub('127.0.31.4', off);
    const port = closed.hub.listening[0]!.port;
    await closed.close();
    const stuck = await board('127.0.31.41', { address: '127.0.31.4', port, token: 'a'.repeat(32) });
    await wait(1000);
    expect(stuck.serialLog).not.toContain('Ready');

    const hub = await ownedHub('127.0.31.4', { ...off, rescue: true, ports: { old: port, rescue: 0, names: 0 } });
    const device = await until(
      () => devicesOf(hub),
      (all) => all[0]?.presence === 'online',
    ).then(([one]) => one);
    expect(stuck.serialLog).toContain('[blynk] Ready');
    await until(
      () => devicesOf(hub),
      ([one]) => one.flashable,
    );
    const { body: firmware } = await hub.ask('POST /api/firmware?name=saved.bin', {
      token: hub.tokens.flash,
      body: image,
    });
    const ordered = await hub.ask('POST /api/updates', {
      token: hub.tokens.flash,
      body: { firmware: firmware.id, devices: [device.id] },
    });
    expect(ordered.body.refused).toEqual([]);
    const [{ id }] = ordered.body.updates;
    const over = ['confirmed', 'back-unproven', 'failed', 'unknown'];
    const ended = await until(
      async () => (await hub.admin(`GET /api/updates/${id}`)).body,
      ({ state }) => over.includes(state),
      60_000,
    );
    expect(ended).toMatchObject({ state: 'confirmed' });
    expect(stuck.program?.build).toBe('saved');
  }, 90_000);

  it('answers the old names with its own address', async () => {
    const hub = await ownedHub('127.0.31.5', { ...off, rescue: true, outside: '192.168.1.5' });
    const { port } = hub.hub.listening.find(({ what }) => what.startsWith('name server'))!;
    const socket = createSocket('udp4');
    onTestFinished(() => void socket.close());
    const ask = (name: string) =>
      new Promise<string[]>((resolve) => {
        socket.once('message', (bytes) =>
          resolve((decode(bytes).answers ?? []).map((one) => String('data' in one ? one.data : ''))),
        );
        socket.send(encode({ type: 'query', id: 7, questions: [{ type: 'A', name }] }), port, '127.0.31.5');
      });
    expect(await ask('blynk-cloud.com')).toEqual(['192.168.1.5']);
    expect(await ask('fra1.blynk.cloud')).toEqual(['192.168.1.5']);
    socket.send('garbage', port, '127.0.31.5');
    expect(await ask('cloud.blynk.cc')).toEqual(['192.168.1.5']);
  });
});
