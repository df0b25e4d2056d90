import { getStubJsonByChipName } from 'esptool-js';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeEsp8266Image } from '#firmware/make.ts';
import { settle } from '#node/index.ts';
import {
  type BareOptions,
  bareChip,
  type LineOptions,
  VirtualLine,
  virtualClock,
  virtualSerialPorts,
} from '#virtual/index.ts';
import { type ConnectOptions, connect, type FlashStep } from './flasher.ts';

const MiB = 1024 * 1024;

function bench(chip: Partial<BareOptions> = {}, line: Partial<LineOptions> = {}) {
  const clock = virtualClock({ settle });
  const wired = bareChip({ chip: 'esp8266', flashBytes: 4 * MiB, ...chip });
  const cable = new VirtualLine(wired, clock, { path: '/dev/ttyUSB0', ...line });
  const steps: FlashStep[] = [];
  return {
    clock,
    wired,
    line: cable,
    steps,
    connect: (options: Partial<ConnectOptions> = {}) =>
      clock.run(
        connect(
          { ports: virtualSerialPorts([cable]), info: cable.info, clock },
          { os: 'linux', on: (step) => steps.push(step), ...options },
        ),
      ),
  };
}

describe('the vendor’s flasher over a port', () => {
  // It loads a stub when it needs one, which takes time that no virtual clock knows of.
  beforeAll(async () => {
    for (const chip of ['ESP8266', 'ESP32', 'ESP32-S2', 'ESP32-S3', 'ESP32-C3', 'ESP32-C6'])
      await getStubJsonByChipName(chip, 0);
  });

  it('finds out chip, address and real flash size', async () => {
    const { connect } = bench({ mac: '5c:cf:7f:0a:0b:0c' });
    const connected = await connect();
    expect(connected.ok && connected.value.found).toEqual({
      chip: 'esp8266',
      model: 'ESP8266EX',
      mac: '5c:cf:7f:0a:0b:0c',
      flashBytes: 4 * MiB,
    });
  });

  it('writes an image that reads back byte by byte', async () => {
    const { connect, wired, clock, steps } = bench();
    const image = makeEsp8266Image({ bytes: 300_000, core: '3.1.2' });
    const connected = await connect();
    if (!connected.ok) throw new Error(connected.problem.what);
    expect(await clock.run(connected.value.write([{ at: 0, bytes: image }]))).toEqual({ ok: true, value: undefined });
    expect(wired.flash.read(0, image.length)).toEqual(image);
    expect(steps.at(-1)).toEqual({ kind: 'verified', bytes: image.length });
  });
});
