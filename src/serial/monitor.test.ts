import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { millis, seconds } from '#values/index.ts';
import { bench } from './bench.fixture.ts';
import { bootOf, explain } from './boot.ts';
import { LineReader } from './lines.ts';
import { openMonitor } from './monitor.ts';
import { SpeedFinder } from './speed.ts';

const image = makeEsp8266Image({ bytes: 60_000, core: '3.1.2' });
const words = 'Booting the kitchen lamp\r\nReady\r\nIP address: 192.168.1.57\r\n';

async function listening(board: { says?: string; baud?: number } = {}, speed = 115_200, automatic = true) {
  const table = bench({ says: words.repeat(5), ...board });
  table.flash.load(0, image);
  const lines: string[] = [];
  const speeds: number[] = [];
  const signs: string[] = [];
  const { signal } = new AbortController();
  const monitor = await openMonitor(
    table.cable,
    { speed, automatic, signal },
    {
      line: (text) => lines.push(text),
      speed: (baud) => speeds.push(baud),
      lost: () => signs.push('lost'),
      back: () => signs.push('back'),
    },
  );
  if ('trouble' in monitor) throw new Error(monitor.detail);
  return { ...table, monitor, lines, speeds, signs };
}

describe('the monitor', () => {
  it('shows the boot log of the ROM, then the sketch at its own speed', async () => {
    const { monitor, clock, lines, speeds } = await listening({ baud: 115_200 });
    await clock.run(monitor.reset(74_880));
    await clock.runFor(seconds(1));
    expect(lines.find((line) => bootOf(line))).toMatch(/rst cause:2, boot mode:\(3,6\)/);
    expect(lines).toContain('IP address: 192.168.1.57');
    expect(speeds).toEqual([74_880, 115_200]);
  });

  it.each([9600, 57_600, 38_400, 921_600])('finds a sketch that prints at %i', async (baud) => {
    const { line, clock, lines, monitor } = await listening({ baud, says: words.repeat(40) });
    for (let i = 0; i < 3; i++) {
      line.pressReset();
      await clock.runFor(seconds(4));
    }
    expect(lines.filter((text) => text === 'Ready').length).toBeGreaterThan(10);
    expect(monitor.baud).toBe(baud);
  });

  it('stays at a speed that was asked for', async () => {
    const { line, clock, speeds, monitor } = await listening({ baud: 9600 }, 115_200, false);
    line.pressReset();
    await clock.runFor(seconds(3));
    expect([monitor.baud, speeds]).toEqual([115_200, []]);
  });

  it('waits for a port that was pulled, and goes on', async () => {
    const { line, clock, lines, signs } = await listening();
    line.unplug();
    await clock.runFor(seconds(3));
    expect(signs).toEqual(['lost']);
    line.plug();
    await clock.runFor(seconds(1));
    line.pressReset();
    await clock.runFor(seconds(1));
    expect(signs).toEqual(['lost', 'back']);
    expect(lines).toContain('Ready');
  });

  it('gives a prompt that has no end', async () => {
    const { line, clock, lines } = await listening({ says: 'Which network? ' }, 115_200, false);
    line.pressReset();
    await clock.runFor(millis(900));
    expect(lines.at(-1)).toMatch(/Which network\? $/);
  });
});

describe('the speed finder', () => {
  it('is not led astray by names in other languages', () => {
    const finder = new SpeedFinder(115_200);
    const text = new TextEncoder().encode('Küche: 21,5 °C, Fenster geöffnet\r\n'.repeat(20));
    expect(finder.take(text)).toBeUndefined();
    expect(finder.sure).toBe(true);
  });

  it('comes to any speed there is, and goes back to those that were right first', () => {
    const finder = new SpeedFinder();
    const noise = new Uint8Array(24).fill(0xfe);
    const speeds = new Set<number>();
    for (let i = 0; i < 30; i++) speeds.add(finder.take(noise)!);
    expect(speeds.size).toBeGreaterThan(8);
    finder.reset(74_880);
    finder.take(new TextEncoder().encode('ets Jan  8 2013,rst cause:2'));
    finder.reset(9600);
    finder.take(new TextEncoder().encode('hello hello hello hello hello'));
    expect(finder.take(noise)).toBe(74_880);
  });
});

describe('lines', () => {
  it('end where they end, and never grow without bound', () => {
    const reader = new LineReader();
    expect(reader.take(new TextEncoder().encode('one\r\ntw'))).toEqual(['one']);
    expect(reader.rest()).toEqual(['tw']);
    expect(reader.take(new Uint8Array(5000).fill(0x41)).every((line) => line.length <= 1024)).toBe(true);
  });

  it('hold no control characters, whatever comes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const reader = new LineReader();
        for (const line of [...reader.take(bytes), ...reader.rest()]) {
          expect(line).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]/);
          explain(line);
        }
      }),
    );
  });
});

describe('what a board says when it starts or dies', () => {
  it.each([
    [' ets Jan  8 2013,rst cause:2, boot mode:(3,6)', 'started by the reset pin, or a restart by software'],
    ['ets Jan 8 2013,rst cause 4 boot mode(1,7)', undefined],
    ['rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)', 'started by power on, or the reset pin'],
    [
      'rst:0x7 (TG0WDT_SYS_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)',
      'started by a watchdog: something did not come back for too long',
    ],
    ['Exception (28):', 'it read through a null pointer, or one that leads nowhere'],
    ['IP address: 192.168.1.57', undefined],
  ])('%s', (line, meaning) => {
    expect(explain(line)).toBe(meaning);
  });

  it('tells a board that waits for a cable', () => {
    const line = 'ets Jan  8 2013,rst cause:1, boot mode:(1,7)';
    expect(bootOf(line)).toMatchObject({ mode: 'download' });
    expect(explain(line)).toMatch(/GPIO0 was low/);
    expect(bootOf('rst:0x1 (POWERON_RESET),boot:0x3 (DOWNLOAD_BOOT(UART0/UART1/SDIO_REI_REO_V2))')?.mode).toBe(
      'download',
    );
  });
});
