import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gzipFor, identify } from '#firmware/index.ts';
import { makeEsp32Image, makeEsp8266Image, makeRp2040Image } from '#firmware/make.ts';
import { profileIds } from '#protocols/espota/index.ts';
import { md5Hex, millis, Secret, seconds } from '#values/index.ts';
import { type Bench, boardAndHost, offer, restarted, runs } from './host.fixture.ts';
import type { BoardOptions } from './index.ts';

const imageFor = (id: string, build: string, bytes = 280_000): Uint8Array => {
  const [family, core = ''] = id.split('@');
  if (family === 'esp32') return makeEsp32Image({ bytes, build, seed: 7 });
  if (family === 'rp2040')
    return makeRp2040Image({ bytes, build, seed: 7, fileSystem: { from: 0xff000, to: 0x1ff000 } });
  return makeEsp8266Image({ core, bytes, build, seed: 7, flashBytes: 0x400000 });
};

const found = (core: string, more: Omit<BoardOptions, 'address'> = {}): Promise<Bench> =>
  boardAndHost({ core, build: 'old', ...more });

describe('a board of every generation', () => {
  it.each(profileIds)('%s ends an update with exactly these bytes running', async (core) => {
    const bench = await found(core);
    const image = imageFor(core, 'new');
    const heard = await offer(bench, { image });
    expect(heard.replies).toEqual(['OK']);
    expect(heard.said).toMatch(/^\d+OK$/);
    expect(bench.board.updates).toEqual([{ command: 'sketch', bytes: image.length, md5: md5Hex(image) }]);
    await restarted(bench);
    expect(runs(bench.board)).toBe('new');
    expect(bench.board.digest).toBe(md5Hex(image));
    expect(bench.board.core).toBe(core);
  });

  it.each(profileIds)('%s takes it with a password too, and refuses a wrong one', async (core) => {
    const bench = await found(core, { sketch: { password: new Secret('sesame') } });
    const image = imageFor(core, 'new');
    const wrong = await offer(bench, { image, password: 'simsalabim', patience: 5 });
    expect(wrong.replies.at(-1)).toBe('Authentication Failed');
    const right = await offer(bench, { image, password: 'sesame' });
    expect(right.replies.at(-1)).toBe('OK');
    expect(right.said).toMatch(/OK$/);
  });

  it.each(profileIds)('%s refuses what it was not promised, and keeps its sketch', async (core) => {
    const bench = await found(core);
    const heard = await offer(bench, { image: imageFor(core, 'new'), md5: '0'.repeat(32) });
    expect(heard.said).toMatch(/MD5/);
    await restarted(bench);
    expect(runs(bench.board)).toBe('old');
  });
});

describe('an ESP8266 whose flash cannot hold two copies', () => {
  const tight = { layout: '1M512', runningBytes: 253_168 };
  const image = (core: string, bytes: number) => makeEsp8266Image({ core, bytes, build: 'new' });

  it('says OK and nothing more with 2.3.0', async () => {
    const bench = await found('esp8266@2.3.0', tight);
    const heard = await offer(bench, { image: image('2.3.0', 253_168), patience: 30 });
    expect(heard).toMatchObject({ replies: ['OK'], called: false });
    const again = await offer(bench, { image: image('2.3.0', 253_168), patience: 30 });
    expect(again.replies, 'it is idle again at once').toEqual(['OK']);
  });

  it('says so from 2.4.0 on', async () => {
    const bench = await found('esp8266@2.7.4', tight);
    const heard = await offer(bench, { image: image('2.7.4', 253_168), patience: 30 });
    expect(heard).toMatchObject({ replies: ['ERR: ERROR[4]: Not Enough Space\r\n'], called: false });
  });

  it('takes what is one sector shorter', async () => {
    const bench = await found('esp8266@2.3.0', tight);
    await offer(bench, { image: image('2.3.0', 61 * 4096) });
    await restarted(bench);
    expect(runs(bench.board)).toBe('new');
  });

  it.each([
    ['2.3.0', 'ERROR[1]: Flash Write Failed\r\n'],
    ['2.4.1', 'ERROR[2]: Flash Erase Failed\r\n'],
  ])('%s is fooled by a file beyond the whole area, and fails at the first sector', async (core, said) => {
    const bench = await found(`esp8266@${core}`, tight);
    const heard = await offer(bench, { image: image(core, 520_000) });
    expect(heard.replies).toEqual(['OK']);
    expect(heard.said).toContain(said);
  });
});

