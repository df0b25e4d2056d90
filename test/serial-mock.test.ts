// What a pseudo terminal has not: control lines, speeds, a cable that can be pulled. On serialport's own mock, with a virtual
// board behind it.
import { describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { clock, serialPorts } from '#node/index.ts';
import { mockSerial } from '#node/mock-serial.fixture.ts';
import { flashByCable } from '#serial/flash.ts';
import { bareChip, VirtualLine } from '#virtual/index.ts';

const image = makeEsp8266Image({ bytes: 60_000, core: '3.1.2' });
const MiB = 1024 * 1024;

/** serialport's stream, the mock binding, and a board that hears the lines and the speed. */
function board() {
  const chip = bareChip({ chip: 'esp8266', flashBytes: 4 * MiB });
  const line = new VirtualLine(chip, clock, { path: '/dev/mock' });
  const mock = mockSerial('/dev/mock');
  const load: typeof mock.load = async () => {
    const wrapped = await mock.load();
    return {
      ...wrapped,
      create(options) {
        const stream = wrapped.create(options);
        void line
          .open(options.baudRate, {
            data: (bytes) => stream.isOpen && mock.port().emitData(Buffer.from(bytes)),
            closed: (why) => why !== undefined && mock.unplug(why),
          })
          .then((port) => {
            if ('trouble' in port) throw new Error(port.detail);
            mock.heard = {
              lines: (lines) => void port.lines(lines),
              speed: (baud) => void port.speed(baud),
              bytes: (bytes) => void port.write(bytes),
            };
            stream.on('close', () => void port.close());
          });
        return stream;
      },
    };
  };
  return { ...mock, chip, line, cable: { ports: serialPorts('other', load), info: { path: '/dev/mock' }, clock } };
}

describe('the cable, with control lines and speeds', () => {
  it('resets a board into its boot loader, flashes it faster than its ROM speaks, and resets it into its program', async () => {
    const { cable, chip, line, asked } = board();
    const ended = await flashByCable(cable, { file: image }, { os: 'linux' });
    expect(ended.ok ? undefined : ended.problem).toBeUndefined();
    expect(chip.flash.read(0, image.length)).toEqual(image);
    expect(asked.speeds).toEqual([460_800]);
    expect(asked.lines).toEqual(
      [
        [false, false],
        // EN low; GPIO0 low and EN high; both free.
        [false, true],
        [true, false],
        [false, false],
        // The program: EN low, EN high.
        [false, true],
        [false, false],
      ].map(([dtr, rts]) => ({ dtr, rts, brk: false })),
    );
    expect(line.inLoader).toBe(false);
  });

  it('says so at once when it is pulled half-way', async () => {
    const first = board();
    const ended = await flashByCable(
      first.cable,
      { file: image },
      { os: 'linux', on: (step) => step.kind === 'writing' && step.done > 0 && first.line.unplug('it was pulled') },
    );
    expect(ended).toMatchObject({
      ok: false,
      problem: { code: 'serial-unplugged', why: expect.stringContaining('it was pulled') },
    });
  });
});
