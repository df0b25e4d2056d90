import { beforeAll, describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { millis, seconds } from '#values/index.ts';
import { bench, loadStubs, MiB } from './bench.fixture.ts';

const image = makeEsp8266Image({ bytes: 300_000, core: '3.1.2' });
const codeOf = (result: { ok: boolean; problem?: { code: string } }): string | undefined => result.problem?.code;

describe('a board on the cable', () => {
  beforeAll(loadStubs);

  it('says chip, address and real flash size', async () => {
    const { found } = await bench({ mac: '5c:cf:7f:0a:0b:0c' }).loader();
    expect(found).toEqual({
      chip: 'esp8266',
      model: 'ESP8266EX',
      mac: '5c:cf:7f:0a:0b:0c',
      flashBytes: 4 * MiB,
    });
  });

  it.each(['esp32', 'esp32-s2', 'esp32-s3', 'esp32-c3', 'esp32-c6'] as const)('may be an %s', async (chip) => {
    const { found } = await bench({ chip, flashBytes: 8 * MiB, mac: '24:6f:28:0a:0b:0c' }).loader();
    expect(found).toMatchObject({ chip, mac: '24:6f:28:0a:0b:0c', flashBytes: 8 * MiB });
  });

  it('may be its own USB device', async () => {
    const line = { reset: 'native', vendor: '303a', product: '1001' } as const;
    expect((await bench({ chip: 'esp32-c3' }, line).loader()).found.chip).toBe('esp32-c3');
  });

  it.each([512 * 1024, MiB, 2 * MiB, 16 * MiB])('may have %i bytes of flash', async (flashBytes) => {
    expect((await bench({ flashBytes }).loader()).found.flashBytes).toBe(flashBytes);
  });

  it('holds what was written, byte by byte', async () => {
    const { loader, flash, clock, steps } = bench();
    const board = await loader();
    expect(await clock.run(board.write([{ at: 0x1000, bytes: image }]))).toEqual({ ok: true, value: undefined });
    expect(flash.read(0x1000, image.length)).toEqual(image);
    expect(flash.read(0, 0x1000)).toEqual(new Uint8Array(0x1000).fill(0xff));
    expect(steps.at(-1)).toEqual({ kind: 'verified', bytes: image.length });
  });

  it('counts what it has confirmed, never down', async () => {
    const { loader, clock, steps } = bench();
    await clock.run((await loader()).write([{ at: 0, bytes: image }]));
    const counts = steps.flatMap((step) => (step.kind === 'writing' ? [step.done] : []));
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    expect([counts[0], counts.at(-1)]).toEqual([0, image.length]);
  });

  it('reads back', async () => {
    const { loader, flash, clock } = bench();
    flash.load(0x8000, image.subarray(0, 10_000));
    const read = await clock.run((await loader()).read(0x8000, 10_000));
    expect(read.ok && read.value).toEqual(image.subarray(0, 10_000));
  });

  it('forgets everything when it is erased', async () => {
    const { loader, flash, clock } = bench({ flashBytes: MiB });
    flash.load(0, image);
    await clock.run((await loader()).eraseAll());
    expect(flash.read(0, image.length).every((byte) => byte === 0xff)).toBe(true);
  });

  it('starts its program afterwards', async () => {
    const { loader, clock, line } = bench();
    const board = await loader();
    expect(line.inLoader).toBe(true);
    await clock.run(board.leave());
    expect(line.inLoader).toBe(false);
  });

  it('is written faster at a higher speed', async () => {
    const timeAt = async (baud: number) => {
      const { loader, clock } = bench();
      const board = await loader({ baud });
      const start = clock.now();
      await clock.run(board.write([{ at: 0, bytes: image }]));
      return clock.now() - start;
    };
    expect(await timeAt(460_800)).toBeLessThan((await timeAt(115_200)) / 3);
  });

  it('is talked to at 115200 where the adapter can do no more', async () => {
    const { loader, clock, flash, steps } = bench({}, { fastest: 250_000 });
    const board = await loader();
    expect(steps).toContainEqual(expect.objectContaining({ kind: 'found', baud: 115_200 }));
    await clock.run(board.write([{ at: 0, bytes: image }]));
    expect(flash.read(0, image.length)).toEqual(image);
  });
});

describe('when the cable does not do', () => {
  beforeAll(loadStubs);

  it('says that nothing answers', async () => {
    expect(codeOf(await bench({}, { reset: 'none' }).connect())).toBe('serial-no-boot-loader');
  });

  it('waits for a hand on GPIO0 and the reset button', async () => {
    const { connect, line, at } = bench({}, { reset: 'none' });
    at(seconds(8), () => {
      line.holdGpio0();
      line.pressReset();
    });
    expect((await connect({ byHand: seconds(60) })).ok).toBe(true);
  });

  it('does not wait for ever', async () => {
    const { connect, clock } = bench({}, { reset: 'none' });
    expect(codeOf(await connect({ byHand: seconds(60) }))).toBe('serial-no-boot-loader');
    expect(clock.now()).toBeLessThan(seconds(120));
  });

  it.each([
    ['busy', 'serial-port-busy'],
    ['denied', 'serial-port-denied'],
    ['missing', 'serial-port-missing'],
    ['not-installed', 'serial-not-installed'],
    ['other', 'serial-port-failed'],
  ] as const)('names a port that is %s', async (trouble, code) => {
    expect(codeOf(await bench({}, { trouble: { trouble, detail: 'what the system says' } }).connect())).toBe(code);
  });

  it('notices a pulled cable at once', async () => {
    const { loader, clock, line, at } = bench({ sectorTime: millis(20) });
    const board = await loader();
    const start = clock.now();
    at(seconds(2), () => line.unplug());
    expect(codeOf(await clock.run(board.write([{ at: 0, bytes: image }])))).toBe('serial-unplugged');
    expect(clock.now() - start).toBeLessThan(seconds(3));
  });

  it('can be stopped', async () => {
    const { loader, clock, at } = bench({ sectorTime: millis(20) });
    const stop = new AbortController();
    const board = await loader({ signal: stop.signal });
    at(seconds(1), () => stop.abort());
    expect(codeOf(await clock.run(board.write([{ at: 0, bytes: image }])))).toBe('interrupted');
  });

  it('finds flash that does not keep what is written', async () => {
    const { loader, clock, flash } = bench();
    const board = await loader();
    const write = flash.write.bind(flash);
    flash.write = (at, bytes) => write(at, at > 0x8000 ? bytes.map((byte) => byte & 0xfe) : bytes);
    const ended = await clock.run(board.write([{ at: 0, bytes: image }]));
    expect(codeOf(ended)).toBe('serial-verify-failed');
  });
});