describe('the boot loader of an ESP8266', () => {
  const update = async (core: string, faults: BoardOptions['faults']) => {
    const bench = await found(`esp8266@${core}`, {
      faults: faults ?? {},
      runningBytes: 60_000,
      sectorTime: millis(30),
    });
    const image = imageFor(`esp8266@${core}`, 'new', 70_000);
    const programs = [bench.board.flash.read(0, 70_000), image].map(programOf);
    await offer(bench, { image, patience: 8 });
    return { ...bench, programs };
  };

  /** Of the boot loader's sector, only its own bytes matter: what fills it up may be lost. */
  const programOf = (flash: Uint8Array): string => {
    const found = identify(flash);
    return found.kind === 'esp8266-app' ? md5Hex(flash.subarray(0x1000, found.image.bytes)) : found.what;
  };

  it('leaves the old sketch, the new one or a dead board when the power goes at any byte, and never anything else', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('2.3.0', '2.7.4', '3.1.2'), fc.nat(150_000), async (core, powerLossAfter) => {
        const bench = await update(core, { powerLossAfter });
        await restarted(bench);
        if (powerLossAfter < 130_000) expect(runs(bench.board)).toBe('lost-power');
        bench.board.powerCycle();
        await restarted(bench);
        if (powerLossAfter < 70_000) expect(runs(bench.board)).toBe('old');
        else expect(['old', 'new', 'no-boot-loader', 'no-application', 'crashes']).toContain(runs(bench.board));
        if (bench.board.digest) expect(bench.programs).toContain(programOf(bench.board.flash.read(0, 70_000)));
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['2.6.1', 'crashes'],
    ['2.6.2', 'new'],
  ])('%s: a reset in the middle of the copy', async (core, after) => {
    const bench = await update(core, {});
    while (!bench.board.serialLog.endsWith('@cp:')) await bench.clock.runFor(millis(10));
    await bench.clock.runFor(millis(300));
    bench.board.reset();
    await restarted(bench);
    expect(runs(bench.board)).toBe(after);
  });

  it('prints what a real one prints', async () => {
    const bench = await update('2.3.0', {});
    await restarted(bench);
    expect(bench.board.serialLog).toMatch(
      /ets Jan {2}8 2013,rst cause:2, boot mode:\(3,6\)\n\nload 0x4010f000, len 1384, room 16 \ntail 8\nchksum 0x2d\ncsum 0x2d\nv[0-9a-f]{8}\n@cp:0\nld\n$/,
    );
  });

  it('inflates gzip from 2.7.0 on', async () => {
    const bench = await found('esp8266@2.7.4');
    const image = imageFor('esp8266@2.7.4', 'new');
    expect((await offer(bench, { image: gzipFor(image).bytes })).said).toMatch(/OK$/);
    await restarted(bench);
    expect(bench.board.digest).toBe(md5Hex(image));
  });

  it('refuses gzip before, and takes it once a newer core runs', async () => {
    const bench = await found('esp8266@2.6.3');
    const image = imageFor('esp8266@2.7.4', 'new');
    expect((await offer(bench, { image: gzipFor(image).bytes })).said).toContain('ERROR[10]: Magic byte is wrong');
    await offer(bench, { image });
    await restarted(bench);
    expect(bench.board.core).toBe('esp8266@2.7.4');
    const next = imageFor('esp8266@3.1.2', 'third');
    await offer(bench, { image: gzipFor(next).bytes });
    await restarted(bench);
    expect(bench.board.digest).toBe(md5Hex(next));
  });

  it('is overwritten by whatever begins like an image', async () => {
    const bench = await found('esp8266@3.1.2');
    const image = new Uint8Array(50_000).fill(0x5a);
    image[0] = 0xe9;
    image[3] = 0x40;
    expect((await offer(bench, { image })).said).toMatch(/OK$/);
    await restarted(bench);
    expect(runs(bench.board)).toBe('no-application');
    bench.board.powerCycle();
    await restarted(bench);
    expect(runs(bench.board)).toBe('no-boot-loader');
  });
});

