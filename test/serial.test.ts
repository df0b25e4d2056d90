// The cable, end to end: the program in a process of its own, at a real pair of pseudo terminals with a virtual board behind.
import { chmodSync, chownSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { serialPorts } from '#node/index.ts';
import { millis } from '#values/index.ts';
import { home, start, whyota } from './cli.fixture.ts';
import { needs } from './needs.ts';
import { boardOnPty, ptyPair } from './serial.fixture.ts';

const MiB = 1024 * 1024;
const missing = needs('socat');
/** The user that owns nothing. */
const nobody = 65_534;

describe.skipIf(missing.length > 0)('the cable', () => {
  const image = makeEsp8266Image({ bytes: 180_000, core: '3.1.2', flashBytes: MiB, build: 'lamp 7' });
  const file = (folder: string): string => {
    const path = join(folder, 'lamp.ino.bin');
    writeFileSync(path, image);
    return path;
  };
  const esp01 = (address: string) => ({
    core: 'esp8266@3.1.2',
    layout: '1M128',
    address,
    mac: '5c:cf:7f:0a:0b:0c',
    sectorTime: millis(0),
    bootTime: millis(100),
    sketch: { hostname: 'lamp', mdns: false },
  });

  it('leads from an empty board to proven updates over the air', async () => {
    const folder = home();
    const { path, board, reset } = await boardOnPty(esp01('127.0.22.1'));
    const words = ['serial', 'flash', file(folder), '--port', path, '--to', '127.0.22.1', '--json'];
    const running = start(words, { env: { WHYOTA_HOME: folder } });
    const told = (what: string) => running.line((text) => text.includes('"by-hand"') && text.includes(what));
    await told('connect GPIO0 to GND');
    reset('held');
    await told('the step that everybody forgets');
    expect(board.flash.read(0, image.length)).toEqual(image);
    reset('held');
    await told('GPIO0 is still at GND');
    reset('free');
    const { exit, result, json } = await running.ended;
    expect({ exit, ...result }).toMatchObject({
      exit: 0,
      ok: true,
      chip: 'esp8266',
      mac: '5c:cf:7f:0a:0b:0c',
      flashBytes: MiB,
      started: true,
      address: '127.0.22.1',
      port: 8266,
    });
    expect(json.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['found', 'planned', 'progress', 'verified', 'started', 'on-network', 'ota-proven']),
    );
    expect(board.updates).toEqual([]);
    const { out } = await whyota(['history', '127.0.22.1', '--json'], { env: { WHYOTA_HOME: folder } });
    expect(out).toMatch(/over the cable/);
  });

  it('refuses a firmware for a larger flash before a byte is written', async () => {
    const folder = home();
    const { path, board, reset } = await boardOnPty(esp01('127.0.22.3'));
    reset('held');
    const large = join(folder, 'large.bin');
    writeFileSync(large, makeEsp8266Image({ bytes: 180_000, core: '3.1.2', flashBytes: 4 * MiB }));
    const { exit, err } = await whyota(['serial', 'flash', large, '--port', path], { env: { WHYOTA_HOME: folder } });
    expect(exit).toBe(3);
    expect(err).toMatch(/built for 4 MB of flash, the board has 1 MB/);
    expect(board.flash.erases.size).toBe(0);
  });

  it('shows what a board prints, and what it means', async () => {
    const { path, reset } = await boardOnPty(esp01('127.0.22.4'));
    const running = start(['serial', 'monitor', '--port', path, '--json', '--time', '3', '--doctor']);
    await running.line((text) => text.includes('"ready"'));
    reset('held');
    const said = JSON.parse(await running.line((text) => text.includes('boot mode')));
    expect(said).toMatchObject({ type: 'line', meaning: expect.stringMatching(/waits for a cable/) });
    expect((await running.ended).exit).toBe(0);
  });

  it('names the program that has the port', async () => {
    const { path } = await ptyPair();
    const held = await serialPorts('linux').open(path, 115_200, { data() {}, closed() {} });
    if ('trouble' in held) throw new Error(held.detail);
    onTestFinished(() => held.close());
    const { exit, err } = await whyota(['serial', 'monitor', '--port', path, '--time', '1']);
    expect(exit).toBe(1);
    expect(err).toMatch(/in use by .*\(process \d+\)/);
  });

  it.skipIf(process.getuid?.() !== 0)('says how to get at a port that is denied', async () => {
    const { path } = await ptyPair();
    const device = realpathSync(path);
    chownSync(device, 0, 20);
    chmodSync(device, 0o660);
    const { exit, err } = await whyota(['serial', 'monitor', '--port', path, '--time', '1'], { user: nobody });
    expect(exit).toBe(1);
    expect(err).toMatch(/you may not use/);
    expect(err).toMatch(/sudo usermod -aG dialout "\$USER"/);
  });
});