describe('a board that was flashed over USB and not power-cycled', () => {
  const image = (core: string) => imageFor(`esp8266@${core}`, 'new');

  it('refuses from 2.4.0 on', async () => {
    const bench = await found('esp8266@3.1.2', { serialFlashed: true });
    const heard = await offer(bench, { image: image('3.1.2'), patience: 5 });
    expect(heard.replies).toEqual(['ERR: ERROR[11]: Invalid bootstrapping state, reset ESP8266 before updating\n']);
    bench.board.powerCycle();
    await restarted(bench);
    expect((await offer(bench, { image: image('3.1.2') })).said).toMatch(/OK$/);
  });

  it.each([
    ['a power cycle brings the old sketch', 'powerCycle', 'old'],
    ['the reset button brings the new one', 'reset', 'new'],
  ] as const)('ends in the ROM with 2.3.0; %s', async (_, cure, build) => {
    const bench = await found('esp8266@2.3.0', { serialFlashed: true });
    expect((await offer(bench, { image: image('2.3.0') })).said).toMatch(/OK$/);
    await restarted(bench);
    expect(runs(bench.board)).toBe('serial-download');
    expect(bench.board.serialLog).toContain('boot mode:(1,6)');
    bench.board[cure]();
    await restarted(bench);
    expect(runs(bench.board)).toBe(build);
  });
});

describe('a sketch whose loop stands still', () => {
  const blocked = { blocks: [{ at: millis(0), lasts: 'for-ever' }] } as const;
  const hear = async (core: string, sketch: BoardOptions['sketch']) => {
    const bench = await found(core, { sketch: { ...blocked, ...sketch } });
    return offer(bench, { image: imageFor(core, 'new'), password: 'sesame', patience: 20 });
  };

  it.each([
    ['esp8266@2.3.0', ['OK']],
    ['esp8266@3.1.2', []],
    ['esp32@3.2.0', []],
    ['rp2040@6.0.0', []],
  ])('%s answers an invitation with %j', async (core, replies) => {
    expect(await hear(core, {})).toMatchObject({ replies, called: false });
  });

  it.each([
    ['esp8266@2.3.0', ['AUTH', 'OK']],
    ['esp8266@3.1.2', ['AUTH']],
    ['esp32@3.2.0', []],
    ['rp2040@6.0.0', ['AUTH']],
  ])('%s with a password gets as far as %j', async (core, replies) => {
    const heard = await hear(core, { password: new Secret('sesame') });
    expect(heard.replies.map((words) => words.slice(0, 4))).toEqual(replies);
  });

  it('updates when it runs again', async () => {
    const bench = await found('esp8266@3.1.2', { sketch: { blocks: [{ at: millis(0), lasts: seconds(20) }] } });
    const heard = await offer(bench, { image: imageFor('esp8266@3.1.2', 'new') });
    expect(heard.said).toMatch(/OK$/);
    expect(bench.clock.now()).toBeGreaterThan(20_000);
  });
});

describe('a host that falls silent in the middle', () => {
  it('leaves an ESP8266 waiting for ever', async () => {
    const bench = await found('esp8266@3.1.2');
    await offer(bench, { image: imageFor('esp8266@3.1.2', 'new'), stallsAfter: 100_000, patience: 600 });
    expect(bench.board.updating).toBe(true);
    expect((await offer(bench, { image: imageFor('esp8266@3.1.2', 'new'), patience: 10 })).replies).toEqual([]);
  });

  it('is given up by an ESP32 after four seconds', async () => {
    const bench = await found('esp32@3.2.0');
    const heard = await offer(bench, { image: imageFor('esp32@3.2.0', 'new'), stallsAfter: 100_000 });
    expect(heard.ended).toBeDefined();
    expect(bench.board.updating).toBe(false);
    expect(bench.clock.now()).toBeLessThan(8000);
  });
});
